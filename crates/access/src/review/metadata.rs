//! Metadata as a message prints it: Go's JSON of an ObjectMeta, fields in declared order.

use object::{Map, Value, json};

const OBJECT: &[&str] = &[
    "name",
    "generateName",
    "namespace",
    "selfLink",
    "uid",
    "resourceVersion",
    "generation",
    "creationTimestamp",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
    "labels",
    "annotations",
    "ownerReferences",
    "finalizers",
    "managedFields",
];
const OWNER: &[&str] = &["apiVersion", "kind", "name", "uid", "controller", "blockOwnerDeletion"];
const MANAGER: &[&str] =
    &["manager", "operation", "apiVersion", "time", "fieldsType", "fieldsV1", "subresource"];

/// Whether nothing is set but `except`.
pub(super) fn is_empty(metadata: Option<&Value>, except: &[&str]) -> bool {
    let nothing = |value: &Value| match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.is_empty(),
        _ => false,
    };
    let fields = metadata.and_then(Value::as_object);
    fields.is_none_or(|map| map.iter().all(|(key, value)| except.contains(&key) || nothing(value)))
}

/// The metadata as JSON.
pub(super) fn to_json(metadata: Option<&Value>) -> String {
    let mut out = Vec::new();
    match metadata.and_then(Value::as_object) {
        Some(map) => write(&mut out, map, OBJECT),
        None => out.extend_from_slice(b"{}"),
    }
    String::from_utf8(out).unwrap_or_default()
}

fn write(out: &mut Vec<u8>, map: &Map, order: &[&str]) {
    out.push(b'{');
    let mut first = true;
    for key in order {
        let Some(value) = map.get(key).filter(|value| !value.is_null()) else { continue };
        if !first {
            out.push(b',');
        }
        first = false;
        json::write_string(out, key);
        out.push(b':');
        match (*key, value) {
            ("ownerReferences", Value::Array(items)) => write_all(out, items, OWNER),
            ("managedFields", Value::Array(items)) => write_all(out, items, MANAGER),
            _ => json::write(out, value),
        }
    }
    out.push(b'}');
}

fn write_all(out: &mut Vec<u8>, items: &[Value], order: &[&str]) {
    out.push(b'[');
    for (number, item) in items.iter().enumerate() {
        if number > 0 {
            out.push(b',');
        }
        match item.as_object() {
            Some(map) => write(out, map, order),
            None => json::write(out, item),
        }
    }
    out.push(b']');
}
