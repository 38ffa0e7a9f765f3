//! The fields that a version makes selectable.

use object::Value;
use status::{FieldError, FieldErrors};

use crate::checks::Field;
use crate::fields::text;

/// How many a version may have.
const MAX: usize = 8;

const SCALARS: &str = "must point to a field of type string, boolean or integer. Enum string fields and strings with \
                       formats are allowed.";

/// Checks the selectable fields of a version with this schema.
pub(super) fn validate(selectable: &Field<'_, '_>, schema: &Value, errors: &mut FieldErrors) {
    let mut seen: Vec<Vec<String>> = Vec::new();
    for field in selectable.items() {
        let path = field.child("jsonPath");
        if path.is_empty() {
            path.missing(errors, "");
            continue;
        }
        let parts = match parse(path.text()) {
            Ok(parts) => parts,
            Err(problem) => {
                path.invalid(errors, format!("is an invalid path: {problem}"));
                continue;
            }
        };
        let Some(found) = find(schema, &parts) else {
            path.invalid(errors, "is an invalid path: does not refer to a valid field");
            continue;
        };
        if !matches!(text(found, "type"), "string" | "boolean" | "integer") {
            path.invalid(errors, SCALARS);
        }
        if seen.contains(&parts) {
            path.duplicate(errors);
        } else {
            seen.push(parts);
        }
    }
    if seen.len() > MAX {
        errors.push(FieldError::too_many(&selectable.path, seen.len(), MAX));
    }
}

/// The names of a path such as `.spec.a`.
fn parse(path: &str) -> Result<Vec<String>, String> {
    if path.contains('[') {
        return Err("array notation is not allowed".to_owned());
    }
    let Some(rest) = path.strip_prefix('.') else {
        let first = path.split('.').next().unwrap_or(path);
        return Err(format!("expected [ or . but got: {first}"));
    };
    Ok(rest.split('.').map(str::to_owned).collect())
}

/// The schema of what a path names; kind and metadata of the object itself are none of it.
fn find<'v>(schema: &'v Value, parts: &[String]) -> Option<&'v Value> {
    if matches!(parts.first().map(String::as_str), Some("apiVersion" | "kind" | "metadata")) {
        return None;
    }
    parts.iter().try_fold(schema, |schema, part| match schema.at(["properties", part]) {
        Some(property) => Some(property),
        None => schema.get("additionalProperties").filter(|values| values.as_object().is_some()),
    })
}
