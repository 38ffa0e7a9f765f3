//! `kubectl.kubernetes.io/last-applied-configuration`: from client-side apply to server-side apply and back.
//!
//! What kubectl wrote by client-side apply and nobody changed since may be taken over without a conflict by its
//! server-side apply; and the annotation is kept in step, so that client-side apply goes on working.

use object::{Value, json};

use super::Set;
use super::ownership::Write;
use super::validate::{Duplicates, validate};

/// The annotation.
const ANNOTATION: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// The manager whose applies follow client-side apply.
pub(super) const KUBECTL: &str = "kubectl";

/// The most that all annotations of an object may hold, in bytes of keys and values.
const MOST_ANNOTATIONS: usize = 256 * 1024;

fn annotation(object: &Value) -> &str {
    object.str_at(["metadata", "annotations", ANNOTATION])
}

/// The fields whose conflicts client-side apply allows; nothing if the object has no usable annotation.
pub(super) fn allowed(write: &Write<'_>, live: &Value) -> Option<Set> {
    let last: Value = json::parse(annotation(live).as_bytes()).ok()?;
    if last.str_at(["apiVersion"]) != write.api_version {
        return None;
    }
    validate(write.node, &last, Duplicates::Refused).ok()?;
    Some(write.unchanged_since(&last, live))
}

/// The text that the annotation has once `applied` is applied; nothing if `merged` carries none.
pub(super) fn updated(merged: &Value, applied: &Value) -> Option<String> {
    if annotation(merged).is_empty() {
        return None;
    }
    let mut applied = applied.clone();
    if let Some(metadata) = applied.get_mut("metadata") {
        metadata.remove("managedFields");
        if let Some(annotations) = metadata.get_mut("annotations") {
            annotations.remove(ANNOTATION);
        }
    }
    let mut text = json::to_string(&applied);
    text.push('\n');
    Some(text)
}

/// Sets the annotation, or drops it if it makes the annotations too large.
pub(super) fn set(object: &mut Value, text: String) {
    let annotations =
        object.object_at("metadata").get_or_insert_with("annotations", Value::object).make_object();
    annotations.insert(ANNOTATION, text);
    let size: usize =
        annotations.iter().map(|(key, value)| key.len() + value.as_str().map_or(0, str::len)).sum();
    if size > MOST_ANNOTATIONS {
        annotations.remove(ANNOTATION);
    }
}
