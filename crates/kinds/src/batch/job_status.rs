//! The rules of a Job's status (KEP-3998, KEP-4368).

use std::collections::BTreeSet;

use object::Value;
use schema::TypeRef;
use status::{BadValue, FieldError, FieldErrors};

use super::numbers;
use crate::checks::Field;
use crate::{conditions, internal};

/// Whether a condition is true.
fn has(job: &Value, kind: &str) -> bool {
    let status = job.get("status").unwrap_or(&Value::Null);
    conditions::find(status, kind).is_some_and(|condition| condition.str_at(["status"]) == "True")
}

fn bad_conditions(status: &Field<'_, '_>, detail: impl Into<String>, errors: &mut FieldErrors) {
    errors.push(FieldError::invalid(&status.path.child("conditions"), BadValue::Omitted, detail));
}

/// Conditions that exclude each other: pairs, in the order in which they are looked at.
const FIRST_CONFLICTS: &[(&str, &str)] = &[("Complete", "Failed"), ("Complete", "FailureTarget")];
const LAST_CONFLICTS: &[(&str, &str)] =
    &[("SuccessCriteriaMet", "Failed"), ("SuccessCriteriaMet", "FailureTarget")];
/// Conditions that another one must have come before.
const PRECEDED: &[(&str, &str)] = &[("Complete", "SuccessCriteriaMet"), ("Failed", "FailureTarget")];
/// Conditions that stay, and how they are called.
const TERMINAL: &[(&str, &str)] = &[
    ("Complete", "terminal "),
    ("Failed", "terminal "),
    ("SuccessCriteriaMet", ""),
    ("FailureTarget", "terminal "),
];

/// A status, written in place of that of `old`.
pub(super) fn update(job: &Value, old: &Value, types: TypeRef<'_>, errors: &mut FieldErrors) {
    let (root, old_root) = (Field::root(job), Field::root(old));
    let (status, before) = (root.child("status"), old_root.child("status"));
    for field in ["active", "succeeded", "failed", "ready", "terminating"] {
        status.child(field).non_negative(errors);
    }
    let ready = status.child("ready");
    if ready.int() > status.child("active").int() {
        ready.invalid(errors, "cannot set more ready pods than active");
    }
    conflicts(job, &status, FIRST_CONFLICTS, errors);
    times(job, &status, errors);
    for (condition, needed) in PRECEDED {
        if has(job, condition) && !has(job, needed) {
            let detail = format!("cannot set {condition}=True condition without the {needed}=true condition");
            bad_conditions(&status, detail, errors);
        }
    }
    finished(job, &status, types, errors);
    conflicts(job, &status, LAST_CONFLICTS, errors);
    let by_policy = root.child("spec").child("successPolicy").is_present();
    if by_policy && has(job, "Complete") && !has(job, "SuccessCriteriaMet") {
        let detail = "cannot set Complete=True for Job with SuccessPolicy unless SuccessCriteriaMet=True";
        bad_conditions(&status, detail, errors);
    }
    uncounted(&status.child("uncountedTerminatedPods"), errors);
    indexes(job, &status, errors);
    changes(job, old, &status, &before, errors);
}

fn conflicts(job: &Value, status: &Field<'_, '_>, pairs: &[(&str, &str)], errors: &mut FieldErrors) {
    for (one, other) in pairs {
        if has(job, one) && has(job, other) {
            let detail = format!("cannot set {one}=True and {other}=true conditions");
            bad_conditions(status, detail, errors);
        }
    }
}

fn is_finished(job: &Value) -> bool {
    has(job, "Complete") || has(job, "Failed")
}

fn times(job: &Value, status: &Field<'_, '_>, errors: &mut FieldErrors) {
    let (start, completion) = (status.child("startTime"), status.child("completionTime"));
    if is_finished(job) && !start.is_present() {
        start.missing(errors, "startTime is required for finished job");
    }
    match (has(job, "Complete"), completion.is_present()) {
        (true, false) => completion.missing(errors, "completionTime is required for Complete jobs"),
        (false, true) => {
            let detail = "cannot set completionTime when there is no Complete=True condition";
            completion.invalid(errors, detail);
        }
        _ => {}
    }
    let seconds = |field: &Field<'_, '_>| meta::Time::parse(field.text()).map(meta::Time::unix).ok();
    if let (Some(start), Some(end)) = (seconds(&start), seconds(&completion))
        && end < start
    {
        completion.invalid(errors, "must be equal to or after `startTime`");
    }
}

fn finished(job: &Value, status: &Field<'_, '_>, types: TypeRef<'_>, errors: &mut FieldErrors) {
    if !is_finished(job) {
        return;
    }
    let active = status.child("active");
    if active.int() > 0 {
        active.invalid(errors, "active>0 is invalid for finished job");
    }
    let pods = status.child("uncountedTerminatedPods");
    if !pods.child("succeeded").is_empty() || !pods.child("failed").is_empty() {
        let ty = types.schema.named("io.k8s.api.batch.v1.UncountedTerminatedPods");
        let value = internal::bad_value(ty, pods.value);
        errors.push(FieldError::invalid(&pods.path, value, "must be empty for finished job"));
    }
}

fn uncounted(pods: &Field<'_, '_>, errors: &mut FieldErrors) {
    let mut seen = BTreeSet::new();
    for list in ["succeeded", "failed"] {
        for uid in pods.child(list).items() {
            if uid.is_empty() {
                uid.invalid_text(errors, "must not be empty");
            } else if !seen.insert(uid.text()) {
                uid.duplicate(errors);
            }
        }
    }
}

fn indexes(job: &Value, status: &Field<'_, '_>, errors: &mut FieldErrors) {
    if job.str_at(["spec", "completionMode"]) != "Indexed" {
        return;
    }
    let completions = job.at(["spec", "completions"]).and_then(Value::as_i64).unwrap_or(0);
    let mut read = |name: &str| {
        let field = status.child(name);
        match numbers::indexes(field.text(), completions) {
            Ok(intervals) => Some(intervals),
            Err(error) => {
                field.invalid_text(errors, format!("error parsing {name}: {error}"));
                None
            }
        }
    };
    let (completed, failed) = (read("completedIndexes"), read("failedIndexes"));
    if let (Some(completed), Some(failed)) = (completed, failed)
        && let Some(index) = numbers::overlap(&completed, &failed)
    {
        let detail = format!("failedIndexes and completedIndexes overlap at index: {index}");
        status.child("failedIndexes").invalid_text(errors, detail);
    }
}

fn changes(
    job: &Value,
    old: &Value,
    status: &Field<'_, '_>,
    before: &Field<'_, '_>,
    errors: &mut FieldErrors,
) {
    for counter in ["succeeded", "failed"] {
        let new = status.child(counter);
        if new.int() < before.child(counter).int() {
            let detail = format!("cannot decrease the {counter} counter");
            errors.push(FieldError::invalid(&new.path, new.int(), detail));
        }
    }
    let suspended = job.at(["spec", "suspend"]).and_then(Value::as_bool) == Some(true);
    let (start, was) = (status.child("startTime"), before.child("startTime"));
    if was.is_present() && !suspended && start.value != was.value {
        start.invalid(errors, "field is immutable for unsuspended job once set");
    }
    let (completion, was) = (status.child("completionTime"), before.child("completionTime"));
    if was.is_present() && completion.is_present() && completion.value != was.value {
        completion.invalid(errors, "field is immutable");
    }
    for (condition, called) in TERMINAL {
        if has(old, condition) && !has(job, condition) {
            bad_conditions(status, format!("cannot disable the {called}{condition}=True condition"), errors);
        }
    }
}
