//! `resourcequotas` of the core group.

use object::Value;
use registry::{Context, DeleteAnswer, Resource, Strategy, StrategyOptions};

use crate::{
    describe::{Describe, Types},
    fields::{present_mut, round_resources},
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

    fn default(&self, object: &mut Value) {
        for part in ["spec", "status"] {
            if let Some(part) = present_mut(object, part) {
                round_resources(part, "hard");
                round_resources(part, "used");
            }
        }
    }

    fn prepare_create(&self, _context: &mut Context<'_>, object: &mut Value) {
        object.remove("status");
    }

    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        rules::restore(object, old, &["status"]);
    }

    fn reset_fields(&self) -> &'static [&'static str] {
        &["status"]
    }
}

#[derive(Debug)]
struct ResourceQuotaStatus;

impl Strategy for ResourceQuotaStatus {
    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        rules::restore(object, old, &["spec"]);
    }

    fn reset_fields(&self) -> &'static [&'static str] {
        &["spec"]
    }
}
