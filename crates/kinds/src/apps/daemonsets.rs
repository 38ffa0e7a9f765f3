//! `daemonsets` of apps/v1.

use object::Value;
use registry::{Context, Resource, Strategy, StrategyOptions};
use status::FieldErrors;

use super::validate;
use crate::tables::{Column, Columns, containers, int_at, labels, selector};
use crate::{
    checks::Field,
    describe::{Describe, Types},
    fields::{default_absent, default_to, text},
    pod, rules, workloads,
};

const TEMPLATE: [&str; 2] = ["spec", "template"];

/// Where v1 keeps what was `spec.templateGeneration` before: the number of times the template changed.
const TEMPLATE_GENERATION: &str = "deprecated.daemonset.template.generation";

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "apps", "v1", "daemonsets", "DaemonSet", DaemonSet)
        .short_names(&["ds"])
        .categories(&["all"])
        .status(DaemonSetStatus)
        .columns(COLUMNS)
        .finish()
}

/// How they are shown in tables.
const COLUMNS: Columns = Columns::new(
    &[
        Column::NAME,
        Column::integer("Desired", "How many nodes should run its pod."),
        Column::integer("Current", "How many of them do."),
        Column::integer("Ready", "How many of those pods are ready."),
        Column::integer("Up-to-date", "How many of them are of the newest template."),
        Column::integer("Available", "How many of them have been ready for long enough."),
        Column::text("Node Selector", "What selects the nodes."),
        Column::AGE,
        Column::CONTAINERS,
        Column::IMAGES,
        Column::SELECTOR,
    ],
    |set, row| {
        const COUNTS: [&str; 5] = [
            "desiredNumberScheduled",
            "currentNumberScheduled",
            "numberReady",
            "updatedNumberScheduled",
            "numberAvailable",
        ];
        row.name(set);
        for field in COUNTS {
            row.integer(int_at(set, ["status", field]));
        }
        row.text(&labels(set.at(["spec", "template", "spec", "nodeSelector"])));
        row.age(set);
        containers(set.at(["spec", "template"]), row);
        row.text(&selector(set.at(["spec", "selector"])));
    },
);

#[derive(Debug)]
struct DaemonSet;

impl Strategy for DaemonSet {
    fn options(&self) -> StrategyOptions {
        StrategyOptions { generation: true, checks_metadata_again: true, ..StrategyOptions::USUAL }
    }

    fn default(&self, object: &mut Value) {
        let spec = object.make_object().get_or_insert_with("spec", Value::object);
        default_to(spec, "revisionHistoryLimit", 10);
        let strategy = spec.make_object().get_or_insert_with("updateStrategy", Value::object);
        default_to(strategy, "type", "RollingUpdate");
        if text(strategy, "type") == "RollingUpdate" {
            let rolling = strategy.make_object().get_or_insert_with("rollingUpdate", Value::object);
            default_absent(rolling, "maxUnavailable", 1);
            default_absent(rolling, "maxSurge", 0);
        }
        pod::default_template(spec.make_object().get_or_insert_with("template", Value::object));
        let generation = template_generation(object);
        set_template_generation(object, generation);
    }

    fn prepare_create(&self, _context: &mut Context<'_>, object: &mut Value) {
        object.remove("status");
        let generation = template_generation(object).max(1);
        set_template_generation(object, generation);
        pod::drop_disabled_in_template(object, None, &TEMPLATE);
    }

    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        rules::restore(object, old, &["status"]);
        pod::drop_disabled_in_template(object, Some(old), &TEMPLATE);
        let changed = object.at(TEMPLATE) != old.at(TEMPLATE);
        set_template_generation(object, template_generation(old) + i64::from(changed));
    }

    fn validate_create(&self, context: &mut Context<'_>, object: &Value, errors: &mut FieldErrors) {
        let root = Field::root(object);
        validate::daemon_set(&root.child("spec"), context.request.resource.ty.get(), errors);
    }

    fn validate_update(
        &self,
        context: &mut Context<'_>,
        object: &Value,
        old: &Value,
        errors: &mut FieldErrors,
    ) {
        let root = Field::root(object);
        validate::daemon_set(&root.child("spec"), context.request.resource.ty.get(), errors);
        workloads::selector_stays(object, old, context.request.resource.ty.get(), errors);
    }

    fn warn(&self, context: &mut Context<'_>, object: &Value, old: Option<&Value>) {
        workloads::warn_of_template(object, old, context.warnings);
    }

    fn reset_fields(&self) -> &'static [&'static str] {
        &["status"]
    }
}

#[derive(Debug)]
struct DaemonSetStatus;

impl Strategy for DaemonSetStatus {
    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        rules::restore(object, old, &["spec"]);
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
            "currentNumberScheduled",
            "numberMisscheduled",
            "desiredNumberScheduled",
            "numberReady",
            "observedGeneration",
            "updatedNumberScheduled",
            "numberAvailable",
            "numberUnavailable",
            "collisionCount",
        ];
        workloads::counters(&status, &all, &[], "desiredNumberScheduled", errors);
        workloads::collision_count(&status, old, errors);
    }

    fn reset_fields(&self) -> &'static [&'static str] {
        &["spec"]
    }
}

fn template_generation(object: &Value) -> i64 {
    object.str_at(["metadata", "annotations", TEMPLATE_GENERATION]).parse().unwrap_or(0)
}

fn set_template_generation(object: &mut Value, generation: i64) {
    let metadata = object.make_object().get_or_insert_with("metadata", Value::object);
    metadata.object_at("annotations").insert(TEMPLATE_GENERATION, generation.to_string());
}
