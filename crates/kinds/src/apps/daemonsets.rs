//! `daemonsets` of apps/v1.

use object::Value;
use registry::{Resource, StrategyOptions};

use super::validate;
use crate::tables::{Column, Columns, containers, int_at, labels, selector};
use crate::{
    describe::{Describe, Types},
    fields::{default_absent, default_to, text},
    pod,
    workloads::{self, Workload, WorkloadStatus},
};

/// Where v1 keeps what was `spec.templateGeneration` before: the number of times the template changed.
const TEMPLATE_GENERATION: &str = "deprecated.daemonset.template.generation";

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "apps", "v1", "daemonsets", "DaemonSet", &DAEMON_SET)
        .short_names(&["ds"])
        .categories(&["all"])
        .status(&STATUS)
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

static DAEMON_SET: Workload = Workload {
    options: StrategyOptions { checks_metadata_again: true, ..Workload::USUAL },
    default,
    prepare: Some(count_templates),
    validate: validate::daemon_set,
    validate_change: Some(workloads::selector_stays),
    names_hosts: false,
    warn: None,
};

static STATUS: WorkloadStatus = WorkloadStatus {
    kept: &["spec"],
    counters: &[
        "currentNumberScheduled",
        "numberMisscheduled",
        "desiredNumberScheduled",
        "numberReady",
        "observedGeneration",
        "updatedNumberScheduled",
        "numberAvailable",
        "numberUnavailable",
        "collisionCount",
    ],
    parts: &[],
    whole: "desiredNumberScheduled",
    too_many_available: "",
};

fn default(object: &mut Value) {
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

fn count_templates(object: &mut Value, old: Option<&Value>) {
    const TEMPLATE: [&str; 2] = ["spec", "template"];
    let generation = match old {
        Some(old) => template_generation(old) + i64::from(object.at(TEMPLATE) != old.at(TEMPLATE)),
        None => template_generation(object).max(1),
    };
    set_template_generation(object, generation);
}

fn template_generation(object: &Value) -> i64 {
    object.str_at(["metadata", "annotations", TEMPLATE_GENERATION]).parse().unwrap_or(0)
}

fn set_template_generation(object: &mut Value, generation: i64) {
    let metadata = object.make_object().get_or_insert_with("metadata", Value::object);
    metadata.object_at("annotations").insert(TEMPLATE_GENERATION, generation.to_string());
}
