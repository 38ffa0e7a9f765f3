//! The rules of Jobs beyond those of their specs.

use meta::names::dns1123_label;
use object::Value;
use schema::TypeRef;
use status::{BadValue, FieldError, FieldErrors};

use super::selector::{CONTROLLER_UIDS, JOB_NAME};
use super::validate;
use crate::checks::Field;
use crate::{internal, workloads};

/// A new Job.
pub(super) fn create(job: &Value, types: TypeRef<'_>, errors: &mut FieldErrors) {
    let root = Field::root(job);
    let spec = root.child("spec");
    generated_selector(&root, types, errors);
    validate::spec(&spec, types, errors);
    validate::selector(&spec, errors);
    let completions = spec.child("completions").int();
    if spec.child("completionMode").text() == "Indexed" && completions > 0 {
        let metadata = root.child("metadata");
        let name = metadata.child("name");
        // The last pod's host name.
        let host = format!("{}-{}", name.text(), completions - 1);
        if !dns1123_label(&host).is_empty() {
            name.invalid_text(errors, format!("will not able to create pod with invalid DNS label: {host}"));
        }
    }
}

/// A selector that was generated finds the labels that were generated with it.
fn generated_selector(job: &Field<'_, '_>, types: TypeRef<'_>, errors: &mut FieldErrors) {
    let spec = job.child("spec");
    let selector = spec.child("selector");
    if spec.child("manualSelector").flag() || !selector.is_present() {
        return;
    }
    let (name, uid) = (job.value.str_at(["metadata", "name"]), job.value.str_at(["metadata", "uid"]));
    let template = spec.child("template");
    let metadata = template.child("metadata");
    let labels = metadata.child("labels");
    let pairs =
        [(CONTROLLER_UIDS[0], uid), (JOB_NAME[0], name), (CONTROLLER_UIDS[1], uid), (JOB_NAME[1], name)];
    let mut expected = Value::object();
    for (key, value) in pairs {
        expected.set(key, value);
        let (path, detail) = (labels.path.key(key), format!("must be '{value}'"));
        match labels.value.get(key).and_then(Value::as_str) {
            None => errors.push(FieldError::required(&path, detail)),
            Some(found) if found != value => {
                errors.push(FieldError::invalid(&path, labels.bad_value(), detail));
            }
            Some(_) => {}
        }
    }
    let matches = workloads::selector(&selector)
        .is_none_or(|parsed| parsed.matches(|key| expected.get(key).and_then(Value::as_str)));
    if !matches {
        let value = workloads::shown_selector(&selector, types);
        errors.push(FieldError::invalid(&selector.path, value, "`selector` not auto-generated"));
    }
}

/// What never changes: the field, and the type it is shown as.
const IMMUTABLE: &[(&str, &str)] = &[
    ("completionMode", ""),
    ("podFailurePolicy", "io.k8s.api.batch.v1.PodFailurePolicy"),
    ("backoffLimitPerIndex", ""),
    ("managedBy", ""),
    ("successPolicy", "io.k8s.api.batch.v1.SuccessPolicy"),
];

/// A changed Job.
pub(super) fn update(job: &Value, old: &Value, types: TypeRef<'_>, errors: &mut FieldErrors) {
    let (root, old_root) = (Field::root(job), Field::root(old));
    let (spec, before) = (root.child("spec"), old_root.child("spec"));
    create(job, types, errors);
    validate::spec(&spec, types, errors);
    validate::selector(&spec, errors);
    completions(&spec, &before, errors);
    workloads::selector_stays(job, old, types, errors);
    template(&spec, old, types, errors);
    for (field, ty) in IMMUTABLE {
        let (new, was) = (spec.child(field), before.child(field));
        if !new.same(&was) {
            let value = match types.schema.named(ty) {
                Some(ty) if new.is_present() => internal::bad_value(Some(ty), new.value),
                _ => new.bad_value(),
            };
            errors.push(FieldError::invalid(&new.path, value, "field is immutable"));
        }
    }
}

fn completions(spec: &Field<'_, '_>, old: &Field<'_, '_>, errors: &mut FieldErrors) {
    let (new, was) = (spec.child("completions"), old.child("completions"));
    if new.value == was.value {
        return;
    }
    if spec.child("completionMode").text() != "Indexed" {
        new.invalid(errors, "field is immutable");
    } else if new.is_present() && new.int() != spec.child("parallelism").int() {
        new.invalid(errors, "can only be modified in tandem with spec.parallelism");
    }
}

/// What a suspended job that never ran may still say about where and how its pods run.
const SCHEDULING: &[&[&str]] = &[
    &["metadata", "annotations"],
    &["metadata", "labels"],
    &["spec", "affinity", "nodeAffinity"],
    &["spec", "nodeSelector"],
    &["spec", "tolerations"],
    &["spec", "schedulingGates"],
];

fn template(spec: &Field<'_, '_>, old: &Value, types: TypeRef<'_>, errors: &mut FieldErrors) {
    let template = spec.child("template");
    let mut allowed = old.at(["spec", "template"]).cloned().unwrap_or_default();
    let suspended = old.at(["spec", "suspend"]).and_then(Value::as_bool) == Some(true);
    let started = old.at(["status", "startTime"]).is_some_and(|time| !time.is_null());
    if suspended && !started {
        for path in SCHEDULING {
            crate::rules::restore(&mut allowed, template.value, path);
        }
        for list in ["containers", "initContainers"] {
            let new = template.value.items_at(["spec", list]);
            let old = allowed.at_mut(["spec", list]).and_then(Value::as_array_mut);
            for (old, new) in old.into_iter().flatten().zip(new) {
                crate::rules::restore(old, new, &["resources"]);
            }
        }
    }
    if *template.value == allowed {
        return;
    }
    for (part, ty) in [("metadata", "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"), ("spec", POD_SPEC)] {
        let field = template.child(part);
        if Some(field.value) != allowed.get(part) {
            let value: BadValue = internal::bad_value(types.schema.named(ty), field.value);
            errors.push(FieldError::invalid(&field.path, value, "field is immutable"));
        }
    }
}

const POD_SPEC: &str = "io.k8s.api.core.v1.PodSpec";
