//! Strategic merge patch: a merge patch that knows the types of what it merges, and lists by their elements' keys.
//!
//! Source: the Kubernetes community's `strategic-merge-patch.md` and `preserve-order-in-strategic-merge-patch.md`.

mod directives;
mod error;
mod list;
mod merge;
mod order;
mod print;
mod restore;
#[cfg(test)]
mod tests;

use object::{Value, json};
use schema::TypeRef;
use status::{Result, Status};

use crate::apply::{MOST_NESTED, nests_deeper};
use print::go_value;

/// What a strategic merge patch yields.
#[derive(Clone, Debug, PartialEq)]
pub struct Merged {
    /// The patched object, normalised, of the target's kind and version.
    pub object: Value,
    /// What strict decoding reports: duplicate fields of the patch, then fields that the result's type does not know.
    pub reports: Vec<String>,
    /// The patch as messages about it show it: `map[data:map[a:b]]`.
    pub patch: String,
}

/// Applies a strategic merge patch to a normalised object of type `ty`. With `strict` there are reports, as
/// `fieldValidation` other than `Ignore` asks.
///
/// # Errors
/// 400 for what is no patch, 400, 422 or 500 for directives that can't be obeyed, 422 if the result is no `ty`.
pub fn strategic_merge_patch(ty: TypeRef<'_>, target: &Value, patch: &[u8], strict: bool) -> Result<Merged> {
    let (parsed, notices) =
        json::parse_with_notices(patch).map_err(|error| Status::bad_request(error.message))?;
    let mut changes = match parsed {
        Value::Object(changes) => changes,
        Value::Null => object::Map::new(),
        other => return Err(Status::bad_request(crate::patched::no_map(&other))),
    };
    if changes.values().any(|value| nests_deeper(value, MOST_NESTED)) {
        return Err(Status::bad_request("exceeded max depth"));
    }
    let original = target.as_object().cloned().unwrap_or_default();
    let merged = merge::merge_map(original, &mut changes, ty).map_err(Box::<Status>::from)?;
    let patch = go_value(&Value::Object(changes));
    let mut object = Value::Object(merged);
    let unknown = restore::restore(ty, &mut object).map_err(|error| crate::refuse(&patch, error))?;
    for field in ["kind", "apiVersion"] {
        if let Some(value) = target.get(field) {
            object.set(field, value.clone());
        }
    }
    schema::normalise(ty, &mut object);
    let reports = if strict { notices.warnings().into_iter().chain(unknown).collect() } else { Vec::new() };
    Ok(Merged { object, reports, patch })
}
