//! Reading the tables, and building objects out of their rows.

use object::{Map, Text, Value};

/// The rows of a table in YAML.
///
/// # Panics
/// If it is not a list: the tables are part of the program, and its tests read them.
pub(super) fn rows(yaml: &str) -> Vec<Value> {
    match object::yaml::parse(yaml.as_bytes()) {
        Ok(Value::Array(rows)) => rows,
        other => panic!("a bootstrap table is not a list: {other:?}"),
    }
}

/// An object of these fields.
pub(super) fn fields<const N: usize>(fields: [(&str, Value); N]) -> Value {
    Value::Object(fields.into_iter().map(|(key, value)| (Text::from(key), value)).collect::<Map>())
}

/// `metadata` with a name, and a namespace unless it is empty.
pub(super) fn named(namespace: &str, name: &str) -> Value {
    let mut metadata = fields([("name", name.into())]);
    if !namespace.is_empty() {
        metadata.set("namespace", namespace);
    }
    metadata
}

/// A map of texts.
pub(super) fn texts<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Value {
    Value::Object(pairs.into_iter().collect::<Map>())
}

/// The field of a row; null where there is none.
pub(super) fn cell(row: &Value, field: &str) -> Value {
    row.get(field).cloned().unwrap_or_default()
}
