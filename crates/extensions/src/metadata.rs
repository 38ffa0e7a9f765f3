//! Metadata of custom resources: decoded as of any other kind, before the schema has a say.

use object::{Value, json};
use schema::TypeRef;

/// Decodes `metadata` in place. Answers the paths of its unknown fields.
pub(crate) fn admit(object: &mut Value, ty: TypeRef<'_>) -> Result<Vec<String>, String> {
    let Some(metadata) = object.get_mut("metadata") else { return Ok(Vec::new()) };
    let given = std::mem::take(metadata);
    let source = json::to_vec(&given);
    let given = if given.is_null() { Value::object() } else { given };
    let (decoded, reports) = schema::decode(ty, given, &source)?;
    *metadata = decoded;
    Ok(reports.iter().filter_map(|report| unknown_path(report, "metadata")).collect())
}

/// The path below `prefix` of a report such as `unknown field "x"`.
fn unknown_path(report: &str, prefix: &str) -> Option<String> {
    let name = report.strip_prefix("unknown field \"")?.strip_suffix('"')?;
    Some(format!("{prefix}.{name}"))
}
