//! Names of field managers, and the checks of managed fields that clients can fail.

use object::{Text, Value};
use status::{BadValue, FieldError, FieldErrors, Path};

/// The longest name of a manager, in bytes.
const MOST_MANAGER_BYTES: usize = 128;

/// The longest subresource of an entry, in bytes.
const MOST_SUBRESOURCE_BYTES: usize = 256;

/// The manager's name where a request gives none: what can be printed of the user agent up to its first `/`, as
/// much as fits. May be empty.
pub fn manager_from_user_agent(user_agent: &str) -> Text {
    let product = user_agent.split('/').next().unwrap_or("");
    let mut name = Text::default();
    for c in product.chars().filter(|c| is_printable(*c)) {
        if name.len() + c.len_utf8() > MOST_MANAGER_BYTES {
            break;
        }
        name.push(c);
    }
    name
}

/// Checks `fieldManager` of a request's options, or the manager of an entry.
pub fn validate_manager(name: &str, path: &Path<'_>) -> FieldErrors {
    let mut errors = FieldErrors::new();
    if name.len() > MOST_MANAGER_BYTES {
        errors.push(FieldError::too_long(path, MOST_MANAGER_BYTES as i64));
    }
    for (position, c) in name.char_indices().filter(|(_, c)| !is_printable(*c)) {
        let why = format!("invalid character U+{:04X} (at position {position})", c as u32);
        errors.push(FieldError::invalid(path, BadValue::from(name), why));
    }
    errors
}

/// Checks `metadata.managedFields` as it stands after tracking; `path` is the list's.
pub fn validate_managed_fields(managed_fields: &Value, path: &Path<'_>) -> FieldErrors {
    let mut errors = FieldErrors::new();
    for (index, entry) in managed_fields.as_array().into_iter().flatten().enumerate() {
        let path = path.index(index);
        let (operation, fields_type) = (entry.str_at(["operation"]), entry.str_at(["fieldsType"]));
        if !matches!(operation, "Apply" | "Update") {
            errors.push(FieldError::invalid(
                &path.child("operation"),
                operation,
                "must be `Apply` or `Update`",
            ));
        }
        if !matches!(fields_type, "" | "FieldsV1") {
            errors.push(FieldError::invalid(&path.child("fieldsType"), fields_type, "must be `FieldsV1`"));
        }
        errors.append(&mut validate_manager(entry.str_at(["manager"]), &path.child("manager")));
        if entry.str_at(["subresource"]).len() > MOST_SUBRESOURCE_BYTES {
            errors.push(FieldError::too_long(&path.child("subresource"), MOST_SUBRESOURCE_BYTES as i64));
        }
    }
    errors
}

/// Whether Go's `unicode.IsPrint` accepts the character, of those that are at all likely.
fn is_printable(c: char) -> bool {
    c == ' '
        || !(c.is_control()
            || c.is_whitespace()
            || matches!(c as u32, 0xad | 0x200b..=0x200f | 0x202a..=0x202e | 0x2060..=0x206f | 0xe000..=0xf8ff
                | 0xfeff | 0xfff0..=0xfffb | 0xe0000..=0xe0fff | 0xf0000..=0x10ffff))
}
