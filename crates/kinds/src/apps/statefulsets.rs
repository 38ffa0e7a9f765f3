//! `statefulsets` of apps/v1.

use object::Value;
use registry::{NameRule, Resource, StrategyOptions, Warnings};

use super::validate;
use crate::tables::{Column, Columns, containers, int_at};
use crate::{
    checks::Field,
    describe::{Describe, Types},
    fields::{default_to, items_mut, present_mut, text},
    pod,
    workloads::{Workload, WorkloadStatus},
};

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "apps", "v1", "statefulsets", "StatefulSet", &STATEFUL_SET)
        .short_names(&["sts"])
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
        Column::AGE,
        Column::CONTAINERS,
        Column::IMAGES,
    ],
    |set, row| {
        let ready = int_at(set, ["status", "readyReplicas"]);
        row.name(set);
        row.text(&format!("{ready}/{}", int_at(set, ["spec", "replicas"])));
        row.age(set);
        containers(set.at(["spec", "template"]), row);
    },
);

static STATEFUL_SET: Workload = Workload {
    options: StrategyOptions { names: NameRule::DnsLabel, ..Workload::USUAL },
    default,
    prepare: Some(drop_max_unavailable),
    validate: validate::stateful_set,
    validate_change: Some(|object, old, _, errors| validate::stateful_set_update(object, old, errors)),
    names_hosts: false,
    warn: Some(warn_of_spec),
};

static STATUS: WorkloadStatus = WorkloadStatus {
    kept: &["spec"],
    counters: &[
        "replicas",
        "readyReplicas",
        "currentReplicas",
        "updatedReplicas",
        "observedGeneration",
        "collisionCount",
        "availableReplicas",
    ],
    parts: &["readyReplicas", "currentReplicas", "updatedReplicas", "availableReplicas"],
    whole: "replicas",
    too_many_available: "cannot be greater than status.readyReplicas",
};

fn default(object: &mut Value) {
    let spec = object.make_object().get_or_insert_with("spec", Value::object);
    default_to(spec, "podManagementPolicy", "OrderedReady");
    default_to(spec, "replicas", 1);
    default_to(spec, "revisionHistoryLimit", 10);
    let strategy = spec.make_object().get_or_insert_with("updateStrategy", Value::object);
    if text(strategy, "type").is_empty() {
        strategy.set("type", "RollingUpdate");
        default_to(strategy, "rollingUpdate", Value::object());
    }
    if text(strategy, "type") == "RollingUpdate"
        && let Some(rolling) = present_mut(strategy, "rollingUpdate")
    {
        default_to(rolling, "partition", 0);
    }
    let policy = spec.make_object().get_or_insert_with("persistentVolumeClaimRetentionPolicy", Value::object);
    default_to(policy, "whenDeleted", "Retain");
    default_to(policy, "whenScaled", "Retain");
    for claim in items_mut(spec, "volumeClaimTemplates") {
        claim.set("apiVersion", "v1");
        claim.set("kind", "PersistentVolumeClaim");
        pod::default_claim_spec(claim.make_object().get_or_insert_with("spec", Value::object));
        default_to(claim.make_object().get_or_insert_with("status", Value::object), "phase", "Pending");
    }
    pod::default_template(spec.make_object().get_or_insert_with("template", Value::object));
}

fn warn_of_spec(object: &Value, warnings: &mut Warnings) {
    let root = Field::root(object);
    let spec = root.child("spec");
    for claim in spec.child("volumeClaimTemplates").items() {
        // The path leaves out that it is the claim's spec.
        let resources = claim.value.at(["spec", "resources"]).unwrap_or(&Value::Null);
        let path = claim.path.child("resources");
        pod::warn_of_fractions(&Field { value: resources, path }.child("requests"), "storage", warnings);
    }
    let limit = spec.child("revisionHistoryLimit");
    if limit.int() < 0 {
        warnings.add(format!(
            "{}: a negative value retains all historical revisions; a value >= 0 is recommended",
            limit.path
        ));
    }
}

/// Drops the field of the gate `MaxUnavailableStatefulSet`, which is off, unless it is in use.
fn drop_max_unavailable(object: &mut Value, old: Option<&Value>) {
    const ROLLING_UPDATE: [&str; 3] = ["spec", "updateStrategy", "rollingUpdate"];
    let used =
        old.and_then(|old| old.at(ROLLING_UPDATE)).is_some_and(|of| of.get("maxUnavailable").is_some());
    if let Some(rolling) = object.at_mut(ROLLING_UPDATE).filter(|_| !used) {
        rolling.remove("maxUnavailable");
    }
}
