//! Sources of volumes that pods and persistent volumes share.

use object::Value;
use status::{FieldError, FieldErrors};

use super::paths;
use crate::checks::Field;

const CACHING_MODES: &[&str] = &["None", "ReadOnly", "ReadWrite"];
const DISK_KINDS: &[&str] = &["Dedicated", "Managed", "Shared"];
const MANAGED_DISK: &str =
    "/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}";
const BLOB_DISK: &str = "https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd";
const HOST_PATH_TYPES: &[&str] =
    &["", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"];

/// The fields that a source needs, of those for which that is nearly all there is to check.
const NEEDED: &[(&str, &[&str])] = &[
    ("gcePersistentDisk", &["pdName"]),
    ("awsElasticBlockStore", &["volumeID"]),
    ("glusterfs", &["endpoints", "path"]),
    ("rbd", &["monitors", "image"]),
    ("cinder", &["volumeID"]),
    ("cephfs", &["monitors"]),
    ("azureFile", &["secretName", "shareName"]),
    ("vsphereVolume", &["volumePath"]),
    ("photonPersistentDisk", &["pdID"]),
    ("portworxVolume", &["volumeID"]),
    ("scaleIO", &["gateway", "system", "volumeName"]),
];

/// Checks a source of the kind `kind`.
pub(crate) fn validate(kind: &str, source: &Field<'_, '_>, errors: &mut FieldErrors) {
    let needed = NEEDED.iter().find(|(known, _)| *known == kind).map_or(&[][..], |(_, fields)| fields);
    for field in needed {
        source.child(field).required(errors);
    }
    match kind {
        "gcePersistentDisk" | "awsElasticBlockStore" => partition(&source.child("partition"), errors),
        "hostPath" => host_path(source, errors),
        "nfs" => nfs(source, errors),
        "iscsi" => super::iscsi::validate(source, errors),
        "flocker" => flocker(source, errors),
        "cinder" => secret_name(&source.child("secretRef"), errors),
        "quobyte" => quobyte(source, errors),
        "fc" => fibre_channel(source, errors),
        "flexVolume" => flex(source, errors),
        "azureDisk" => azure_disk(source, errors),
        "storageos" => storage_os(source, errors),
        _ => {}
    }
}

fn secret_name(secret: &Field<'_, '_>, errors: &mut FieldErrors) {
    if secret.is_present() {
        secret.child("name").required(errors);
    }
}

/// A part of a disk; 0 is the whole.
fn partition(field: &Field<'_, '_>, errors: &mut FieldErrors) {
    if !(0..=255).contains(&field.int()) {
        field.invalid(errors, "must be between 1 and 255, inclusive");
    }
}

/// A number that fits a byte.
pub(super) fn byte(field: &Field<'_, '_>, errors: &mut FieldErrors) {
    if !(0..=255).contains(&field.int()) {
        field.invalid(errors, "must be between 0 and 255, inclusive");
    }
}

fn host_path(source: &Field<'_, '_>, errors: &mut FieldErrors) {
    let (path, kind) = (source.child("path"), source.child("type"));
    if path.required(errors) {
        paths::no_backsteps(&path, errors);
    }
    if kind.is_present() {
        kind.one_of(errors, HOST_PATH_TYPES);
    }
}

fn nfs(source: &Field<'_, '_>, errors: &mut FieldErrors) {
    let path = source.child("path");
    source.child("server").required(errors);
    path.required(errors);
    if !path.text().starts_with('/') {
        path.invalid_text(errors, "must be an absolute path");
    }
}

fn flocker(source: &Field<'_, '_>, errors: &mut FieldErrors) {
    let (name, uuid) = (source.child("datasetName"), source.child("datasetUUID"));
    if name.is_empty() && uuid.is_empty() {
        source.missing(errors, "one of datasetName and datasetUUID is required");
    }
    if !name.is_empty() && !uuid.is_empty() {
        let detail = "datasetName and datasetUUID can not be specified simultaneously";
        errors.push(FieldError::invalid(&source.path, "resource", detail));
    }
    if name.text().contains('/') {
        name.invalid_text(errors, "must not contain '/'");
    }
}

fn quobyte(source: &Field<'_, '_>, errors: &mut FieldErrors) {
    const PAIRS: &str = "must be a host:port pair or multiple pairs separated by commas";
    let (registry, tenant) = (source.child("registry"), source.child("tenant"));
    if registry.is_empty() {
        registry.missing(errors, PAIRS);
    } else if tenant.text().len() >= 65 {
        tenant.missing(errors, "must be a UUID and may not exceed a length of 64 characters");
    } else {
        for pair in registry.text().split(',') {
            if !is_host_and_port(pair) {
                registry.invalid_text(errors, PAIRS);
            }
        }
    }
    source.child("volume").required(errors);
}

fn is_host_and_port(pair: &str) -> bool {
    match pair.rsplit_once(':') {
        Some((host, _)) => !host.contains(':') || (host.starts_with('[') && host.ends_with(']')),
        None => false,
    }
}

fn fibre_channel(source: &Field<'_, '_>, errors: &mut FieldErrors) {
    let (names, ids, lun) = (source.child("targetWWNs"), source.child("wwids"), source.child("lun"));
    if names.is_empty() && ids.is_empty() {
        names.missing(errors, "must specify either targetWWNs or wwids, but not both");
    }
    if !names.is_empty() && !ids.is_empty() {
        names.invalid(errors, "targetWWNs and wwids can not be specified simultaneously");
    }
    if !names.is_empty() {
        if lun.is_present() {
            byte(&lun, errors);
        } else {
            lun.missing(errors, "lun is required if targetWWNs is specified");
        }
    }
}

fn flex(source: &Field<'_, '_>, errors: &mut FieldErrors) {
    source.child("driver").required(errors);
    let options = source.child("options");
    for (key, _) in options.entries() {
        let namespace = key.split_once('/').map_or(key, |(namespace, _)| namespace);
        let namespace = format!(".{}", namespace.to_lowercase());
        if namespace.ends_with(".kubernetes.io") || namespace.ends_with(".k8s.io") {
            let detail = "kubernetes.io and k8s.io namespaces are reserved";
            errors.push(FieldError::invalid(&options.path.key(key), key, detail));
        }
    }
}

fn azure_disk(source: &Field<'_, '_>, errors: &mut FieldErrors) {
    let (uri, kind, mode) = (source.child("diskURI"), source.child("kind"), source.child("cachingMode"));
    source.child("diskName").required(errors);
    uri.required(errors);
    if mode.is_present() {
        mode.one_of(errors, CACHING_MODES);
    }
    if !kind.is_present() {
        return;
    }
    kind.one_of(errors, DISK_KINDS);
    let (start, form) = match kind.text() {
        "Managed" => ("/subscriptions/", MANAGED_DISK),
        _ => ("https://", BLOB_DISK),
    };
    if !uri.text().starts_with(start) {
        uri.unsupported(errors, &[form]);
    }
}

fn storage_os(source: &Field<'_, '_>, errors: &mut FieldErrors) {
    let (name, namespace) = (source.child("volumeName"), source.child("volumeNamespace"));
    if name.required(errors) {
        name.name(errors, meta::names::dns1123_label);
    }
    if !namespace.is_empty() {
        namespace.name(errors, meta::names::dns1123_label);
    }
    secret_name(&source.child("secretRef"), errors);
}

/// Checks the name of a CSI driver.
pub(crate) fn csi_driver_name(name: &Field<'_, '_>, errors: &mut FieldErrors) {
    const MAX_LENGTH: usize = 63;
    if !name.required(errors) {
        return;
    }
    if name.text().len() > MAX_LENGTH {
        errors.push(FieldError::too_long(&name.path, MAX_LENGTH as i64));
    }
    for message in meta::names::dns1123_subdomain(&name.text().to_lowercase()) {
        name.invalid_text(errors, message);
    }
}

/// The only kind of source that `holder` has, in the order of `kinds`; more are errors.
pub(super) fn each_source<'v>(
    holder: &Field<'v, '_>,
    kinds: &[&str],
    errors: &mut FieldErrors,
    mut check: impl FnMut(&str, &Field<'v, '_>, &mut FieldErrors),
) -> usize {
    let mut found = 0;
    for kind in kinds {
        let source = holder.child(kind);
        if matches!(source.value, Value::Null) {
            continue;
        }
        if found > 0 {
            source.forbidden(errors, "may not specify more than 1 volume type");
            continue;
        }
        found += 1;
        check(kind, &source, errors);
    }
    found
}
