//! Rules that workloads share: selectors and templates, numbers or percentages, statuses' counters.

mod columns;
mod strategy;

pub(crate) use columns::{REPLICATED, replicated};
pub(crate) use strategy::{Workload, WorkloadStatus};

use meta::LabelSelector;
use meta::selector::MatchExpression;
use object::Value;
use registry::Warnings;
use schema::TypeRef;
use status::{BadValue, FieldError, FieldErrors};

use crate::checks::Field;
use crate::fields::{text, texts};
use crate::{internal, pod};

/// The selector's requirements; none if they are malformed. A selector that is absent selects nothing.
pub(crate) fn selector(field: &Field<'_, '_>) -> Option<LabelSelector> {
    let labels = field.child("matchLabels");
    let labels = labels.entries().map(|(key, value)| (key, value.as_str().unwrap_or("")));
    let expressions = field.child("matchExpressions");
    let expressions = expressions.list().iter().map(|one| MatchExpression {
        key: text(one, "key"),
        operator: text(one, "operator"),
        values: texts(one, "values").collect(),
    });
    LabelSelector::from_parts(labels, expressions).ok()
}

/// Whether a selector selects a pod made of `template`.
pub(crate) fn selects(field: &Field<'_, '_>, selector: &LabelSelector, template: &Value) -> bool {
    let labels = template.at(["metadata", "labels"]);
    field.is_present() && selector.matches(|key| labels?.get(key)?.as_str())
}

/// A label selector as messages show it: in the order of its fields.
pub(crate) fn shown_selector(field: &Field<'_, '_>, types: TypeRef<'_>) -> BadValue {
    match field.value {
        Value::Null => BadValue::Null,
        value => {
            let ty = types.schema.named("io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector");
            internal::bad_value(ty, value)
        }
    }
}

/// The selector of a workload, which must be there and select something. `kind` stands in the message; `malformed`
/// is what is said of one that can't be read.
pub(crate) fn own_selector(
    spec: &Field<'_, '_>,
    kind: &str,
    malformed: &str,
    types: TypeRef<'_>,
    errors: &mut FieldErrors,
) -> Option<LabelSelector> {
    let field = spec.child("selector");
    if field.is_present() {
        field.label_selector(errors, false);
        if field.child("matchLabels").is_empty() && field.child("matchExpressions").is_empty() {
            let detail = format!("empty selector is invalid for {kind}");
            errors.push(FieldError::invalid(&field.path, shown_selector(&field, types), detail));
        }
    } else {
        field.missing(errors, "");
    }
    let parsed = selector(&field);
    if parsed.is_none() {
        errors.push(FieldError::invalid(&field.path, shown_selector(&field, types), malformed));
    }
    parsed
}

/// The template must carry the labels that the selector asks for. A selector of everything is not asked.
pub(crate) fn template_matches(spec: &Field<'_, '_>, selector: &LabelSelector, errors: &mut FieldErrors) {
    let (field, template) = (spec.child("selector"), spec.child("template"));
    let everything = field.is_present() && selector.is_everything();
    if !everything && !selects(&field, selector, template.value) {
        does_not_match(&template, errors);
    }
}

/// The template's labels are none of those selected.
pub(crate) fn does_not_match(template: &Field<'_, '_>, errors: &mut FieldErrors) {
    let metadata = template.child("metadata");
    let labels = metadata.child("labels");
    let value = if labels.is_present() { labels.bad_value() } else { BadValue::Null };
    errors.push(FieldError::invalid(&labels.path, value, "`selector` does not match template `labels`"));
}

/// The pods of a template are restarted always, and have no deadline.
pub(crate) fn runs_for_ever(template: &Field<'_, '_>, kind: &str, errors: &mut FieldErrors) {
    let spec = template.child("spec");
    let policy = spec.child("restartPolicy");
    if policy.text() != "Always" {
        policy.unsupported(errors, &["Always"]);
    }
    let deadline = spec.child("activeDeadlineSeconds");
    if deadline.is_present() {
        deadline.forbidden(errors, format!("activeDeadlineSeconds in {kind} is not Supported"));
    }
}

/// Disks that only one machine may write to are read-only where several pods use them.
pub(crate) fn read_only_disks(template: &Field<'_, '_>, errors: &mut FieldErrors) {
    let spec = template.child("spec");
    for volume in spec.child("volumes").items() {
        let disk = volume.child("gcePersistentDisk");
        let read_only = disk.child("readOnly");
        if disk.is_present() && !read_only.flag() {
            let detail = "must be true for replicated pods > 1; GCE PD can only be mounted on multiple machines \
                          if it is read-only";
            errors.push(FieldError::invalid(&read_only.path, false, detail));
        }
    }
}

/// A number of pods, or a percentage of them.
pub(crate) fn number_or_percent(field: &Field<'_, '_>, errors: &mut FieldErrors) {
    match field.value {
        Value::String(_) => {
            field.name(errors, meta::names::percent);
        }
        _ => field.non_negative(errors),
    }
}

/// The number of percent that a text says.
fn percent(value: &Value) -> Option<i64> {
    let text = value.as_str()?;
    meta::names::percent(text).is_empty().then(|| text.trim_end_matches('%').parse().ok())?
}

/// No more than all of the pods.
pub(crate) fn at_most_all(field: &Field<'_, '_>, errors: &mut FieldErrors) {
    if percent(field.value).is_some_and(|percent| percent > 100) {
        field.invalid(errors, "must not be greater than 100%");
    }
}

/// The number, whether it counts pods or percent.
pub(crate) fn plain_number(field: &Field<'_, '_>) -> i64 {
    percent(field.value).unwrap_or_else(|| field.int())
}

/// Counters of a status: none is negative, and each of `parts` is at most the whole, `whole`.
pub(crate) fn counters(
    status: &Field<'_, '_>,
    all: &[&str],
    parts: &[&str],
    whole: &str,
    errors: &mut FieldErrors,
) {
    for field in all {
        status.child(field).non_negative(errors);
    }
    for part in parts {
        let part = status.child(part);
        if part.int() > status.child(whole).int() {
            let detail = format!("cannot be greater than status.{whole}");
            errors.push(FieldError::invalid(&part.path, part.int(), detail));
        }
    }
}

/// `status.collisionCount` only grows.
pub(crate) fn collision_count(status: &Field<'_, '_>, old: &Value, errors: &mut FieldErrors) {
    let count = status.child("collisionCount");
    if let Some(before) = old.at(["status", "collisionCount"]).and_then(Value::as_i64)
        && (!count.is_present() || count.int() < before)
    {
        errors.push(FieldError::invalid(&count.path, count.int(), "cannot be decremented"));
    }
}

/// `spec.selector` stays what it was.
pub(crate) fn selector_stays(object: &Value, old: &Value, types: TypeRef<'_>, errors: &mut FieldErrors) {
    let root = Field::root(object);
    let spec = root.child("spec");
    let selector = spec.child("selector");
    let before = old.at(["spec", "selector"]).unwrap_or(&Value::Null);
    if selector.value != before {
        errors.push(FieldError::invalid(
            &selector.path,
            shown_selector(&selector, types),
            "field is immutable",
        ));
    }
}

/// Whether an object is created or was changed in what its generation counts.
pub(crate) fn is_new_or_generation_differs(object: &Value, old: Option<&Value>) -> bool {
    let generation = registry::metadata::generation;
    old.is_none_or(|old| generation(old) != generation(object))
}

/// Warns of the new name of a workload that its pods' host names are made of.
pub(crate) fn warn_of_name(object: &Value, old: Option<&Value>, warnings: &mut Warnings) {
    if old.is_none() {
        pod::warn_of_name(object, "Pod names and hostnames", warnings);
    }
}

/// Warns of the template at `spec.template`.
pub(crate) fn warn_of_template(object: &Value, old: Option<&Value>, warnings: &mut Warnings) {
    if is_new_or_generation_differs(object, old) {
        pod::warn_of_template(&Field::root(object).child("spec").child("template"), warnings);
    }
}
