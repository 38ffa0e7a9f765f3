//! `runtimeclasses` of node.k8s.io/v1.

use registry::{Resource, Strategy, StrategyOptions};

use crate::describe::{Describe, Types};

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "node.k8s.io", "v1", "runtimeclasses", "RuntimeClass", RuntimeClass)
        .cluster()
        .finish()
}

#[derive(Debug)]
struct RuntimeClass;

impl Strategy for RuntimeClass {
    fn options(&self) -> StrategyOptions {
        StrategyOptions { create_on_update: true, unconditional_update: false, ..StrategyOptions::USUAL }
    }
}
