//! `replicasets` of apps/v1.

use object::Value;
use registry::{Context, Resource, Strategy, StrategyOptions};
use status::FieldErrors;

use super::validate;
use crate::tables::{Column, Columns, containers, int_at, selector};
use crate::{
    checks::Field,
    describe::{Describe, Types},
    fields::default_to,
    pod, rules, workloads,
};

const TEMPLATE: [&str; 2] = ["spec", "template"];

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "apps", "v1", "replicasets", "ReplicaSet", ReplicaSet)
        .short_names(&["rs"])
        .categories(&["all"])
        .scale("spec.replicas", "status.replicas", "spec.selector")
        .status(ReplicaSetStatus)
        .columns(COLUMNS)
        .finish()
}

/// How they are shown in tables.
const COLUMNS: Columns = Columns::new(
    &[
        Column::NAME,
        Column::integer("Desired", "How many pods are wanted."),
        Column::integer("Current", "How many there are."),
        Column::integer("Ready", "How many of them are ready."),
        Column::AGE,
        Column::CONTAINERS,
        Column::IMAGES,
        Column::SELECTOR,
    ],
    |set, row| {
        row.name(set);
        row.integer(int_at(set, ["spec", "replicas"]));
        row.integer(int_at(set, ["status", "replicas"]));
        row.integer(int_at(set, ["status", "readyReplicas"]));
        row.age(set);
        containers(set.at(["spec", "template"]), row);
        row.text(&selector(set.at(["spec", "selector"])));
    },
);

#[derive(Debug)]
struct ReplicaSet;

impl Strategy for ReplicaSet {
    fn options(&self) -> StrategyOptions {
        StrategyOptions { generation: true, checks_metadata_again: true, ..StrategyOptions::USUAL }
    }

    fn default(&self, object: &mut Value) {
        let spec = object.make_object().get_or_insert_with("spec", Value::object);
        default_to(spec, "replicas", 1);
        pod::default_template(spec.make_object().get_or_insert_with("template", Value::object));
    }

    fn prepare_create(&self, _context: &mut Context<'_>, object: &mut Value) {
        object.remove("status");
        pod::drop_disabled_in_template(object, None, &TEMPLATE);
    }

    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        rules::restore(object, old, &["status"]);
        pod::drop_disabled_in_template(object, Some(old), &TEMPLATE);
    }

    fn validate_create(&self, context: &mut Context<'_>, object: &Value, errors: &mut FieldErrors) {
        let root = Field::root(object);
        validate::replica_set(&root.child("spec"), context.request.resource.ty.get(), errors);
    }

    fn validate_update(
        &self,
        context: &mut Context<'_>,
        object: &Value,
        old: &Value,
        errors: &mut FieldErrors,
    ) {
        let root = Field::root(object);
        validate::replica_set(&root.child("spec"), context.request.resource.ty.get(), errors);
        workloads::selector_stays(object, old, context.request.resource.ty.get(), errors);
    }

    fn warn(&self, context: &mut Context<'_>, object: &Value, old: Option<&Value>) {
        workloads::warn_of_name(object, old, context.warnings);
        workloads::warn_of_template(object, old, context.warnings);
    }

    fn reset_fields(&self) -> &'static [&'static str] {
        &["status"]
    }
}

#[derive(Debug)]
struct ReplicaSetStatus;

impl Strategy for ReplicaSetStatus {
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
        let all = [
            "replicas",
            "fullyLabeledReplicas",
            "readyReplicas",
            "availableReplicas",
            "terminatingReplicas",
            "observedGeneration",
        ];
        let parts = ["fullyLabeledReplicas", "readyReplicas", "availableReplicas"];
        workloads::counters(&status, &all, &parts, "replicas", errors);
        let available = status.child("availableReplicas");
        if available.int() > status.child("readyReplicas").int() {
            available.invalid(errors, "cannot be greater than readyReplicas");
        }
    }

    fn reset_fields(&self) -> &'static [&'static str] {
        &["spec"]
    }
}
