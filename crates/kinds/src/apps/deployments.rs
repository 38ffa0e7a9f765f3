//! `deployments` of apps/v1.

use object::Value;
use registry::{Context, Resource, Strategy, StrategyOptions};
use status::FieldErrors;

use super::validate;
use crate::tables::{Column, Columns, containers, int_at, selector};
use crate::{
    checks::Field,
    describe::{Describe, Types},
    fields::{default_absent, default_to, text},
    pod, rules, workloads,
};

const TEMPLATE: [&str; 2] = ["spec", "template"];

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "apps", "v1", "deployments", "Deployment", Deployment)
        .short_names(&["deploy"])
        .categories(&["all"])
        .scale("spec.replicas", "status.replicas", "spec.selector")
        .status(DeploymentStatus)
        .columns(COLUMNS)
        .finish()
}

/// How they are shown in tables.
const COLUMNS: Columns = Columns::new(
    &[
        Column::NAME,
        Column::text("Ready", "How many pods are ready, of how many are wanted."),
        Column::text("Up-to-date", "How many pods are of the newest template."),
        Column::text("Available", "How many pods have been ready for long enough."),
        Column::AGE,
        Column::CONTAINERS,
        Column::IMAGES,
        Column::SELECTOR,
    ],
    |deployment, row| {
        let ready = int_at(deployment, ["status", "readyReplicas"]);
        row.name(deployment);
        row.text(&format!("{ready}/{}", int_at(deployment, ["spec", "replicas"])));
        row.integer(int_at(deployment, ["status", "updatedReplicas"]));
        row.integer(int_at(deployment, ["status", "availableReplicas"]));
        row.age(deployment);
        containers(deployment.at(["spec", "template"]), row);
        row.text(&selector(deployment.at(["spec", "selector"])));
    },
);

#[derive(Debug)]
struct Deployment;

impl Strategy for Deployment {
    fn options(&self) -> StrategyOptions {
        StrategyOptions { generation: true, ..StrategyOptions::USUAL }
    }

    fn default(&self, object: &mut Value) {
        let spec = object.make_object().get_or_insert_with("spec", Value::object);
        default_to(spec, "replicas", 1);
        default_to(spec, "revisionHistoryLimit", 10);
        default_to(spec, "progressDeadlineSeconds", 600);
        let strategy = spec.make_object().get_or_insert_with("strategy", Value::object);
        default_to(strategy, "type", "RollingUpdate");
        if text(strategy, "type") == "RollingUpdate" {
            let rolling = strategy.make_object().get_or_insert_with("rollingUpdate", Value::object);
            default_absent(rolling, "maxUnavailable", "25%");
            default_absent(rolling, "maxSurge", "25%");
        }
        pod::default_template(spec.make_object().get_or_insert_with("template", Value::object));
    }

    fn prepare_create(&self, _context: &mut Context<'_>, object: &mut Value) {
        object.remove("status");
        pod::drop_disabled_in_template(object, None, &TEMPLATE);
    }

    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        rules::restore(object, old, &["status"]);
        pod::drop_disabled_in_template(object, Some(old), &TEMPLATE);
        if object.at(["metadata", "annotations"]) != old.at(["metadata", "annotations"]) {
            // Controllers are told of rollbacks and the like by annotations.
            let generation = registry::metadata::generation(old) + 1;
            registry::metadata::set(object, "generation", Some(generation.into()));
        }
    }

    fn validate_create(&self, context: &mut Context<'_>, object: &Value, errors: &mut FieldErrors) {
        let root = Field::root(object);
        validate::deployment(&root.child("spec"), context.request.resource.ty.get(), errors);
    }

    fn validate_update(
        &self,
        context: &mut Context<'_>,
        object: &Value,
        old: &Value,
        errors: &mut FieldErrors,
    ) {
        let root = Field::root(object);
        validate::deployment(&root.child("spec"), context.request.resource.ty.get(), errors);
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
struct DeploymentStatus;

impl Strategy for DeploymentStatus {
    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        rules::restore(object, old, &["spec"]);
        rules::restore(object, old, &["metadata", "labels"]);
    }

    fn validate_update(
        &self,
        _context: &mut Context<'_>,
        object: &Value,
        old: &Value,
        errors: &mut FieldErrors,
    ) {
        let root = Field::root(object);
        let status = root.child("status");
        let all = [
            "observedGeneration",
            "replicas",
            "updatedReplicas",
            "readyReplicas",
            "availableReplicas",
            "unavailableReplicas",
            "terminatingReplicas",
            "collisionCount",
        ];
        let parts = ["updatedReplicas", "readyReplicas", "availableReplicas"];
        workloads::counters(&status, &all, &parts, "replicas", errors);
        let available = status.child("availableReplicas");
        if available.int() > status.child("readyReplicas").int() {
            available.invalid(errors, "cannot be greater than readyReplicas");
        }
        workloads::collision_count(&status, old, errors);
    }

    fn reset_fields(&self) -> &'static [&'static str] {
        &["spec", "metadata.labels"]
    }
}
