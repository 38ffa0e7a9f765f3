//! What a version has besides its schema: words about its deprecation, subresources, columns.

use object::{Value, json};
use status::{FieldError, FieldErrors};

use crate::checks::Field;

const COLUMN_TYPES: &[&str] = &["boolean", "date", "integer", "number", "string"];
const COLUMN_FORMATS: &[&str] =
    &["byte", "date", "date-time", "double", "float", "int32", "int64", "password"];

/// The longest deprecation warning, in bytes.
const MAX_WARNING: usize = 256;

/// Checks `deprecationWarning` of a version.
pub(super) fn validate_deprecation(version: &Field<'_, '_>, errors: &mut FieldErrors) {
    let warning = version.child("deprecationWarning");
    if !warning.is_present() {
        return;
    }
    let text = warning.text();
    let unprintable = text.char_indices().find(|(_, c)| c.is_control() || (c.is_whitespace() && *c != ' '));
    let problem = if !version.child("deprecated").flag() {
        "can only be set for deprecated versions".to_owned()
    } else if text.len() > MAX_WARNING {
        format!("must be <= {MAX_WARNING} characters long")
    } else if text.is_empty() {
        "must not be an empty string".to_owned()
    } else if let Some((index, _)) = unprintable {
        format!(
            "must only contain printable UTF-8 characters; non-printable character found at index {index}"
        )
    } else {
        return;
    };
    // The original prints a pointer to the text: as JSON.
    let value = status::BadValue::Bare(json::to_string(warning.value));
    errors.push(FieldError::invalid(&warning.path, value, problem));
}

/// Checks the subresources of a version.
pub(super) fn validate_subresources(subresources: &Field<'_, '_>, errors: &mut FieldErrors) {
    let scale = subresources.child("scale");
    if !scale.is_present() {
        return;
    }
    for (field, prefixes, detail) in [
        ("specReplicasPath", &[".spec."][..], "should be a json path under .spec"),
        ("statusReplicasPath", &[".status."], "should be a json path under .status"),
        ("labelSelectorPath", &[".spec.", ".status."], "should be a json path under either .spec or .status"),
    ] {
        let path = scale.child(field);
        if path.is_empty() {
            if field != "labelSelectorPath" {
                path.missing(errors, "");
            }
        } else if simple_path(&path, errors) && !prefixes.iter().any(|prefix| path.text().starts_with(prefix))
        {
            path.invalid(errors, detail);
        }
    }
}

/// Checks that a path begins with a dot.
fn simple_path(path: &Field<'_, '_>, errors: &mut FieldErrors) -> bool {
    let simple = path.text().starts_with('.');
    if !simple {
        path.invalid(errors, "must be a simple json path starting with .");
    }
    simple
}

/// Checks the printer columns of a version.
pub(super) fn validate_columns(columns: &Field<'_, '_>, errors: &mut FieldErrors) {
    for column in columns.items() {
        let name = column.child("name");
        if name.is_empty() {
            name.missing(errors, "");
        }
        let (kind, format) = (column.child("type"), column.child("format"));
        let one_of = |allowed: &[&str]| format!("must be one of {}", allowed.join(","));
        if kind.is_empty() {
            kind.missing(errors, one_of(COLUMN_TYPES));
        } else if !COLUMN_TYPES.contains(&kind.text()) {
            kind.invalid(errors, one_of(COLUMN_TYPES));
        }
        if !format.is_empty() && !COLUMN_FORMATS.contains(&format.text()) {
            format.invalid(errors, one_of(COLUMN_FORMATS));
        }
        let path = Field {
            value: column.value.get("jsonPath").unwrap_or(&Value::Null),
            path: column.path.child("JSONPath"),
        };
        if path.is_empty() {
            path.missing(errors, "");
        } else {
            simple_path(&path, errors);
        }
    }
}
