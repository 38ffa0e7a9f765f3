//! Environment variables of containers.

use meta::names::{config_map_key, dns1123_label, dns1123_subdomain, relaxed_env_var_name};
use status::{ErrorType, FieldError, FieldErrors};

use super::references::{self, IN_ENVIRONMENT};
use super::volumes::Volumes;
use super::{paths, source_files::nothing};
use crate::checks::Field;

/// `env`.
pub(super) fn variables(list: &Field<'_, '_>, volumes: &Volumes<'_>, errors: &mut FieldErrors) {
    for variable in list.items() {
        let name = variable.child("name");
        if name.required(errors) {
            name.name(errors, relaxed_env_var_name);
        }
        value_from(&variable, volumes, errors);
    }
}

fn value_from(variable: &Field<'_, '_>, volumes: &Volumes<'_>, errors: &mut FieldErrors) {
    let source = variable.child("valueFrom");
    if !source.is_present() {
        return;
    }
    let mut found = 0;
    for kind in ["fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef"] {
        let reference = source.child(kind);
        if !reference.is_present() {
            continue;
        }
        found += 1;
        match kind {
            "fieldRef" => references::field(&reference, IN_ENVIRONMENT, errors),
            "resourceFieldRef" => references::resource(&reference, false, errors),
            "fileKeyRef" => file_key(&reference, volumes, errors),
            _ => keyed(&reference, errors),
        }
    }
    let mut invalid = |detail: &str| errors.push(FieldError::invalid(&source.path, nothing(), detail));
    if found == 0 {
        invalid(
            "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`",
        );
    } else if !variable.child("value").is_empty() {
        invalid("may not be specified when `value` is not empty");
    } else if found > 1 {
        invalid("may not have more than one field specified at a time");
    }
}

fn keyed(reference: &Field<'_, '_>, errors: &mut FieldErrors) {
    reference.child("name").name(errors, dns1123_subdomain);
    let key = reference.child("key");
    if key.required(errors) {
        key.name(errors, config_map_key);
    }
}

fn file_key(reference: &Field<'_, '_>, volumes: &Volumes<'_>, errors: &mut FieldErrors) {
    let (key, volume, path) =
        (reference.child("key"), reference.child("volumeName"), reference.child("path"));
    if key.required(errors) {
        key.name(errors, relaxed_env_var_name);
    }
    if volume.required(errors) {
        volume.name(errors, dns1123_label);
    }
    if path.required(errors) {
        paths::not_reserved(&path, errors);
    }
    let known = volumes.get(volume.text());
    if known.is_none_or(|volume| volume.get("emptyDir").is_none()) {
        errors.push(FieldError::not_found(&volume.path, volume.text()));
    }
}

/// `envFrom`.
pub(super) fn sources(list: &Field<'_, '_>, errors: &mut FieldErrors) {
    for source in list.items() {
        let prefix = source.child("prefix");
        if !prefix.is_empty() {
            prefix.name(errors, relaxed_env_var_name);
        }
        let mut found = 0;
        for kind in ["configMapRef", "secretRef"] {
            let reference = source.child(kind);
            if !reference.is_present() {
                continue;
            }
            found += 1;
            let name = reference.child("name");
            if name.required(errors) {
                name.name(errors, dns1123_subdomain);
            }
        }
        let problem = match found {
            0 => "must specify one of: `configMapRef` or `secretRef`",
            1 => continue,
            _ => "may not have more than one field specified at a time",
        };
        errors.push(FieldError::invalid(&list.path, nothing(), problem));
    }
}

/// What a field names does not exist; `detail` says what would.
pub(super) fn not_found(field: &Field<'_, '_>, name: &str, detail: String) -> FieldError {
    let mut error = FieldError::not_found(&field.path, name);
    debug_assert_eq!(error.error_type, ErrorType::NotFound);
    error.detail = detail;
    error
}
