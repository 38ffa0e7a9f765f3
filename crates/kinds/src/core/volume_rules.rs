//! The rules of persistent volumes.

use meta::Quantity;
use meta::names::{dns1123_label, dns1123_subdomain};
use object::Value;
use schema::TypeRef;
use status::{BadValue, FieldError, FieldErrors};

use crate::checks::Field;
use crate::{internal, pod};

/// Sources in the order in which they are looked at, each with the name its errors have.
pub(super) const SOURCES: &[(&str, &str)] = &[
    ("hostPath", "hostPath"),
    ("gcePersistentDisk", "persistentDisk"),
    ("awsElasticBlockStore", "awsElasticBlockStore"),
    ("glusterfs", "glusterfs"),
    ("flocker", "flocker"),
    ("nfs", "nfs"),
    ("rbd", "rbd"),
    ("quobyte", "quobyte"),
    ("cephfs", "cephfs"),
    ("iscsi", "iscsi"),
    ("cinder", "cinder"),
    ("fc", "fc"),
    ("flexVolume", "flexVolume"),
    ("azureFile", "azureFile"),
    ("vsphereVolume", "vsphereVolume"),
    ("photonPersistentDisk", "photonPersistentDisk"),
    ("portworxVolume", "portworxVolume"),
    ("azureDisk", "azureDisk"),
    ("scaleIO", "scaleIO"),
    ("local", "local"),
    ("storageos", "storageos"),
    ("csi", "csi"),
];
const POLICIES: &[&str] = &["Delete", "Recycle", "Retain"];

pub(super) fn always(volume: &Value, errors: &mut FieldErrors) {
    let root = Field::root(volume);
    let spec = root.child("spec");
    let modes = spec.child("accessModes");
    modes.required(errors);
    pod::access_modes(&modes, errors);
    capacity(&spec.child("capacity"), errors);
    let policy = spec.child("persistentVolumeReclaimPolicy");
    if !policy.is_empty() {
        policy.one_of(errors, POLICIES);
    }
    let affinity = spec.child("nodeAffinity");
    if affinity.is_present() {
        let required = affinity.child("required");
        if required.is_present() {
            pod::node_selector(&required, errors);
        } else {
            required.missing(errors, "must specify required node constraints");
        }
    }
    sources(&spec, errors);
    let path = volume.str_at(["spec", "hostPath", "path"]);
    if !path.is_empty() && path.trim_matches(['/', '.']).is_empty() && policy.text() == "Recycle" {
        policy.forbidden(errors, "may not be 'recycle' for a hostPath mount of '/'");
    }
    pod::class_name(&spec.child("storageClassName"), errors);
    let mode = spec.child("volumeMode");
    if mode.is_present() {
        mode.one_of(errors, pod::VOLUME_MODES);
    }
    let class = spec.child("volumeAttributesClassName");
    if class.is_present() {
        if class.is_empty() {
            class.missing(errors, "an empty string is disallowed");
        }
        pod::class_name(&class, errors);
        if !spec.child("csi").is_present() {
            let detail = "has to be specified when using volumeAttributesClassName";
            spec.child("csi").missing(errors, detail);
        }
    }
}

fn capacity(capacity: &Field<'_, '_>, errors: &mut FieldErrors) {
    capacity.required(errors);
    let names: Vec<&str> = capacity.entries().map(|(name, _)| name).collect();
    if names != ["storage"] {
        let value = match capacity.value {
            Value::Null => BadValue::Null,
            value => BadValue::from(value),
        };
        errors.push(FieldError::not_supported(&capacity.path, value, ["storage"]));
    }
    for (name, value) in capacity.entries() {
        let text = value.as_str().unwrap_or("0");
        let Ok(quantity) = Quantity::parse(text) else { continue };
        let path = capacity.path.key(name);
        if quantity.signum() < 0 {
            errors.push(FieldError::invalid(&path, quantity.value(), "must be a valid resource quantity"));
        }
        if quantity.signum() <= 0 {
            errors.push(FieldError::invalid(&path, text, "must be greater than zero"));
        }
    }
}

fn sources(spec: &Field<'_, '_>, errors: &mut FieldErrors) {
    let mut found = 0;
    for (kind, shown) in SOURCES {
        let value = spec.child(kind);
        if !value.is_present() {
            continue;
        }
        let source = Field { value: value.value, path: spec.path.child(shown) };
        if found > 0 {
            source.forbidden(errors, "may not specify more than 1 volume type");
            continue;
        }
        found += 1;
        check_source(kind, &source, spec, errors);
    }
    if found == 0 {
        spec.missing(errors, "must specify a volume type");
    }
}

fn check_source(kind: &str, source: &Field<'_, '_>, spec: &Field<'_, '_>, errors: &mut FieldErrors) {
    match kind {
        "csi" => return csi(source, errors),
        "local" => {
            let path = source.child("path");
            path.required(errors);
            pod::no_backsteps(&path, errors);
            if !spec.child("nodeAffinity").is_present() {
                spec.child("nodeAffinity").missing(errors, "Local volume requires node affinity");
            }
            return;
        }
        _ => pod::volume_source(kind, source, errors),
    }
    match kind {
        "glusterfs" => {
            let namespace = source.child("endpointsNamespace");
            if namespace.is_present() && namespace.is_empty() {
                let detail = "if the endpointnamespace is set, it must be a valid namespace name";
                namespace.invalid_text(errors, detail);
            } else if namespace.is_present() {
                namespace.name(errors, dns1123_label);
            }
        }
        "azureFile" => {
            let namespace = source.child("secretNamespace");
            if namespace.is_present() {
                namespace.required(errors);
            }
        }
        "cinder" | "storageos" => {
            let secret = source.child("secretRef");
            if secret.is_present() {
                secret.child("namespace").required(errors);
            }
        }
        _ => {}
    }
}

fn csi(source: &Field<'_, '_>, errors: &mut FieldErrors) {
    pod::csi_driver_name(&source.child("driver"), errors);
    source.child("volumeHandle").required(errors);
    for secret in [
        "controllerPublishSecretRef",
        "controllerExpandSecretRef",
        "nodePublishSecretRef",
        "nodeExpandSecretRef",
    ] {
        let secret = source.child(secret);
        if !secret.is_present() {
            continue;
        }
        let (name, namespace) = (secret.child("name"), secret.child("namespace"));
        if name.required(errors) {
            name.name(errors, dns1123_subdomain);
        }
        if namespace.required(errors) {
            namespace.name(errors, dns1123_label);
        }
    }
}

/// What an update may not change.
pub(super) fn update(volume: &Value, old: &Value, types: TypeRef<'_>, errors: &mut FieldErrors) {
    let (root, old_root) = (Field::root(volume), Field::root(old));
    let (spec, before) = (root.child("spec"), old_root.child("spec"));
    let changed = SOURCES.iter().any(|(kind, _)| !kept(kind, &spec, &before));
    if changed {
        let path = status::Path::new("spec");
        let ty = types.schema.named("io.k8s.api.core.v1.PersistentVolumeSource");
        let changes = internal::changes(ty, before.value, spec.value);
        let detail = format!("spec.persistentvolumesource is immutable after creation\n{changes}");
        errors.push(FieldError::forbidden(&path.child("persistentvolumesource"), detail));
    }
    let mode = spec.child("volumeMode");
    if !mode.same(&before.child("volumeMode")) {
        errors.push(FieldError::invalid(
            &status::Path::new("volumeMode"),
            mode.bad_value(),
            "field is immutable",
        ));
    }
    let (affinity, was) = (spec.child("nodeAffinity"), before.child("nodeAffinity"));
    if was.is_present() && affinity.value != was.value {
        let ty = types.schema.named("io.k8s.api.core.v1.VolumeNodeAffinity");
        let value =
            if affinity.is_present() { internal::bad_value(ty, affinity.value) } else { BadValue::Null };
        let detail = "field is immutable, except for updating from beta label to GA";
        errors.push(FieldError::invalid(&status::Path::new("nodeAffinity"), value, detail));
    }
    let class = spec.child("volumeAttributesClassName");
    if before.child("volumeAttributesClassName").is_present() && !class.is_present() {
        class.forbidden(errors, "update from non-nil value to nil is forbidden");
    }
}

/// A source stays as it is; of CSI's, a secret for growing may come.
fn kept(kind: &str, spec: &Field<'_, '_>, old: &Field<'_, '_>) -> bool {
    const EXPAND: &str = "controllerExpandSecretRef";
    let (new, was) = (spec.child(kind), old.child(kind));
    if kind == "csi" && !was.child(EXPAND).is_present() && was.is_present() {
        let mut without = new.value.clone();
        without.remove(EXPAND);
        return without == *was.value;
    }
    new.same(&was)
}
