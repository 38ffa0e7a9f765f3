//! What all versions of a definition have in common. The original's internal form keeps a schema (subresources,
//! columns, selectable fields) that is the same in all versions but once, beside them, which shows in the paths of
//! messages.

use object::Value;

static NULL: Value = Value::Null;

/// The value that `field` has in every version, if it is the same in all.
pub(super) fn shared<'v>(spec: &'v Value, field: &str) -> Option<&'v Value> {
    let versions = spec.items_at(["versions"]);
    let value = |version: &'v Value| version.get(field).unwrap_or(&NULL);
    let first = value(versions.first()?);
    versions.iter().all(|version| value(version) == first).then_some(first)
}
