//! `replicationcontrollers` of the core group.

use object::Value;
use registry::{Dependents, FieldLabels, Resource, StrategyOptions};
use schema::TypeRef;
use status::FieldErrors;

use crate::tables::{Columns, labels};
use crate::{
    checks::Field,
    describe::{Describe, Types},
    fields::{default_to, present_mut},
    pod,
    workloads::{self, Workload, WorkloadStatus},
};

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "", "v1", "replicationcontrollers", "ReplicationController", &CONTROLLER)
        .short_names(&["rc"])
        .categories(&["all"])
        .stored_at("controllers")
        .selectable_fields(&[("status.replicas", "0")])
        .field_labels(FieldLabels::Label)
        .scale("spec.replicas", "status.replicas", "spec.selector")
        .status(&STATUS)
        .columns(COLUMNS)
        .finish()
}

/// How they are shown in tables.
const COLUMNS: Columns = Columns::new(workloads::REPLICATED, |controller, row| {
    workloads::replicated(controller, row);
    row.text(&labels(controller.at(["spec", "selector"])));
});

static CONTROLLER: Workload = Workload {
    options: StrategyOptions {
        dependents: Dependents::Orphaned,
        checks_metadata_again: true,
        ..Workload::USUAL
    },
    default,
    prepare: None,
    validate,
    validate_change: None,
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
        "observedGeneration",
    ],
    parts: &["fullyLabeledReplicas", "readyReplicas", "availableReplicas"],
    whole: "replicas",
    too_many_available: "cannot be greater than readyReplicas",
};

fn default(object: &mut Value) {
    let spec = object.make_object().get_or_insert_with("spec", Value::object);
    default_to(spec, "replicas", 1);
    if let Some(template) = present_mut(spec, "template") {
        pod::default_template(template);
    }
    select_and_label_like_template(object);
}

/// What has no selector or no labels takes over the template's labels.
fn select_and_label_like_template(object: &mut Value) {
    let labels = object.at(["spec", "template", "metadata", "labels"]).and_then(Value::as_object);
    let Some(labels) = labels.filter(|labels| !labels.is_empty()).cloned() else { return };
    for (outer, inner) in [("spec", "selector"), ("metadata", "labels")] {
        let map = object.object_at(outer).get_or_insert_with(inner, Value::object).make_object();
        if map.is_empty() {
            *map = labels.clone();
        }
    }
}

fn validate(spec: &Field<'_, '_>, types: TypeRef<'_>, errors: &mut FieldErrors) {
    let (selector, template) = (spec.child("selector"), spec.child("template"));
    spec.child("minReadySeconds").non_negative(errors);
    selector.required(errors);
    spec.child("replicas").non_negative(errors);
    if !template.is_present() {
        template.missing(errors, "");
        return;
    }
    let labels = template.value.at(["metadata", "labels"]).unwrap_or(&Value::Null);
    if !selector.entries().all(|(key, value)| labels.get(key) == Some(value)) {
        workloads::does_not_match(&template, errors);
    }
    pod::pod_template(&template, types, errors);
    if spec.child("replicas").int() > 1 {
        workloads::read_only_disks(&template, errors);
    }
    workloads::runs_for_ever(&template, "ReplicationController", errors);
}
