//! Formats that nobody checks are warned of.

use object::{Map, Value};
use registry::Warnings;
use schema::structural::is_known_format;

use crate::fields::text;

/// Warns of the unknown formats in a schema.
pub(super) fn warn(schema: &Value, warnings: &mut Warnings) {
    let format = text(schema, "format");
    if !format.is_empty() && !is_known(text(schema, "type"), format) {
        warnings.add(format!("unrecognized format {}", status::go_quote(format)));
    }
    for keyword in ["properties", "patternProperties", "definitions"] {
        let map = schema.get(keyword).and_then(Value::as_object);
        map.into_iter().flat_map(Map::values).for_each(|schema| warn(schema, warnings));
    }
    for keyword in ["items", "additionalProperties", "not"] {
        if let Some(schema) = schema.get(keyword).filter(|schema| schema.as_object().is_some()) {
            warn(schema, warnings);
        }
    }
    for keyword in ["allOf", "anyOf", "oneOf"] {
        schema.items_at([keyword]).iter().for_each(|schema| warn(schema, warnings));
    }
}

fn is_known(kind: &str, format: &str) -> bool {
    match kind {
        "string" => is_known_format(format),
        "integer" => matches!(format, "int32" | "int64"),
        "number" => matches!(format, "float" | "double"),
        _ => false,
    }
}
