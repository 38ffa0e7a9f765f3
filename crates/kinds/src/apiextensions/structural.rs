//! What makes a schema structural (KEP-1111): every part has a type, and what stands below `allOf`, `anyOf`, `oneOf`
//! and `not` only restricts parts that are specified outside of them.

use object::{Map, Value};
use status::{FieldError, FieldErrors, Path};

use crate::fields::{flag, text};

/// Where a schema stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Level {
    Root,
    Item,
    Field,
}

const INT_OR_STRING: &str = "x-kubernetes-int-or-string";
const PRESERVE: &str = "x-kubernetes-preserve-unknown-fields";
const EMBEDDED: &str = "x-kubernetes-embedded-resource";

/// Checks a whole schema. Errors come sorted by their text.
pub(super) fn validate(schema: &Value, path: &Path<'_>) -> FieldErrors {
    let mut errors = FieldErrors::new();
    invariants(schema, Level::Root, path, &mut errors);
    completeness(schema, Some(schema), path, path, &mut errors);
    errors.sort_by_cached_key(FieldError::message);
    errors
}

fn sub<'v>(schema: &'v Value, key: &str) -> Option<&'v Value> {
    schema.get(key).filter(|value| value.as_object().is_some())
}

fn map<'v>(schema: &'v Value, key: &str) -> impl Iterator<Item = (&'v str, &'v Value)> + use<'v> {
    schema.get(key).and_then(Value::as_object).into_iter().flat_map(Map::iter)
}

fn invariants(schema: &Value, level: Level, path: &Path<'_>, errors: &mut FieldErrors) {
    let kind = text(schema, "type");
    if kind == "array" && sub(schema, "items").is_none() && schema.items_at(["items"]).is_empty() {
        errors.push(FieldError::required(&path.child("items"), "must be specified"));
    }
    if let Some(items) = sub(schema, "items") {
        invariants(items, Level::Item, &path.child("items"), errors);
    }
    let properties = path.child("properties");
    for (name, property) in map(schema, "properties") {
        invariants(property, Level::Field, &properties.key(name), errors);
    }
    if let Some(values) = sub(schema, "additionalProperties") {
        invariants(values, Level::Field, &path.child("additionalProperties"), errors);
    }
    extensions(schema, path, errors);
    value_validation(schema, skipped(schema), path, errors);
    type_is_said(schema, level, path, errors);
    type_and_metadata(schema, level, path, errors);
    if flag(schema, EMBEDDED) && !flag(schema, PRESERVE) && map(schema, "properties").next().is_none() {
        let detail = "must not be empty if x-kubernetes-embedded-resource is true without \
                      x-kubernetes-preserve-unknown-fields";
        errors.push(FieldError::required(&path.child("properties"), detail));
    }
}

fn extensions(schema: &Value, path: &Path<'_>, errors: &mut FieldErrors) {
    for extension in [PRESERVE, EMBEDDED] {
        if flag(schema, INT_OR_STRING) && flag(schema, extension) {
            let detail = "must be false if x-kubernetes-int-or-string is true";
            errors.push(FieldError::invalid(&path.child(extension), true, detail));
        }
    }
}

fn type_is_said(schema: &Value, level: Level, path: &Path<'_>, errors: &mut FieldErrors) {
    let kind = text(schema, "type");
    let path = path.child("type");
    if flag(schema, EMBEDDED) && kind != "object" {
        let detail = "must be object if x-kubernetes-embedded-resource is true";
        errors.push(missing_or_wrong(&path, kind, detail));
    } else if kind.is_empty() && !flag(schema, INT_OR_STRING) && !flag(schema, PRESERVE) {
        let detail = match level {
            Level::Root => "must not be empty at the root",
            Level::Item => "must not be empty for specified array items",
            Level::Field => "must not be empty for specified object fields",
        };
        errors.push(FieldError::required(&path, detail));
    }
}

/// A type that is absent, or not the one it must be.
pub(super) fn missing_or_wrong(path: &Path<'_>, value: &str, detail: &str) -> FieldError {
    if value.is_empty() {
        FieldError::required(path, detail)
    } else {
        FieldError::invalid(path, value, detail)
    }
}

fn type_and_metadata(schema: &Value, level: Level, path: &Path<'_>, errors: &mut FieldErrors) {
    let kind = text(schema, "type");
    let additional = sub(schema, "additionalProperties").is_some()
        || schema.get("additionalProperties").is_some_and(|value| value.as_bool().is_some());
    let at_additional = path.child("additionalProperties");
    if flag(schema, EMBEDDED) && additional {
        let detail = "must not be used if x-kubernetes-embedded-resource is set";
        errors.push(FieldError::forbidden(&at_additional, detail));
    }
    if level == Level::Root {
        if !kind.is_empty() && kind != "object" {
            errors.push(FieldError::invalid(&path.child("type"), kind, "must be object at the root"));
        }
        if additional {
            errors.push(FieldError::forbidden(&at_additional, "must not be used at the root"));
        }
    }
    if level != Level::Root && !flag(schema, EMBEDDED) {
        return;
    }
    let properties = path.child("properties");
    for (name, expected) in [("metadata", "object"), ("kind", "string"), ("apiVersion", "string")] {
        let Some(property) = schema.at(["properties", name]) else { continue };
        let path = properties.key(name);
        if text(property, "type") != expected {
            let detail = format!("must be {expected}");
            errors.push(FieldError::invalid(&path.child("type"), text(property, "type"), detail));
        }
        if name == "metadata" && level == Level::Root && !is_plain_metadata(property) {
            let detail = "must not specify anything other than name and generateName, but metadata is implicitly \
                          specified";
            errors.push(FieldError::forbidden(&path, detail));
        }
    }
}

/// Whether a schema of metadata says nothing but its type, and at most what names look like.
fn is_plain_metadata(schema: &Value) -> bool {
    schema.as_object().into_iter().flat_map(Map::iter).all(|(key, value)| match key {
        "type" | "default" => true,
        "properties" => {
            value.as_object().is_some_and(|map| map.keys().all(|key| matches!(key, "name" | "generateName")))
        }
        _ => false,
    })
}

/// Of the two ways to write "integer or string", the parts whose types are no mistake.
#[derive(Clone, Copy, Default)]
struct Skipped {
    any_of: bool,
    first_all_of: bool,
}

fn skipped(schema: &Value) -> Skipped {
    if !flag(schema, INT_OR_STRING) {
        return Skipped::default();
    }
    Skipped {
        any_of: is_int_or_string(schema.items_at(["anyOf"])),
        first_all_of: schema
            .items_at(["allOf"])
            .first()
            .is_some_and(|first| is_int_or_string(first.items_at(["anyOf"]))),
    }
}

fn is_int_or_string(any_of: &[Value]) -> bool {
    matches!(any_of, [a, b] if text(a, "type") == "integer" && text(b, "type") == "string")
}

/// Checks what a schema says about values beside types.
fn value_validation(schema: &Value, skip: Skipped, path: &Path<'_>, errors: &mut FieldErrors) {
    for (keyword, skip_all, skip_first) in
        [("allOf", false, skip.first_all_of), ("anyOf", skip.any_of, false), ("oneOf", false, false)]
    {
        let at = path.child(keyword);
        for (index, nested) in schema.items_at([keyword]).iter().enumerate() {
            if skip_all {
                continue;
            }
            let skip = Skipped { any_of: skip_first && index == 0, first_all_of: false };
            nested_validation(nested, skip, &at.index(index), errors);
        }
    }
    if let Some(not) = sub(schema, "not") {
        nested_validation(not, Skipped::default(), &path.child("not"), errors);
    }
    let pattern = text(schema, "pattern");
    if !pattern.is_empty()
        && let Err(error) = cel::pattern(pattern)
    {
        let detail = format!("must be a valid regular expression, but isn't: {error}");
        errors.push(FieldError::invalid(&path.child("pattern"), pattern, detail));
    }
}

/// What a nested schema may not say, and in which words.
const FORBIDDEN: &[(&str, &str)] = &[
    ("type", "must be empty to be structural"),
    ("additionalProperties", "must be undefined to be structural"),
    ("default", "must be undefined to be structural"),
    ("title", "must be empty to be structural"),
    ("description", "must be empty to be structural"),
    ("nullable", "must be false to be structural"),
    (PRESERVE, "must be false to be structural"),
    (EMBEDDED, "must be false to be structural"),
    (INT_OR_STRING, "must be false to be structural"),
    ("x-kubernetes-list-map-keys", "must be empty to be structural"),
    ("x-kubernetes-list-type", "must be undefined to be structural"),
    ("x-kubernetes-map-type", "must be undefined to be structural"),
    ("x-kubernetes-validations", "must be empty to be structural"),
];

fn nested_validation(schema: &Value, skip: Skipped, path: &Path<'_>, errors: &mut FieldErrors) {
    value_validation(schema, skip, path, errors);
    if let Some(items) = sub(schema, "items") {
        nested_validation(items, Skipped::default(), &path.child("items"), errors);
    }
    let properties = path.child("properties");
    for (name, property) in map(schema, "properties") {
        nested_validation(property, Skipped::default(), &properties.key(name), errors);
    }
    for (keyword, detail) in FORBIDDEN {
        if says(schema.get(keyword)) {
            errors.push(FieldError::forbidden(&path.child(keyword), *detail));
        }
    }
    if schema.at(["properties", "metadata"]).is_some() {
        let detail = "must not be specified in a nested context";
        errors.push(FieldError::forbidden(&properties.key("metadata"), detail));
    }
}

/// Whether a keyword is used: with anything but Go's zero value.
fn says(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null | Value::Bool(false)) => false,
        Some(Value::String(text)) => !text.is_empty(),
        Some(Value::Array(items)) => !items.is_empty(),
        Some(_) => true,
    }
}

/// Checks that what nested schemas restrict is specified outside of them: `outside`, at `path`.
fn completeness(
    nested: &Value,
    outside: Option<&Value>,
    path: &Path<'_>,
    nested_path: &Path<'_>,
    errors: &mut FieldErrors,
) {
    for keyword in ["allOf", "anyOf", "oneOf"] {
        let at = nested_path.child(keyword);
        for (index, nested) in nested.items_at([keyword]).iter().enumerate() {
            nested_completeness(nested, outside, path, &at.index(index), errors);
        }
    }
    if let Some(not) = sub(nested, "not") {
        nested_completeness(not, outside, path, &nested_path.child("not"), errors);
    }
}

fn nested_completeness(
    nested: &Value,
    outside: Option<&Value>,
    path: &Path<'_>,
    nested_path: &Path<'_>,
    errors: &mut FieldErrors,
) {
    if outside.is_none() {
        errors.push(FieldError::required(path, format!("because it is defined in {nested_path}")));
        return;
    }
    completeness(nested, outside, path, nested_path, errors);
    if let Some(items) = sub(nested, "items") {
        let outside = outside.and_then(|outside| sub(outside, "items"));
        nested_completeness(items, outside, &path.child("items"), &nested_path.child("items"), errors);
    }
    let (properties, nested_properties) = (path.child("properties"), nested_path.child("properties"));
    for (name, property) in map(nested, "properties") {
        let outside = outside.and_then(|outside| outside.at(["properties", name]));
        nested_completeness(property, outside, &properties.key(name), &nested_properties.key(name), errors);
    }
}
