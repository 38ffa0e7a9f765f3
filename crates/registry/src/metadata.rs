//! ObjectMeta as the verbs need it: reading it, and what the system writes into it.

use object::{Map, Value};

use crate::Warnings;

/// What a warning says of duplicates that admission may have made.
pub(crate) const AFTER_ADMISSION: &str = " after mutating admission happens";

/// The text of `metadata.field`; empty where there is none.
pub fn text<'v>(object: &'v Value, field: &str) -> &'v str {
    object.str_at(["metadata", field])
}

/// `metadata.name`.
pub fn name(object: &Value) -> &str {
    text(object, "name")
}

/// `metadata.namespace`.
pub fn namespace(object: &Value) -> &str {
    text(object, "namespace")
}

/// `metadata.uid`.
pub fn uid(object: &Value) -> &str {
    text(object, "uid")
}

/// `metadata.generation`; 0 where there is none.
pub fn generation(object: &Value) -> i64 {
    object.at(["metadata", "generation"]).and_then(Value::as_i64).unwrap_or(0)
}

/// Whether deletion has begun.
pub fn is_deleting(object: &Value) -> bool {
    object.at(["metadata", "deletionTimestamp"]).is_some_and(|time| !time.is_null())
}

/// `metadata.deletionGracePeriodSeconds`.
pub fn grace_seconds(object: &Value) -> Option<i64> {
    object.at(["metadata", "deletionGracePeriodSeconds"]).and_then(Value::as_i64)
}

/// `metadata.finalizers`.
pub fn finalizers(object: &Value) -> impl Iterator<Item = &str> {
    object.items_at(["metadata", "finalizers"]).iter().filter_map(Value::as_str)
}

/// `metadata`, made if it is absent.
pub fn metadata(object: &mut Value) -> &mut Map {
    object.object_at("metadata")
}

/// Sets `metadata.field`, or removes it when there is no value.
pub fn set(object: &mut Value, field: &str, value: Option<Value>) {
    let map = metadata(object);
    match value {
        Some(value) => {
            map.insert(field, value);
        }
        None => {
            map.remove(field);
        }
    }
}

/// Sets `metadata.finalizers`; an empty list is removed.
pub fn set_finalizers(object: &mut Value, finalizers: Vec<Value>) {
    set(object, "finalizers", (!finalizers.is_empty()).then_some(Value::Array(finalizers)));
}

/// Puts back what `old` has in `metadata.field`.
pub fn restore(object: &mut Value, old: &Value, field: &str) {
    set(object, field, old.at(["metadata", field]).cloned());
}

/// Drops owner references that are there twice, and warns of them. `when` is added to the warning: empty, or
/// ` after mutating admission happens`.
pub(crate) fn dedup_owners(object: &mut Value, when: &str, warnings: &mut Warnings) {
    let references = object.items_at(["metadata", "ownerReferences"]);
    let mut kept: Vec<Value> = Vec::with_capacity(references.len());
    let mut duplicates: Vec<&str> = Vec::new();
    for reference in references {
        if !kept.contains(reference) {
            kept.push(reference.clone());
        } else if !duplicates.contains(&reference.str_at(["uid"])) {
            duplicates.push(reference.str_at(["uid"]));
        }
    }
    if duplicates.is_empty() {
        return;
    }
    warnings.add(format!(
        ".metadata.ownerReferences contains duplicate entries{when}; API server dedups owner references in 1.20+, and \
         may reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: {}",
        duplicates.join(", ")
    ));
    set(object, "ownerReferences", Some(Value::Array(kept)));
}
