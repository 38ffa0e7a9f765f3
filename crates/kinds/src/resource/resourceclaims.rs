//! `resourceclaims` of resource.k8s.io/v1.

use object::Value;
use registry::{Context, DeleteAnswer, Resource, Strategy, StrategyOptions};

use crate::{
    describe::{Describe, Types},
    rules,
};

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "resource.k8s.io", "v1", "resourceclaims", "ResourceClaim", ResourceClaim)
        .status(ResourceClaimStatus)
        .finish()
}

#[derive(Debug)]
struct ResourceClaim;

impl Strategy for ResourceClaim {
    fn options(&self) -> StrategyOptions {
        StrategyOptions { delete_answer: DeleteAnswer::Object, ..StrategyOptions::USUAL }
    }
}

#[derive(Debug)]
struct ResourceClaimStatus;

impl Strategy for ResourceClaimStatus {
    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        rules::only_status(object, old);
    }
}
