//! `csinodes` of storage.k8s.io/v1.

use registry::{DeleteAnswer, Resource, Strategy, StrategyOptions};

use crate::describe::{Describe, Types};

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "storage.k8s.io", "v1", "csinodes", "CSINode", CSINode).cluster().finish()
}

#[derive(Debug)]
struct CSINode;

impl Strategy for CSINode {
    fn options(&self) -> StrategyOptions {
        StrategyOptions {
            unconditional_update: false,
            delete_answer: DeleteAnswer::Object,
            ..StrategyOptions::USUAL
        }
    }
}
