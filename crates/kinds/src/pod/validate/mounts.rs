//! Where a container has its volumes.

use std::collections::BTreeSet;

use status::{FieldError, FieldErrors};

use super::paths;
use super::volumes::Volumes;
use crate::checks::Field;

/// `volumeMounts`. Some errors name the list, without the place in it.
pub(super) fn mounts(container: &Field<'_, '_>, volumes: &Volumes<'_>, errors: &mut FieldErrors) {
    let list = container.child("volumeMounts");
    let devices = container.child("volumeDevices");
    let has_device =
        |field: &str, value: &str| devices.list().iter().any(|device| device.str_at([field]) == value);
    let privileged = container.child("securityContext").child("privileged").flag();
    let mut seen = BTreeSet::new();
    for mount in list.items() {
        let (name, path) = (mount.child("name"), mount.child("mountPath"));
        name.required(errors);
        if !volumes.contains_key(name.text()) {
            errors.push(FieldError::not_found(&name.path, name.text()));
        }
        path.required(errors);
        if !seen.insert(path.text()) {
            path.invalid_text(errors, "must be unique");
        }
        if has_device("name", name.text()) {
            name.invalid_text(errors, "must not already exist in volumeDevices");
        }
        if has_device("devicePath", path.text()) {
            path.invalid_text(errors, "must not already exist as a path in volumeDevices");
        }
        sub_paths(&mount, &list, errors);
        let shown = Field { value: mount.value, path: list.path };
        propagation(&shown.child("mountPropagation"), privileged, errors);
        recursive(&shown, errors);
    }
}

fn sub_paths(mount: &Field<'_, '_>, list: &Field<'_, '_>, errors: &mut FieldErrors) {
    let shown = Field { value: mount.value, path: list.path };
    let (plain, expression) = (shown.child("subPath"), shown.child("subPathExpr"));
    if !plain.is_empty() {
        paths::descending(&plain, errors);
    }
    if !expression.is_empty() {
        if !plain.is_empty() {
            let detail = "subPathExpr and subPath are mutually exclusive";
            mount.child("subPathExpr").invalid_text(errors, detail);
        }
        paths::descending(&expression, errors);
    }
}

fn propagation(field: &Field<'_, '_>, privileged: bool, errors: &mut FieldErrors) {
    if !field.is_present() {
        return;
    }
    field.one_of(errors, &["Bidirectional", "HostToContainer", "None"]);
    if field.text() == "Bidirectional" && !privileged {
        field.forbidden(errors, "Bidirectional mount propagation is available only to privileged containers");
    }
}

fn recursive(mount: &Field<'_, '_>, errors: &mut FieldErrors) {
    let field = mount.child("recursiveReadOnly");
    match field.text() {
        _ if !field.is_present() => {}
        "Disabled" => {}
        "Enabled" | "IfPossible" => {
            if !mount.child("readOnly").flag() {
                field.forbidden(errors, "may only be specified when readOnly is true");
            }
            let propagation = mount.child("mountPropagation");
            if propagation.is_present() && propagation.text() != "None" {
                field.forbidden(
                    errors,
                    "may only be specified when mountPropagation is None or not specified",
                );
            }
        }
        _ => field.unsupported(errors, &["Disabled", "Enabled", "IfPossible"]),
    }
}

/// `volumeDevices`.
pub(super) fn devices(container: &Field<'_, '_>, volumes: &Volumes<'_>, errors: &mut FieldErrors) {
    let mounts = container.child("volumeMounts");
    let has_mount =
        |field: &str, value: &str| mounts.list().iter().any(|mount| mount.str_at([field]) == value);
    let (mut paths_seen, mut names_seen) = (BTreeSet::new(), BTreeSet::new());
    for device in container.child("volumeDevices").items() {
        let (name, path) = (device.child("name"), device.child("devicePath"));
        name.required(errors);
        if names_seen.contains(name.text()) {
            name.invalid_text(errors, "must be unique");
        }
        match volumes.get(name.text()) {
            Some(volume)
                if !["persistentVolumeClaim", "ephemeral"].iter().any(|kind| volume.get(kind).is_some()) =>
            {
                let detail =
                    "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode";
                name.invalid_text(errors, detail);
            }
            Some(_) => {}
            None => errors.push(FieldError::not_found(&name.path, name.text())),
        }
        path.required(errors);
        if paths_seen.contains(path.text()) {
            path.invalid_text(errors, "must be unique");
        }
        if path.text().split('/').any(|part| part == "..") {
            path.invalid_text(errors, "can not contain backsteps ('..')");
        } else {
            paths_seen.insert(path.text());
        }
        if has_mount("name", name.text()) {
            name.invalid_text(errors, "must not already exist in volumeMounts");
        }
        if has_mount("mountPath", path.text()) {
            path.invalid_text(errors, "must not already exist as a path in volumeMounts");
        }
        if !name.is_empty() {
            names_seen.insert(name.text());
        }
    }
}
