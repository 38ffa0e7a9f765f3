//! `resourcequotas` of the core group.

use object::Value;
use registry::{Context, DeleteAnswer, Resource, Strategy, StrategyOptions};
use status::FieldErrors;

use super::quota_rules;
use crate::tables::{Column, Columns};
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
        .columns(COLUMNS)
        .finish()
}

/// How they are shown in tables.
const COLUMNS: Columns = Columns::new(
    &[
        Column::NAME,
        Column::text("Request", "What is used of what may be requested, and of what is counted."),
        Column::text("Limit", "What is used of what limits may add up to."),
        Column::AGE,
    ],
    |quota, row| {
        let (mut requests, mut limits) = (Vec::new(), Vec::new());
        let hard = quota.at(["status", "hard"]).and_then(Value::as_object);
        for (resource, hard) in hard.into_iter().flat_map(|hard| hard.iter()) {
            let used = match quota.str_at(["status", "used", resource]) {
                "" => "0",
                used => used,
            };
            let list = if resource.starts_with("limits.") { &mut limits } else { &mut requests };
            list.push(format!("{resource}: {used}/{}", hard.as_str().unwrap_or("")));
        }
        row.name(quota);
        row.text(&requests.join(", "));
        row.text(&limits.join(", "));
        row.age(quota);
    },
);

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

    fn validate_create(&self, context: &mut Context<'_>, object: &Value, errors: &mut FieldErrors) {
        quota_rules::spec(object, context.request.resource.ty.get(), errors);
    }

    fn validate_update(
        &self,
        context: &mut Context<'_>,
        object: &Value,
        old: &Value,
        errors: &mut FieldErrors,
    ) {
        quota_rules::spec(object, context.request.resource.ty.get(), errors);
        quota_rules::update(object, old, errors);
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

    fn validate_update(
        &self,
        _context: &mut Context<'_>,
        object: &Value,
        _old: &Value,
        errors: &mut FieldErrors,
    ) {
        quota_rules::status(object, errors);
    }
}
