//! What a definition's schema may say: of OpenAPI v3, and of Kubernetes' extensions to it.

use object::{Map, Value, json};
use status::{BadValue, FieldError, FieldErrors, Path};

use super::structural::missing_or_wrong;
use crate::fields::{flag, present, text};

const TYPES: &[&str] = &["array", "boolean", "integer", "number", "object", "string"];
const LIST_TYPES: &[&str] = &["atomic", "set", "map"];
const MAP_TYPES: &[&str] = &["atomic", "granular"];

/// Keywords that are understood by OpenAPI, but not here; each forbidden if it is used.
const UNSUPPORTED: &[&str] =
    &["id", "additionalItems", "patternProperties", "definitions", "dependencies", "$ref"];

/// Where a schema stands among those around it.
#[derive(Clone, Copy, Default)]
struct Place<'p> {
    root: bool,
    /// Within the metadata of a resource.
    metadata: bool,
    /// Why no default may be set here; empty if one may.
    no_default: &'p str,
}

/// Checks a whole schema.
pub(super) fn validate(schema: &Value, path: &Path<'_>, errors: &mut FieldErrors) {
    node(schema, path, Place { root: true, ..Place::default() }, errors);
}

fn node(schema: &Value, path: &Path<'_>, place: Place<'_>, errors: &mut FieldErrors) {
    keywords(schema, path, place, errors);
    if flag(schema, "uniqueItems") {
        let detail = "uniqueItems cannot be set to true since the runtime complexity becomes quadratic";
        errors.push(FieldError::forbidden(&path.child("uniqueItems"), detail));
    }
    children(schema, path, place, errors);
    if schema.get("x-kubernetes-preserve-unknown-fields").and_then(Value::as_bool) == Some(false) {
        let path = path.child("x-kubernetes-preserve-unknown-fields");
        errors.push(FieldError::invalid(&path, false, "must be true or undefined"));
    }
    merge_type(schema, path, ("x-kubernetes-map-type", "object", MAP_TYPES), errors);
    merge_type(schema, path, ("x-kubernetes-list-type", "array", LIST_TYPES), errors);
    lists(schema, path, errors);
}

fn keywords(schema: &Value, path: &Path<'_>, place: Place<'_>, errors: &mut FieldErrors) {
    let kind = text(schema, "type");
    if kind == "null" {
        let detail = "type cannot be set to null, use nullable as an alternative";
        errors.push(FieldError::forbidden(&path.child("type"), detail));
    } else if !kind.is_empty() && !TYPES.contains(&kind) {
        errors.push(FieldError::not_supported(&path.child("type"), kind, TYPES.iter().copied()));
    }
    if present(schema, "default").is_some() && !place.no_default.is_empty() {
        let detail = format!("must not be set {}", place.no_default);
        errors.push(FieldError::forbidden(&path.child("default"), detail));
    }
    for keyword in UNSUPPORTED {
        let used = match schema.get(keyword) {
            None | Some(Value::Null) => false,
            Some(Value::String(text)) => *keyword == "$ref" || !text.is_empty(),
            Some(Value::Object(map)) => *keyword == "dependencies" || !map.is_empty(),
            Some(_) => true,
        };
        if used {
            errors.push(FieldError::forbidden(&path.child(keyword), format!("{keyword} is not supported")));
        }
    }
    if !schema.items_at(["items"]).is_empty() {
        let detail = "items must be a schema object and not an array";
        errors.push(FieldError::forbidden(&path.child("items"), detail));
    }
    if place.metadata && flag(schema, "x-kubernetes-embedded-resource") {
        let path = path.child("x-kubernetes-embedded-resource");
        errors.push(FieldError::forbidden(&path, "must not be used inside of resource meta"));
    }
}

fn children(schema: &Value, path: &Path<'_>, place: Place<'_>, errors: &mut FieldErrors) {
    let inside = Place { root: false, ..place };
    let empty = Map::new();
    let properties = schema.get("properties").and_then(Value::as_object).unwrap_or(&empty);
    if let Some(additional) = present(schema, "additionalProperties") {
        let path = path.child("additionalProperties");
        let exclusive = additional.as_bool() != Some(true);
        if !properties.is_empty() && exclusive {
            let detail = "additionalProperties and properties are mutual exclusive";
            errors.push(FieldError::forbidden(&path, detail));
        }
        let no_default = match place.metadata {
            true => "inside additionalProperties applying to object metadata",
            false => place.no_default,
        };
        if additional.as_object().is_some() {
            node(additional, &path, Place { no_default, ..inside }, errors);
        }
    }
    let at = path.child("properties");
    let resource = place.root || flag(schema, "x-kubernetes-embedded-resource");
    for (name, property) in properties.iter() {
        let meta = resource && matches!(name, "metadata" | "kind" | "apiVersion");
        let reason = format!("in top-level {name}");
        let place = Place {
            metadata: place.metadata || meta,
            no_default: if meta && place.root { &reason } else { place.no_default },
            root: false,
        };
        node(property, &at.key(name), place, errors);
    }
    if let Some(not) = schema.get("not").filter(|not| not.as_object().is_some()) {
        node(not, &path.child("not"), inside, errors);
    }
    for keyword in ["allOf", "oneOf", "anyOf"] {
        let at = path.child(keyword);
        for (index, nested) in schema.items_at([keyword]).iter().enumerate() {
            node(nested, &at.index(index), inside, errors);
        }
    }
    if let Some(items) = schema.get("items").filter(|items| items.as_object().is_some()) {
        node(items, &path.child("items"), inside, errors);
    }
}

/// Checks `x-kubernetes-map-type` or `x-kubernetes-list-type`.
fn merge_type(
    schema: &Value,
    path: &Path<'_>,
    (keyword, kind, allowed): (&str, &str, &[&str]),
    errors: &mut FieldErrors,
) {
    let Some(given) = schema.get(keyword).and_then(Value::as_str) else { return };
    if text(schema, "type") != kind {
        let detail = format!("must be {kind} if {keyword} is specified");
        errors.push(missing_or_wrong(&path.child("type"), text(schema, "type"), &detail));
    } else if !allowed.contains(&given) {
        errors.push(FieldError::not_supported(&path.child(keyword), given, allowed.iter().copied()));
    }
}

fn lists(schema: &Value, path: &Path<'_>, errors: &mut FieldErrors) {
    let list_type = schema.get("x-kubernetes-list-type").and_then(Value::as_str);
    let keys = schema.items_at(["x-kubernetes-list-map-keys"]);
    if !keys.is_empty() && list_type != Some("map") {
        let detail = "must be map if x-kubernetes-list-map-keys is non-empty";
        let path = path.child("x-kubernetes-list-type");
        errors.push(missing_or_wrong(&path, list_type.unwrap_or(""), detail));
    }
    let items = schema.get("items").filter(|items| items.as_object().is_some());
    match (list_type, items) {
        (Some("map"), items) => list_map(schema, items, path, errors),
        (Some("set"), Some(items)) => set_items(items, &path.child("items"), errors),
        _ => {}
    }
    if let (Some(list_type @ ("set" | "map")), Some(items)) = (list_type, items) {
        nullable_items(items, list_type, &path.child("items"), errors);
    }
}

fn list_map(schema: &Value, items: Option<&Value>, path: &Path<'_>, errors: &mut FieldErrors) {
    let keys = schema.items_at(["x-kubernetes-list-map-keys"]);
    let at_keys = path.child("x-kubernetes-list-map-keys");
    if keys.is_empty() {
        let detail = "must not be empty if x-kubernetes-list-type is map";
        errors.push(FieldError::required(&at_keys, detail));
    }
    let at = path.child("items");
    let Some(items) = items else {
        errors.push(FieldError::required(&at, "must have a schema if x-kubernetes-list-type is map"));
        return;
    };
    let kind = text(items, "type");
    if kind != "object" {
        let detail = "must be object if parent array's x-kubernetes-list-type is map";
        errors.push(FieldError::invalid(&at.child("type"), kind, detail));
        return;
    }
    let shown = || BadValue::Bare(json::to_string(&Value::Array(keys.to_vec())));
    let properties = at.child("properties");
    let mut seen: Vec<&str> = Vec::new();
    for key in keys.iter().filter_map(Value::as_str) {
        match items.at(["properties", key]) {
            Some(property) if matches!(text(property, "type"), "array" | "object") => {
                let detail = "must be a scalar type if parent array's x-kubernetes-list-type is map";
                errors.push(FieldError::invalid(&properties.key(key).child("type"), kind, detail));
            }
            Some(_) => {}
            None => {
                let detail = "entries must all be names of item properties";
                errors.push(FieldError::invalid(&at_keys, shown(), detail));
            }
        }
        if seen.contains(&key) {
            errors.push(FieldError::invalid(&at_keys, shown(), "must not contain duplicate entries"));
        }
        seen.push(key);
    }
    let required = items.items_at(["required"]);
    for key in seen {
        let Some(property) = items.at(["properties", key]) else { continue };
        let needed = required.iter().any(|required| required.as_str() == Some(key));
        if !needed && present(property, "default").is_none() {
            let detail = "this property is in x-kubernetes-list-map-keys, so it must have a default or be a required \
                          property";
            errors.push(FieldError::required(&properties.key(key).child("default"), detail));
        }
    }
}

/// The elements of a set are compared as a whole.
fn set_items(items: &Value, path: &Path<'_>, errors: &mut FieldErrors) {
    let keyword = match text(items, "type") {
        "object" => "x-kubernetes-map-type",
        "array" => "x-kubernetes-list-type",
        _ => return,
    };
    let given = items.get(keyword).and_then(Value::as_str);
    let atomic = match given {
        None => keyword == "x-kubernetes-list-type",
        Some(given) => given == "atomic",
    };
    if !atomic {
        let value = given.map_or(BadValue::Null, BadValue::from);
        let detail = "must be atomic as item of a list with x-kubernetes-list-type=set";
        errors.push(FieldError::invalid(&path.child(keyword), value, detail));
    }
}

fn nullable_items(items: &Value, list_type: &str, path: &Path<'_>, errors: &mut FieldErrors) {
    if flag(items, "nullable") {
        let detail = format!("cannot be nullable when x-kubernetes-list-type is {list_type}");
        errors.push(FieldError::forbidden(&path.child("nullable"), detail));
    }
}
