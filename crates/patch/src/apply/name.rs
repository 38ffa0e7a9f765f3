//! Names of field managers.

use status::{BadValue, FieldError, FieldErrors, Path};

/// The longest name, in bytes.
const MOST_BYTES: usize = 128;

/// The manager's name where a request gives none: the user agent up to its first `/`, as much as fits.
pub fn manager_from_user_agent(user_agent: &str) -> &str {
    let name = user_agent.split('/').next().unwrap_or("");
    let printable =
        name.char_indices().find(|(_, c)| !is_printable(*c)).map_or(name.len(), |(index, _)| index);
    let mut end = printable.min(MOST_BYTES);
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    &name[..end]
}

/// Checks `fieldManager` of a request's options (`metav1/validation.ValidateFieldManager`).
pub fn validate_manager(name: &str, path: &Path<'_>) -> FieldErrors {
    if name.len() > MOST_BYTES {
        return vec![FieldError::too_long(path, MOST_BYTES as i64)];
    }
    name.chars()
        .enumerate()
        .filter(|(_, c)| !is_printable(*c))
        .map(|(_, c)| {
            let position = name.find(c).unwrap_or(0);
            let why = format!("invalid character U+{:04X} (at position {position})", c as u32);
            FieldError::invalid(path, BadValue::from(name), why)
        })
        .collect()
}

/// Whether Go's `unicode.IsPrint` accepts the character, of those that are at all likely.
fn is_printable(c: char) -> bool {
    c == ' '
        || !(c.is_control()
            || c.is_whitespace()
            || matches!(c as u32, 0xad | 0x200b..=0x200f | 0x202a..=0x202e
        | 0x2060..=0x206f | 0xe000..=0xf8ff | 0xfeff | 0xfff0..=0xfffb | 0xe0000..=0xe0fff | 0xf0000..=0x10ffff))
}
