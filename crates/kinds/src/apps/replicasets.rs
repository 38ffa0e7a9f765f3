//! `replicasets` of apps/v1.

use object::Value;
use registry::{Resource, StrategyOptions};

use super::validate;
use crate::tables::{Columns, selector};
use crate::{
    describe::{Describe, Types},
    fields::default_to,
    pod,
    workloads::{self, Workload, WorkloadStatus},
};

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "apps", "v1", "replicasets", "ReplicaSet", &REPLICA_SET)
        .short_names(&["rs"])
        .categories(&["all"])
        .scale("spec.replicas", "status.replicas", "spec.selector")
        .status(&STATUS)
        .columns(COLUMNS)
        .finish()
}

/// How they are shown in tables.
const COLUMNS: Columns = Columns::new(workloads::REPLICATED, |set, row| {
    workloads::replicated(set, row);
    row.text(&selector(set.at(["spec", "selector"])));
});

static REPLICA_SET: Workload = Workload {
    options: StrategyOptions { checks_metadata_again: true, ..Workload::USUAL },
    default,
    prepare: None,
    validate: validate::replica_set,
    validate_change: Some(workloads::selector_stays),
    names_hosts: true,
    warn: None,
};

static STATUS: WorkloadStatus = WorkloadStatus {
    kept: &["spec"],
    counters: &[
        "replicas",
        "fullyLabeledReplicas",
        "readyReplicas",
        "availableReplicas",
        "terminatingReplicas",
        "observedGeneration",
    ],
    parts: &["fullyLabeledReplicas", "readyReplicas", "availableReplicas"],
    whole: "replicas",
    too_many_available: "cannot be greater than readyReplicas",
};

fn default(object: &mut Value) {
    let spec = object.make_object().get_or_insert_with("spec", Value::object);
    default_to(spec, "replicas", 1);
    pod::default_template(spec.make_object().get_or_insert_with("template", Value::object));
}
