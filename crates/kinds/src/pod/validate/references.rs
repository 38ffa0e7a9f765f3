//! References from a pod to its own fields and its containers' resources (the downward API).

use meta::Quantity;
use object::Value;
use status::{FieldError, FieldErrors};

use crate::checks::Field;

/// Fields that environment variables may show.
pub(super) const IN_ENVIRONMENT: &[&str] = &[
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
    "spec.nodeName",
    "spec.serviceAccountName",
    "status.hostIP",
    "status.hostIPs",
    "status.podIP",
    "status.podIPs",
];

/// Fields that volumes may show.
pub(super) const IN_VOLUMES: &[&str] =
    &["metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid"];

/// Fields that are known at all.
const KNOWN: &[&str] = &[
    "metadata.annotations",
    "metadata.labels",
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
    "spec.nodeName",
    "spec.restartPolicy",
    "spec.serviceAccountName",
    "spec.schedulerName",
    "status.phase",
    "status.hostIP",
    "status.hostIPs",
    "status.podIP",
    "status.podIPs",
];

const RESOURCES: &[&str] = &[
    "limits.cpu",
    "limits.ephemeral-storage",
    "limits.memory",
    "requests.cpu",
    "requests.ephemeral-storage",
    "requests.memory",
];
const HUGE_PAGES: [&str; 2] = ["limits.hugepages-", "requests.hugepages-"];

/// `path['key']` in its parts.
fn split_subscript(path: &str) -> Option<(&str, &str)> {
    let (path, key) = path.strip_suffix("']")?.split_once("['")?;
    (!path.is_empty()).then_some((path, key))
}

/// Checks a `fieldRef`; `allowed` are the fields without keys.
pub(super) fn field(reference: &Field<'_, '_>, allowed: &[&str], errors: &mut FieldErrors) {
    let (version, path) = (reference.child("apiVersion"), reference.child("fieldPath"));
    if !version.required(errors) || !path.required(errors) {
        return;
    }
    let subscript = split_subscript(path.text());
    let label = if path.text() == "spec.host" { "spec.nodeName" } else { path.text() };
    let problem = match subscript {
        _ if version.text() != "v1" => format!("unsupported pod version: {}", version.text()),
        Some(("metadata.annotations" | "metadata.labels", _)) => String::new(),
        Some(_) => format!("field label does not support subscript: {label}"),
        None if KNOWN.contains(&label) => String::new(),
        None => format!("field label not supported: {label}"),
    };
    if !problem.is_empty() {
        path.invalid_text(errors, format!("error converting fieldPath: {problem}"));
        return;
    }
    match subscript {
        Some((of, key)) => {
            let key = if of == "metadata.annotations" { key.to_lowercase() } else { key.to_owned() };
            for message in meta::names::qualified_name(&key) {
                errors.push(FieldError::invalid(&reference.path, key.as_str(), message));
            }
        }
        None if !allowed.contains(&label) => {
            errors.push(FieldError::not_supported(&path.path, label, allowed.iter().copied()));
        }
        None => {}
    }
}

/// Checks a `resourceFieldRef`; in a volume it must name a container.
pub(super) fn resource(reference: &Field<'_, '_>, in_volume: bool, errors: &mut FieldErrors) {
    let (container, resource) = (reference.child("containerName"), reference.child("resource"));
    let name = resource.text();
    if in_volume && container.is_empty() {
        container.missing(errors, "");
    } else if resource.is_empty() {
        resource.missing(errors, "");
    } else if !RESOURCES.contains(&name) && !HUGE_PAGES.iter().any(|prefix| name.starts_with(prefix)) {
        resource.unsupported(errors, RESOURCES);
    }
    divisor(reference.child("divisor"), name, errors);
}

fn divisor(divisor: Field<'_, '_>, resource: &str, errors: &mut FieldErrors) {
    const SIZES: &[&str] =
        &["1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei"];
    let text = divisor.value.as_str().unwrap_or("0");
    if Quantity::parse(text).is_ok_and(|quantity| quantity.is_zero()) {
        return;
    }
    let (allowed, list, of) = match resource.split_once('.').map(|(_, resource)| resource) {
        Some("cpu") => (&["1m", "1"][..], "1m and 1".to_owned(), "cpu"),
        Some("memory") => (SIZES, SIZES.join(", "), "memory"),
        Some("ephemeral-storage") => (SIZES, SIZES.join(", "), "local ephemeral storage"),
        Some(name) if name.starts_with("hugepages-") => (SIZES, SIZES.join(", "), "hugepages"),
        _ => return,
    };
    if !allowed.contains(&text) {
        let detail = format!("only divisor's values {list} are supported with the {of} resource");
        errors.push(FieldError::invalid(&divisor.path, resource, detail));
    }
}

/// Whether a value is a quantity below zero.
pub(super) fn is_negative(value: &Value) -> bool {
    value.as_str().and_then(|text| Quantity::parse(text).ok()).is_some_and(|quantity| quantity.signum() < 0)
}
