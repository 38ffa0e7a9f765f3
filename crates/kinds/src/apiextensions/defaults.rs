//! The defaults of a schema must themselves be what the schema allows.

use cel::rules::{RUNTIME_BUDGET, Rules};
use object::Value;
use schema::TypeRef;
use schema::structural::{Pattern, Structural};
use status::{BadValue, FieldError, FieldErrors, Path};

use crate::fields::{flag, present};

/// Checks the defaults of a whole schema. `metadata` is the type of metadata within defaults.
pub(super) fn validate(schema: &Value, metadata: Option<TypeRef<'_>>, path: &Path<'_>) -> FieldErrors {
    let mut errors = FieldErrors::new();
    node(schema, metadata, true, path, &mut errors);
    errors
}

fn node(
    schema: &Value,
    metadata: Option<TypeRef<'_>>,
    root: bool,
    path: &Path<'_>,
    errors: &mut FieldErrors,
) {
    if let Some(default) = present(schema, "default") {
        errors.extend(check(schema, default, metadata, root, &path.child("default")));
    }
    let resource = root || flag(schema, "x-kubernetes-embedded-resource");
    let properties = path.child("properties");
    let map = schema.get("properties").and_then(Value::as_object);
    for (name, property) in map.into_iter().flat_map(|map| map.iter()) {
        // Of kind, apiVersion and metadata defaults have their own rules.
        if !(resource && matches!(name, "apiVersion" | "kind" | "metadata")) {
            node(property, metadata, false, &properties.key(name), errors);
        }
    }
    for keyword in ["items", "additionalProperties"] {
        if let Some(part) = schema.get(keyword).filter(|part| part.as_object().is_some()) {
            node(part, metadata, false, &path.child(keyword), errors);
        }
    }
}

/// What is wrong with a default, of the kind of mistake that is found first.
fn check(
    schema: &Value,
    default: &Value,
    metadata: Option<TypeRef<'_>>,
    root: bool,
    path: &Path<'_>,
) -> FieldErrors {
    let structural = compile(schema, root);
    let mut pruned = default.clone();
    let mut errors = FieldErrors::new();
    if !structural.prune(&mut pruned).is_empty() {
        errors.push(FieldError::invalid(path, BadValue::from(default), "must not have unknown fields"));
    }
    let place = path.to_string();
    let moved = |mut error: FieldError| {
        error.field = match error.field.as_str() {
            "" | "<nil>" => place.clone(),
            field => format!("{place}.{field}"),
        };
        error
    };
    if let Some(metadata) = metadata
        && let Err(error) = structural.coerce_embedded(&mut pruned, metadata)
    {
        errors.push(moved(error));
        return errors;
    }
    let embedded = structural.check_embedded(default, &mut |_, _| {});
    if !embedded.is_empty() {
        errors.extend(embedded.into_iter().map(moved));
        return errors;
    }
    let invalid = structural.validate(default, None, &place);
    if !invalid.is_empty() {
        errors.extend(invalid);
        return errors;
    }
    let rules = Rules::compile(schema);
    if !rules.is_empty() {
        let mut budget = cel::Budget::new(RUNTIME_BUDGET);
        let broken = rules.validate(path, default, Some(default), &mut budget);
        errors.extend(broken.into_iter().map(|violation| violation.error));
    }
    errors
}

fn compile(schema: &Value, root: bool) -> Structural {
    let pattern = |source: &str| -> Option<Pattern> {
        let matches = cel::pattern(source).ok()?;
        Some(std::sync::Arc::new(matches))
    };
    if !root {
        return Structural::compile(schema, &pattern);
    }
    let mut schema = schema.clone();
    schema.set("x-kubernetes-embedded-resource", true);
    Structural::compile(&schema, &pattern)
}
