//! The parts of ObjectMeta that have rules of their own: labels, annotations, finalizers, owners.

use status::{BadValue, FieldError, FieldErrors, Path, go_quote};

use super::{Messages, label_key, label_value, qualified_name, unless};
use crate::GroupVersionKind;

/// How many bytes the keys and values of annotations may have together.
pub const ANNOTATIONS_LIMIT: usize = 256 * 1024;
/// The finalizer that makes dependents orphans.
pub const ORPHAN_FINALIZER: &str = "orphan";
/// The finalizer that waits for dependents to be deleted.
pub const DELETE_DEPENDENTS_FINALIZER: &str = "foregroundDeletion";

/// One error for each message, about `value`.
fn errors_of<'p>(
    path: &'p Path<'_>,
    value: &'p str,
    messages: Messages,
) -> impl Iterator<Item = FieldError> + 'p {
    messages.into_iter().map(move |message| FieldError::invalid(path, value, message))
}

/// Labels: each key a label key, each value a label value.
pub fn check_labels<'l>(
    path: &Path<'_>,
    labels: impl IntoIterator<Item = (&'l str, &'l str)>,
) -> FieldErrors {
    let mut errors = FieldErrors::new();
    for (key, value) in labels {
        errors.extend(errors_of(path, key, label_key(key)));
        errors.extend(errors_of(path, value, label_value(value)));
    }
    errors
}

/// Annotations: each key a qualified name in any case, all together within [`ANNOTATIONS_LIMIT`].
pub fn check_annotations<'a>(
    path: &Path<'_>,
    annotations: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> FieldErrors {
    let mut errors = FieldErrors::new();
    let mut size = 0_usize;
    for (key, value) in annotations {
        errors.extend(errors_of(path, key, qualified_name(&key.to_lowercase())));
        size = size.saturating_add(key.len() + value.len());
    }
    if size > ANNOTATIONS_LIMIT {
        errors.push(FieldError::too_long(path, ANNOTATIONS_LIMIT as i64));
    }
    errors
}

/// Finalizers: each a qualified name, and not both ways to treat dependents.
pub fn check_finalizers<'f>(path: &Path<'_>, finalizers: impl IntoIterator<Item = &'f str>) -> FieldErrors {
    let finalizers: Vec<&str> = finalizers.into_iter().collect();
    let mut errors = FieldErrors::new();
    for finalizer in &finalizers {
        errors.extend(errors_of(path, finalizer, qualified_name(finalizer)));
    }
    if finalizers.contains(&ORPHAN_FINALIZER) && finalizers.contains(&DELETE_DEPENDENTS_FINALIZER) {
        let quoted: Vec<String> = finalizers.iter().map(|finalizer| go_quote(finalizer)).collect();
        let list = BadValue::Bare(format!("[{}]", quoted.join(",")));
        errors.push(FieldError::invalid(
            path,
            list,
            "finalizer orphan and foregroundDeletion cannot be both set",
        ));
    }
    errors
}

/// Whether the finalizer is one of the API's own, which need no domain.
pub fn is_standard_finalizer(name: &str) -> bool {
    matches!(name, "kubernetes" | ORPHAN_FINALIZER | DELETE_DEPENDENTS_FINALIZER)
}

/// The further rule built-in kinds have for a finalizer: a standard one or with a domain.
pub fn standard_or_qualified_finalizer(name: &str) -> Messages {
    let message = "name is neither a standard finalizer name nor is it fully qualified";
    unless(name.contains('/') || is_standard_finalizer(name), message)
}

/// Whether no object may be owned by this kind.
pub fn is_disallowed_owner(kind: &GroupVersionKind) -> bool {
    kind.group.is_empty() && kind.version == "v1" && kind.kind == "Event"
}

/// What is wrong with an owner that may be none.
pub fn disallowed_owner(kind: &GroupVersionKind) -> String {
    format!("{kind} is disallowed from being an owner")
}

/// What is wrong with two owners (each `Kind/name`) that are both the controller.
pub fn two_controllers(first: &str, second: &str) -> String {
    let rule = "Only one reference can have Controller set to true.";
    format!("{rule} Found \"true\" in references for {first} and {second}")
}
