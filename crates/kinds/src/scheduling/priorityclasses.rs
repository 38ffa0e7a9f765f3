//! `priorityclasses` of scheduling.k8s.io/v1.

use registry::{DeleteAnswer, Resource, Strategy, StrategyOptions};

use crate::describe::{Describe, Types};

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "scheduling.k8s.io", "v1", "priorityclasses", "PriorityClass", PriorityClass)
        .cluster()
        .short_names(&["pc"])
        .finish()
}

#[derive(Debug)]
struct PriorityClass;

impl Strategy for PriorityClass {
    fn options(&self) -> StrategyOptions {
        StrategyOptions { generation: true, delete_answer: DeleteAnswer::Object, ..StrategyOptions::USUAL }
    }
}
