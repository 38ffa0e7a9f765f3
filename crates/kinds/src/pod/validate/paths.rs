//! Paths of files, inside volumes and on nodes.

use status::FieldErrors;

use crate::checks::Field;

const NO_BACKSTEPS: &str = "must not contain '..'";

fn has_backsteps(path: &str) -> bool {
    path.split('/').any(|part| part == "..")
}

/// No part goes a directory up.
pub(crate) fn no_backsteps(field: &Field<'_, '_>, errors: &mut FieldErrors) {
    if has_backsteps(field.text()) {
        field.invalid_text(errors, NO_BACKSTEPS);
    }
}

/// Relative, and never going up.
pub(super) fn descending(field: &Field<'_, '_>, errors: &mut FieldErrors) {
    if field.text().starts_with('/') {
        field.invalid_text(errors, "must be a relative path");
    }
    no_backsteps(field, errors);
}

/// Relative, never going up, and none of the names that volumes keep to themselves.
pub(super) fn not_reserved(field: &Field<'_, '_>, errors: &mut FieldErrors) {
    descending(field, errors);
    if field.text().starts_with("..") && !field.text().starts_with("../") && field.text() != ".." {
        field.invalid_text(errors, "must not start with '..'");
    }
}

/// Permission bits.
pub(super) fn mode(field: &Field<'_, '_>, errors: &mut FieldErrors) {
    if field.is_present() && !(0..=0o777).contains(&field.int()) {
        field.invalid(errors, "must be a number between 0 and 0777 (octal), both inclusive");
    }
}
