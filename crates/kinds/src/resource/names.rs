//! The names of devices, drivers and attributes.

use status::{FieldError, FieldErrors};

use crate::checks::Field;

const MAX_IDENTIFIER: usize = 32;
const MAX_DRIVER: usize = 63;

/// Checks the name of a request or a device.
pub(super) fn validate_label(name: &Field<'_, '_>, errors: &mut FieldErrors) {
    name.name(errors, meta::names::dns1123_label);
}

/// Checks the name of a driver.
pub(super) fn validate_driver(name: &Field<'_, '_>, errors: &mut FieldErrors) {
    if name.required(errors) {
        domain(name, name.text(), errors);
    }
}

fn domain(field: &Field<'_, '_>, name: &str, errors: &mut FieldErrors) {
    if name.len() > MAX_DRIVER {
        errors.push(FieldError::too_long(&field.path, MAX_DRIVER as i64));
    }
    for message in meta::names::dns1123_subdomain(&name.to_lowercase()) {
        errors.push(FieldError::invalid(&field.path, name, message));
    }
}

/// Checks the name of an attribute, which must have a domain.
pub(super) fn validate_full_name(field: &Field<'_, '_>, errors: &mut FieldErrors) {
    validate_name(field, field.text(), errors);
    if !field.is_empty() && !field.text().contains('/') {
        let detail = "a fully qualified name must be a domain and a name separated by a slash";
        field.invalid(errors, detail);
    }
}

/// Checks the name of an attribute or a capacity at `field`.
pub(super) fn validate_name(field: &Field<'_, '_>, name: &str, errors: &mut FieldErrors) {
    match name.split_once('/') {
        None => identifier(field, name, errors),
        Some((_, rest)) if rest.contains('/') => {}
        Some((prefix, rest)) => {
            if prefix.is_empty() {
                field.missing(errors, "the domain must not be empty");
            } else {
                domain(field, prefix, errors);
            }
            if rest.is_empty() {
                field.missing(errors, "the name must not be empty");
            } else {
                identifier(field, rest, errors);
            }
        }
    }
}

fn identifier(field: &Field<'_, '_>, name: &str, errors: &mut FieldErrors) {
    if name.len() > MAX_IDENTIFIER {
        errors.push(FieldError::too_long(&field.path, MAX_IDENTIFIER as i64));
    }
    for message in meta::names::c_identifier(name) {
        errors.push(FieldError::invalid(&field.path, name, message));
    }
}
