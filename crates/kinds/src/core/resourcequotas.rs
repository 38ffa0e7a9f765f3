//! `resourcequotas` of the core group.

use object::Value;
use registry::{Context, DeleteAnswer, Resource, Strategy, StrategyOptions};

use crate::{
    describe::{Describe, Types},
    rules,
};

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "", "v1", "resourcequotas", "ResourceQuota", ResourceQuota)
        .short_names(&["quota"])
        .status(ResourceQuotaStatus)
        .finish()
}

#[derive(Debug)]
struct ResourceQuota;

impl Strategy for ResourceQuota {
    fn options(&self) -> StrategyOptions {
        StrategyOptions { delete_answer: DeleteAnswer::Object, ..StrategyOptions::USUAL }
    }
}

#[derive(Debug)]
struct ResourceQuotaStatus;

impl Strategy for ResourceQuotaStatus {
    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        rules::only_status(object, old);
    }
}
