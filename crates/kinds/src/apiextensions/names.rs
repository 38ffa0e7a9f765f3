//! The names of a definition.

use status::{FieldError, FieldErrors};

use crate::checks::Field;

/// The names that a definition must ask for.
pub(super) fn required(names: &Field<'_, '_>, errors: &mut FieldErrors) {
    for field in ["plural", "singular", "kind", "listKind"] {
        let name = names.child(field);
        if name.is_empty() {
            name.missing(errors, "");
        }
    }
}

/// Checks the names that are there.
pub(super) fn validate(names: &Field<'_, '_>, errors: &mut FieldErrors) {
    for field in ["plural", "singular"] {
        let name = names.child(field);
        if !name.is_empty() {
            label(&name, name.text(), "", errors);
        }
    }
    for field in ["kind", "listKind"] {
        let name = names.child(field);
        if !name.is_empty() {
            let prefix = "may have mixed case, but should otherwise match: ";
            label(&name, &name.text().to_lowercase(), prefix, errors);
        }
    }
    each_label(&names.child("shortNames"), errors);
    let (kind, list_kind) = (names.child("kind"), names.child("listKind"));
    if !kind.is_empty() && kind.text() == list_kind.text() {
        list_kind.invalid(errors, "kind and listKind may not be the same");
    }
    each_label(&names.child("categories"), errors);
}

fn each_label(list: &Field<'_, '_>, errors: &mut FieldErrors) {
    for name in list.items() {
        label(&name, name.text(), "", errors);
    }
}

/// Checks that a name, read as `text`, is a DNS label.
pub(super) fn label(name: &Field<'_, '_>, text: &str, prefix: &str, errors: &mut FieldErrors) {
    let messages = meta::names::dns1035_label(text);
    if !messages.is_empty() {
        let detail = format!("{prefix}{}", messages.join(","));
        errors.push(FieldError::invalid(&name.path, name.text(), detail));
    }
}
