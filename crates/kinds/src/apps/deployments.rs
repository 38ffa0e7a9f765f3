//! `deployments` of apps/v1.

use object::Value;
use registry::Resource;

use super::validate;
use crate::tables::{Column, Columns, containers, int_at, selector};
use crate::{
    describe::{Describe, Types},
    fields::{default_absent, default_to, text},
    pod,
    workloads::{self, Workload, WorkloadStatus},
};

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "apps", "v1", "deployments", "Deployment", &DEPLOYMENT)
        .short_names(&["deploy"])
        .categories(&["all"])
        .scale("spec.replicas", "status.replicas", "spec.selector")
        .status(&STATUS)
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

static DEPLOYMENT: Workload = Workload {
    options: Workload::USUAL,
    default,
    prepare: Some(prepare),
    validate: validate::deployment,
    validate_change: Some(workloads::selector_stays),
    names_hosts: true,
    warn: None,
};

static STATUS: WorkloadStatus = WorkloadStatus {
    kept: &["spec", "metadata.labels"],
    counters: &[
        "observedGeneration",
        "replicas",
        "updatedReplicas",
        "readyReplicas",
        "availableReplicas",
        "unavailableReplicas",
        "terminatingReplicas",
        "collisionCount",
    ],
    parts: &["updatedReplicas", "readyReplicas", "availableReplicas"],
    whole: "replicas",
    too_many_available: "cannot be greater than readyReplicas",
};

fn default(object: &mut Value) {
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

/// Controllers are told of rollbacks and the like by annotations: a change of them counts.
fn prepare(object: &mut Value, old: Option<&Value>) {
    let Some(old) = old else { return };
    if object.at(["metadata", "annotations"]) != old.at(["metadata", "annotations"]) {
        let generation = registry::metadata::generation(old) + 1;
        registry::metadata::set(object, "generation", Some(generation.into()));
    }
}
