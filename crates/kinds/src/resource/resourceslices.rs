//! `resourceslices` of resource.k8s.io/v1.

use registry::{DeleteAnswer, FieldLabels, Resource, Strategy, StrategyOptions};

use crate::describe::{Describe, Types};

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "resource.k8s.io", "v1", "resourceslices", "ResourceSlice", ResourceSlice)
        .cluster()
        .selectable_fields(&[("spec.nodeName", ""), ("spec.driver", "")])
        .field_labels(FieldLabels::Typed)
        .finish()
}

#[derive(Debug)]
struct ResourceSlice;

impl Strategy for ResourceSlice {
    fn options(&self) -> StrategyOptions {
        StrategyOptions { generation: true, delete_answer: DeleteAnswer::Object, ..StrategyOptions::USUAL }
    }
}
