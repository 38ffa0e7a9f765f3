//! JSON to [`Structural`]. What a definition's own validation would refuse is read leniently.

use object::{Text, Value};

use super::{Additional, Bound, Checks, PatternCompiler, Structural};
use crate::ListType;

const TYPES: &[&str] = &["array", "boolean", "integer", "null", "number", "object", "string"];

impl Structural {
    /// Compiles an `openAPIV3Schema`.
    pub fn compile(schema: &Value, patterns: PatternCompiler<'_>) -> Structural {
        let list_type = schema.str_at(["x-kubernetes-list-type"]);
        Structural {
            types: types(schema),
            nullable: flag(schema, "nullable"),
            preserve: flag(schema, "x-kubernetes-preserve-unknown-fields"),
            embedded: flag(schema, "x-kubernetes-embedded-resource"),
            atomic: schema.str_at(["x-kubernetes-map-type"]) == "atomic",
            properties: properties(schema, patterns),
            additional: additional(schema, patterns),
            items: child(schema, "items", patterns),
            list_type: match list_type {
                "set" => ListType::Set,
                "map" => ListType::Map(texts(schema, "x-kubernetes-list-map-keys")),
                _ => ListType::Atomic,
            },
            default: schema.get("default").filter(|default| !default.is_null()).cloned(),
            checks: checks(schema, patterns),
        }
    }
}

fn types(schema: &Value) -> Vec<&'static str> {
    if flag(schema, "x-kubernetes-int-or-string") {
        return vec!["integer", "string"];
    }
    let named = schema.str_at(["type"]);
    TYPES.iter().copied().filter(|known| *known == named).collect()
}

fn properties(schema: &Value, patterns: PatternCompiler<'_>) -> Vec<(Text, Structural)> {
    let properties = schema.get("properties").and_then(Value::as_object);
    let properties = properties.into_iter().flat_map(|map| map.iter());
    properties.map(|(name, schema)| (name.into(), Structural::compile(schema, patterns))).collect()
}

fn additional(schema: &Value, patterns: PatternCompiler<'_>) -> Additional {
    match schema.get("additionalProperties") {
        Some(Value::Bool(true)) => Additional::Any,
        Some(Value::Bool(false)) => Additional::Nothing,
        Some(values @ Value::Object(_)) => {
            Additional::Values(Box::new(Structural::compile(values, patterns)))
        }
        _ => Additional::Unsaid,
    }
}

fn checks(schema: &Value, patterns: PatternCompiler<'_>) -> Checks {
    let pattern = schema.str_at(["pattern"]);
    Checks {
        format: schema.str_at(["format"]).into(),
        values: schema.items_at(["enum"]).to_vec(),
        maximum: bound(schema, "maximum", "exclusiveMaximum"),
        minimum: bound(schema, "minimum", "exclusiveMinimum"),
        multiple_of: schema.get("multipleOf").and_then(Value::as_f64),
        max_length: count(schema, "maxLength"),
        min_length: count(schema, "minLength"),
        pattern: (!pattern.is_empty()).then(|| Some((pattern.into(), patterns(pattern)?))).flatten(),
        max_items: count(schema, "maxItems"),
        min_items: count(schema, "minItems"),
        unique_items: flag(schema, "uniqueItems"),
        max_properties: count(schema, "maxProperties"),
        min_properties: count(schema, "minProperties"),
        required: texts(schema, "required"),
        all_of: children(schema, "allOf", patterns),
        any_of: children(schema, "anyOf", patterns),
        one_of: children(schema, "oneOf", patterns),
        not: child(schema, "not", patterns),
    }
}

fn flag(schema: &Value, key: &str) -> bool {
    schema.get(key).and_then(Value::as_bool).unwrap_or(false)
}

fn count(schema: &Value, key: &str) -> Option<u64> {
    schema.get(key).and_then(Value::as_i64).and_then(|number| u64::try_from(number).ok())
}

fn bound(schema: &Value, key: &str, exclusive: &str) -> Option<Bound> {
    let limit = schema.get(key).and_then(Value::as_f64)?;
    Some(Bound { limit, exclusive: flag(schema, exclusive) })
}

fn texts(schema: &Value, key: &str) -> Vec<Text> {
    schema.items_at([key]).iter().filter_map(Value::as_str).map(Text::from).collect()
}

fn child(schema: &Value, key: &str, patterns: PatternCompiler<'_>) -> Option<Box<Structural>> {
    let child = schema.get(key).filter(|child| child.as_object().is_some())?;
    Some(Box::new(Structural::compile(child, patterns)))
}

fn children(schema: &Value, key: &str, patterns: PatternCompiler<'_>) -> Vec<Structural> {
    schema.items_at([key]).iter().map(|child| Structural::compile(child, patterns)).collect()
}
