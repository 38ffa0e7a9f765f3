//! `resourceclaims` of resource.k8s.io/v1.

use object::Value;
use registry::{Context, DeleteAnswer, Resource, Strategy, StrategyOptions};
use status::{FieldError, FieldErrors};

use super::claim_status;
use super::requests::{default_claim, validate_claim};
use crate::checks::Field;
use crate::describe::{Describe, Types};
use crate::fields::present_mut;
use crate::tables::{Column, Columns, count_at, terminating};
use crate::{internal, rules};

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "resource.k8s.io", "v1", "resourceclaims", "ResourceClaim", ResourceClaim)
        .status(ResourceClaimStatus)
        .columns(COLUMNS)
        .finish()
}

/// How they are shown in tables.
const COLUMNS: Columns = Columns::new(
    &[Column::NAME, Column::text("State", "Whether it is allocated and reserved."), Column::AGE],
    |claim, row| {
        row.name(claim);
        row.text(&state(claim));
        row.age(claim);
    },
);

fn state(claim: &Value) -> String {
    let allocated = claim.at(["status", "allocation"]).is_some_and(|allocation| !allocation.is_null());
    let deleted = terminating(claim);
    let states = [
        (deleted, "deleted"),
        (allocated, "allocated"),
        (allocated && count_at(claim, ["status", "reservedFor"]) > 0, "reserved"),
        (!allocated && !deleted, "pending"),
    ];
    let states: Vec<&str> = states.into_iter().filter(|(is, _)| *is).map(|(_, state)| state).collect();
    states.join(",")
}

#[derive(Debug)]
struct ResourceClaim;

impl Strategy for ResourceClaim {
    fn options(&self) -> StrategyOptions {
        StrategyOptions { delete_answer: DeleteAnswer::Object, ..StrategyOptions::USUAL }
    }

    fn default(&self, object: &mut Value) {
        if let Some(spec) = present_mut(object, "spec") {
            default_claim(spec);
        }
    }

    fn prepare_create(&self, _context: &mut Context<'_>, object: &mut Value) {
        object.remove("status");
    }

    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        rules::restore(object, old, &["status"]);
    }

    fn validate_create(&self, _context: &mut Context<'_>, object: &Value, errors: &mut FieldErrors) {
        let claim = Field::root(object);
        validate_claim(&claim.child("spec"), errors);
    }

    fn validate_update(
        &self,
        context: &mut Context<'_>,
        object: &Value,
        old: &Value,
        errors: &mut FieldErrors,
    ) {
        let (claim, old) = (Field::root(object), Field::root(old));
        let spec = claim.child("spec");
        if !spec.same(&old.child("spec")) {
            let ty = context.request.resource.ty.get().child("spec");
            let value = internal::bad_value(ty, spec.value);
            errors.push(FieldError::invalid(&spec.path, value, "field is immutable"));
        }
    }

    fn reset_fields(&self) -> &'static [&'static str] {
        &["status"]
    }
}

#[derive(Debug)]
struct ResourceClaimStatus;

impl Strategy for ResourceClaimStatus {
    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        rules::only_status(object, old);
    }

    fn validate_update(
        &self,
        context: &mut Context<'_>,
        object: &Value,
        old: &Value,
        errors: &mut FieldErrors,
    ) {
        claim_status::validate(&Field::root(object), old, context.request.resource.ty.get(), errors);
    }

    fn reset_fields(&self) -> &'static [&'static str] {
        &["metadata", "spec"]
    }
}
