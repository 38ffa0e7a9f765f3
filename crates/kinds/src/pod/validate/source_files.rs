//! Volumes of files that the API itself knows: secrets, config maps, the pod's own fields, tokens.

use std::collections::BTreeSet;

use status::{BadValue, FieldError, FieldErrors};

use super::paths;
use super::references::{self, IN_VOLUMES};
use crate::checks::Field;

/// A secret or config map, whose name is in `name`.
pub(super) fn keyed(source: &Field<'_, '_>, name: &str, errors: &mut FieldErrors) {
    source.child(name).required(errors);
    paths::mode(&source.child("defaultMode"), errors);
    for item in source.child("items").items() {
        key_to_path(&item, errors);
    }
}

fn key_to_path(item: &Field<'_, '_>, errors: &mut FieldErrors) {
    item.child("key").required(errors);
    item.child("path").required(errors);
    paths::not_reserved(&item.child("path"), errors);
    paths::mode(&item.child("mode"), errors);
}

/// The pod's own fields.
pub(super) fn downward(source: &Field<'_, '_>, errors: &mut FieldErrors) {
    paths::mode(&source.child("defaultMode"), errors);
    for item in source.child("items").items() {
        downward_file(source, &item, errors);
    }
}

/// Errors of a file name the volume's path, without its place in the list.
fn downward_file(source: &Field<'_, '_>, item: &Field<'_, '_>, errors: &mut FieldErrors) {
    let file = Field { value: item.value, path: source.path };
    let path = file.child("path");
    path.required(errors);
    paths::not_reserved(&path, errors);
    let (field, resource) = (file.child("fieldRef"), file.child("resourceFieldRef"));
    if field.is_present() {
        references::field(&field, IN_VOLUMES, errors);
        if resource.is_present() {
            let detail = "fieldRef and resourceFieldRef can not be specified simultaneously";
            errors.push(FieldError::invalid(&source.path, "resource", detail));
        }
    } else if resource.is_present() {
        references::resource(&resource, true, errors);
    } else {
        source.missing(errors, "one of fieldRef and resourceFieldRef is required");
    }
    paths::mode(&file.child("mode"), errors);
}

/// Several of these in one directory.
pub(super) fn projected(source: &Field<'_, '_>, errors: &mut FieldErrors) {
    paths::mode(&source.child("defaultMode"), errors);
    let mut taken = BTreeSet::new();
    let mut take = |path: &str, shown: &str, errors: &mut FieldErrors| {
        if !path.is_empty() && !taken.insert(path.to_owned()) {
            errors.push(FieldError::invalid(&source.path, shown, "conflicting duplicate paths"));
        }
    };
    for one in source.child("sources").items() {
        let mut found = false;
        for kind in ["secret", "configMap", "downwardAPI", "serviceAccountToken"] {
            let part = one.child(kind);
            if !part.is_present() {
                continue;
            }
            if found {
                part.forbidden(errors, "may not specify more than 1 volume type per source");
                continue;
            }
            found = true;
            match kind {
                "downwardAPI" => {
                    for item in part.child("items").items() {
                        downward_file(&part, &item, errors);
                        let path = item.child("path").text();
                        take(path, path, errors);
                    }
                }
                "serviceAccountToken" => {
                    token(source, &part, errors);
                    let path = part.child("path").text();
                    take(path, path, errors);
                }
                _ => {
                    part.child("name").required(errors);
                    for item in part.child("items").items() {
                        key_to_path(&item, errors);
                        take(item.child("path").text(), part.child("name").text(), errors);
                    }
                }
            }
        }
    }
}

fn token(source: &Field<'_, '_>, token: &Field<'_, '_>, errors: &mut FieldErrors) {
    let seconds = token.child("expirationSeconds");
    if seconds.int() < 10 * 60 {
        seconds.invalid(errors, "may not specify a duration less than 10 minutes");
    }
    if seconds.int() > 1 << 32 {
        seconds.invalid(errors, "may not specify a duration larger than 2^32 seconds");
    }
    // The path's errors name the volume's path.
    let file = Field { value: token.value, path: source.path };
    let path = file.child("path");
    if path.required(errors) {
        paths::not_reserved(&path, errors);
    }
}

/// The value of an error that shows nothing.
pub(super) fn nothing() -> BadValue {
    BadValue::from("")
}
