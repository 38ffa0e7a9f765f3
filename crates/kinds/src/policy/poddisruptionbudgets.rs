//! `poddisruptionbudgets` of policy/v1.

use object::Value;
use registry::{Context, NameRule, Resource, Strategy, StrategyOptions};
use schema::TypeRef;
use status::{FieldError, FieldErrors};

use crate::tables::{Column, Columns, int_at};
use crate::{
    checks::Field,
    conditions,
    describe::{Describe, Types},
    internal, rules, workloads,
};

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "policy", "v1", "poddisruptionbudgets", "PodDisruptionBudget", PodDisruptionBudget)
        .short_names(&["pdb"])
        .status(PodDisruptionBudgetStatus)
        .columns(COLUMNS)
        .finish()
}

/// How they are shown in tables.
const COLUMNS: Columns = Columns::new(
    &[
        Column::NAME,
        Column::text("Min Available", "How many pods must stay available."),
        Column::text("Max Unavailable", "How many pods may be unavailable."),
        Column::integer("Allowed Disruptions", "How many pods may be evicted now."),
        Column::AGE,
    ],
    |budget, row| {
        row.name(budget);
        for field in ["minAvailable", "maxUnavailable"] {
            row.text(&match budget.at(["spec", field]) {
                Some(Value::Int(number)) => number.to_string(),
                Some(Value::String(percent)) => percent.to_string(),
                _ => "N/A".to_owned(),
            });
        }
        row.integer(int_at(budget, ["status", "disruptionsAllowed"]));
        row.age(budget);
    },
);

#[derive(Debug)]
struct PodDisruptionBudget;

impl Strategy for PodDisruptionBudget {
    fn options(&self) -> StrategyOptions {
        StrategyOptions {
            unconditional_update: false,
            generation: true,
            names: NameRule::PathSegment,
            checks_metadata_twice: false,
            ..StrategyOptions::USUAL
        }
    }

    fn prepare_create(&self, _context: &mut Context<'_>, object: &mut Value) {
        object.remove("status");
    }

    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        rules::restore(object, old, &["status"]);
    }

    fn validate_create(&self, context: &mut Context<'_>, object: &Value, errors: &mut FieldErrors) {
        validate(object, context.request.resource.ty.get(), errors);
    }

    fn validate_update(
        &self,
        context: &mut Context<'_>,
        object: &Value,
        _old: &Value,
        errors: &mut FieldErrors,
    ) {
        validate(object, context.request.resource.ty.get(), errors);
    }

    fn reset_fields(&self) -> &'static [&'static str] {
        &["status"]
    }
}

#[derive(Debug)]
struct PodDisruptionBudgetStatus;

impl Strategy for PodDisruptionBudgetStatus {
    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        rules::restore(object, old, &["spec"]);
    }

    fn validate_update(
        &self,
        _context: &mut Context<'_>,
        object: &Value,
        _old: &Value,
        errors: &mut FieldErrors,
    ) {
        let root = Field::root(object);
        let status = root.child("status");
        conditions::validate(&status.child("conditions"), errors);
        for field in ["disruptionsAllowed", "currentHealthy", "desiredHealthy", "expectedPods"] {
            status.child(field).non_negative(errors);
        }
    }

    fn reset_fields(&self) -> &'static [&'static str] {
        &["spec"]
    }
}

fn validate(budget: &Value, types: TypeRef<'_>, errors: &mut FieldErrors) {
    let root = Field::root(budget);
    let spec = root.child("spec");
    let (least, most) = (spec.child("minAvailable"), spec.child("maxUnavailable"));
    if least.is_present() && most.is_present() {
        let ty = types.schema.named("io.k8s.api.policy.v1.PodDisruptionBudgetSpec");
        let value = internal::bad_value(ty, spec.value);
        let detail = "minAvailable and maxUnavailable cannot be both set";
        errors.push(FieldError::invalid(&spec.path, value, detail));
    }
    for field in [least, most] {
        if field.is_present() {
            workloads::number_or_percent(&field, errors);
            workloads::at_most_all(&field, errors);
        }
    }
    let selector = spec.child("selector");
    if selector.is_present() {
        selector.label_selector(errors, false);
    }
    let policy = spec.child("unhealthyPodEvictionPolicy");
    if policy.is_present() {
        policy.one_of(errors, &["AlwaysAllow", "IfHealthyBudget"]);
    }
}
