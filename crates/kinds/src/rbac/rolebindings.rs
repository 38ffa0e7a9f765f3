//! `rolebindings` of rbac.authorization.k8s.io/v1.

use registry::{NameRule, Resource, Strategy, StrategyOptions};

use crate::describe::{Describe, Types};

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "rbac.authorization.k8s.io", "v1", "rolebindings", "RoleBinding", RoleBinding)
        .finish()
}

#[derive(Debug)]
struct RoleBinding;

impl Strategy for RoleBinding {
    fn options(&self) -> StrategyOptions {
        StrategyOptions { create_on_update: true, names: NameRule::PathSegment, ..StrategyOptions::USUAL }
    }
}
