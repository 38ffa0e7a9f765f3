//! The rules of the workloads of `apps`.

use object::Value;
use schema::TypeRef;
use status::{FieldError, FieldErrors};

use crate::checks::Field;
use crate::fields::{items, text};
use crate::pod;
use crate::{internal, workloads};

const MALFORMED: &str = "invalid label selector";

pub(super) fn deployment(spec: &Field<'_, '_>, types: TypeRef<'_>, errors: &mut FieldErrors) {
    spec.child("replicas").non_negative(errors);
    if let Some(selector) = workloads::own_selector(spec, "deployment", MALFORMED, types, errors) {
        replicated_template(spec, &selector, types, errors);
    }
    deployment_strategy(&spec.child("strategy"), types, errors);
    spec.child("minReadySeconds").non_negative(errors);
    spec.child("revisionHistoryLimit").non_negative(errors);
    let deadline = spec.child("progressDeadlineSeconds");
    if deadline.is_present() {
        deadline.non_negative(errors);
        if deadline.int() <= spec.child("minReadySeconds").int() {
            deadline.invalid(errors, "must be greater than minReadySeconds");
        }
    }
}

fn replicated_template(
    spec: &Field<'_, '_>,
    selector: &meta::LabelSelector,
    types: TypeRef<'_>,
    errors: &mut FieldErrors,
) {
    let template = spec.child("template");
    workloads::template_matches(spec, selector, errors);
    pod::pod_template(&template, types, errors);
    if spec.child("replicas").int() > 1 {
        workloads::read_only_disks(&template, errors);
    }
    workloads::runs_for_ever(&template, "ReplicaSet", errors);
}

fn deployment_strategy(strategy: &Field<'_, '_>, types: TypeRef<'_>, errors: &mut FieldErrors) {
    let rolling = strategy.child("rollingUpdate");
    match strategy.child("type").text() {
        "Recreate" => {
            if rolling.is_present() {
                rolling.forbidden(errors, "may not be specified when strategy `type` is 'Recreate'");
            }
        }
        "RollingUpdate" if !rolling.is_present() => {
            rolling.missing(errors, "this should be defaulted and never be nil");
        }
        "RollingUpdate" => {
            let (unavailable, surge) = (rolling.child("maxUnavailable"), rolling.child("maxSurge"));
            workloads::number_or_percent(&unavailable, errors);
            workloads::number_or_percent(&surge, errors);
            if workloads::plain_number(&unavailable) == 0 && workloads::plain_number(&surge) == 0 {
                unavailable.invalid(errors, "may not be 0 when `maxSurge` is 0");
            }
            workloads::at_most_all(&unavailable, errors);
        }
        _ => {
            let value = shown(types, "DeploymentStrategy", strategy.value);
            errors.push(FieldError::not_supported(&strategy.path, value, ["Recreate", "RollingUpdate"]));
        }
    }
}

fn shown(types: TypeRef<'_>, of: &str, value: &Value) -> status::BadValue {
    internal::bad_value(types.schema.named(&format!("io.k8s.api.apps.v1.{of}")), value)
}

pub(super) fn replica_set(spec: &Field<'_, '_>, types: TypeRef<'_>, errors: &mut FieldErrors) {
    spec.child("replicas").non_negative(errors);
    spec.child("minReadySeconds").non_negative(errors);
    if let Some(selector) = workloads::own_selector(spec, "deployment", MALFORMED, types, errors) {
        replicated_template(spec, &selector, types, errors);
    }
}

pub(super) fn daemon_set(spec: &Field<'_, '_>, types: TypeRef<'_>, errors: &mut FieldErrors) {
    let (field, template) = (spec.child("selector"), spec.child("template"));
    if field.is_present() {
        field.label_selector(errors, false);
    }
    if workloads::selector(&field).is_some_and(|parsed| !workloads::selects(&field, &parsed, template.value))
    {
        workloads::does_not_match(&template, errors);
    }
    if field.is_present()
        && field.child("matchLabels").is_empty()
        && field.child("matchExpressions").is_empty()
    {
        let value = workloads::shown_selector(&field, types);
        errors.push(FieldError::invalid(&field.path, value, "empty selector is invalid for daemonset"));
    }
    pod::pod_template(&template, types, errors);
    workloads::read_only_disks(&template, errors);
    workloads::runs_for_ever(&template, "DaemonSet", errors);
    spec.child("minReadySeconds").non_negative(errors);
    daemon_set_strategy(&spec.child("updateStrategy"), types, errors);
    spec.child("revisionHistoryLimit").non_negative(errors);
}

fn daemon_set_strategy(strategy: &Field<'_, '_>, types: TypeRef<'_>, errors: &mut FieldErrors) {
    let rolling = strategy.child("rollingUpdate");
    match strategy.child("type").text() {
        "OnDelete" => {}
        "RollingUpdate" if !rolling.is_present() => rolling.missing(errors, ""),
        "RollingUpdate" => {
            let (unavailable, surge) = (rolling.child("maxUnavailable"), rolling.child("maxSurge"));
            for field in [&unavailable, &surge] {
                workloads::number_or_percent(field, errors);
            }
            for field in [&unavailable, &surge] {
                workloads::at_most_all(field, errors);
            }
            match (workloads::plain_number(&unavailable) != 0, workloads::plain_number(&surge) != 0) {
                (true, true) => surge.invalid(errors, "may not be set when maxUnavailable is non-zero"),
                (false, false) => unavailable.missing(errors, "cannot be 0 when maxSurge is 0"),
                _ => {}
            }
        }
        _ => {
            let value = shown(types, "DaemonSetUpdateStrategy", strategy.value);
            errors.push(FieldError::not_supported(&strategy.path, value, ["RollingUpdate", "OnDelete"]));
        }
    }
}

pub(super) fn stateful_set(spec: &Field<'_, '_>, types: TypeRef<'_>, errors: &mut FieldErrors) {
    let policy = spec.child("podManagementPolicy");
    if policy.required(errors) && !matches!(policy.text(), "OrderedReady" | "Parallel") {
        policy.invalid_text(errors, "must be 'OrderedReady' or 'Parallel'");
    }
    stateful_set_strategy(&spec.child("updateStrategy"), types, errors);
    let retention = spec.child("persistentVolumeClaimRetentionPolicy");
    for field in ["whenDeleted", "whenScaled"] {
        let field = retention.child(field);
        if retention.is_present() {
            field.one_of(errors, &["Retain", "Delete"]);
        }
    }
    spec.child("replicas").non_negative(errors);
    spec.child("minReadySeconds").non_negative(errors);
    spec.child("ordinals").child("start").non_negative(errors);
    let template = spec.child("template");
    if let Some(selector) = workloads::own_selector(spec, "statefulset", "", types, errors) {
        workloads::template_matches(spec, &selector, errors);
        pod::template_metadata(&template, errors);
        let whole = with_claims(spec.value);
        pod::pod_template(&Field { value: &whole, path: template.path }, types, errors);
    }
    workloads::runs_for_ever(&template, "StatefulSet", errors);
    let service = spec.child("serviceName");
    if !service.is_empty() {
        service.name(errors, meta::names::dns1123_label);
    }
    for claim in spec.child("volumeClaimTemplates").items() {
        pod::claim_spec(&claim.child("spec"), errors);
    }
}

/// The template with the volumes that the pods will have: those of the claims come first, in place of others of
/// their names.
fn with_claims(spec: &Value) -> Value {
    let mut template = spec.get("template").cloned().unwrap_or_default();
    let mut volumes = Vec::new();
    for claim in items(spec, "volumeClaimTemplates") {
        let name = claim.str_at(["metadata", "name"]);
        let mut volume = Value::object();
        volume.set("name", name);
        volume.object_at("persistentVolumeClaim").insert("claimName", name);
        volumes.push(volume);
    }
    let own = template.items_at(["spec", "volumes"]).iter();
    let others: Vec<Value> = own
        .filter(|volume| volumes.iter().all(|claim| text(claim, "name") != text(volume, "name")))
        .cloned()
        .collect();
    volumes.extend(others);
    template.object_at("spec").insert("volumes", volumes);
    template
}

fn stateful_set_strategy(strategy: &Field<'_, '_>, types: TypeRef<'_>, errors: &mut FieldErrors) {
    let rolling = strategy.child("rollingUpdate");
    match strategy.child("type").text() {
        "" => strategy.missing(errors, ""),
        "OnDelete" => {
            if rolling.is_present() {
                let value = shown(types, "RollingUpdateStatefulSetStrategy", rolling.value);
                let detail = "only allowed for updateStrategy 'RollingUpdate'";
                errors.push(FieldError::invalid(&rolling.path, value, detail));
            }
        }
        "RollingUpdate" => rolling.child("partition").non_negative(errors),
        _ => {
            let value = shown(types, "StatefulSetUpdateStrategy", strategy.value);
            let detail = "must be 'RollingUpdate' or 'OnDelete'";
            errors.push(FieldError::invalid(&strategy.path, value, detail));
        }
    }
}

/// What may change in a stateful set's spec.
const CHANGEABLE: &[&str] = &[
    "replicas",
    "ordinals",
    "template",
    "updateStrategy",
    "revisionHistoryLimit",
    "persistentVolumeClaimRetentionPolicy",
    "minReadySeconds",
];

pub(super) fn stateful_set_update(object: &Value, old: &Value, errors: &mut FieldErrors) {
    let kept = |object: &Value| {
        let mut spec = object.get("spec").cloned().unwrap_or_default();
        spec.make_object().retain(|key, _| !CHANGEABLE.contains(&key));
        spec
    };
    if kept(object) != kept(old) {
        let (last, first) = CHANGEABLE.split_last().unwrap_or((&"", &[]));
        let detail = format!(
            "updates to statefulset spec for fields other than '{}' and '{last}' are forbidden",
            first.join("', '")
        );
        errors.push(FieldError::forbidden(&status::Path::new("spec"), detail));
    }
}
