//! The community's own groups: a definition in one of them says where its API was approved
//! (kubernetes/enhancements#1111).

use object::Value;
use status::{FieldError, FieldErrors, Path};

const ANNOTATION: &str = "api-approved.kubernetes.io";

/// What the annotation says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Missing,
    Approved,
    Bypassed,
    Invalid,
}

fn is_protected(group: &str) -> bool {
    ["k8s.io", "kubernetes.io"]
        .iter()
        .any(|domain| group == *domain || group.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.')))
}

fn annotation(object: &Value) -> &str {
    object.str_at(["metadata", "annotations", ANNOTATION])
}

fn state(object: &Value) -> State {
    let text = annotation(object);
    if text.is_empty() {
        return State::Missing;
    }
    if text.starts_with("unapproved") {
        return State::Bypassed;
    }
    let host = text.split_once("://").map(|(scheme, rest)| (scheme, rest.split('/').next().unwrap_or("")));
    match host {
        Some((scheme, host)) if !scheme.is_empty() && !host.is_empty() && !host.contains(' ') => {
            State::Approved
        }
        _ => State::Invalid,
    }
}

/// Checks the annotation; one that is as it was passes.
pub(super) fn validate(object: &Value, old: Option<&Value>, errors: &mut FieldErrors) {
    if !is_protected(object.str_at(["spec", "group"])) {
        return;
    }
    let now = state(object);
    if old.is_some_and(|old| state(old) == now) {
        return;
    }
    let (metadata, see) = (Path::new("metadata"), "see https://github.com/kubernetes/enhancements/pull/1111");
    let annotations = metadata.child("annotations");
    let path = annotations.key(ANNOTATION);
    let must = format!("protected groups must have approval annotation \"{ANNOTATION}\"");
    match now {
        State::Missing => errors.push(FieldError::required(&path, format!("{must}, {see}"))),
        State::Invalid => {
            let detail = format!("{must} with either a URL or a reason starting with \"unapproved\", {see}");
            errors.push(FieldError::invalid(&path, annotation(object), detail));
        }
        State::Approved | State::Bypassed => {}
    }
}
