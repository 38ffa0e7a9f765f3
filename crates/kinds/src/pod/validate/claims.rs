//! The spec of a persistent volume claim, by itself or as a template in a pod.

use meta::Quantity;
use object::Value;
use status::{BadValue, FieldError, FieldErrors};

use crate::checks::Field;

const ACCESS_MODES: &[&str] = &["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"];
pub(crate) const VOLUME_MODES: &[&str] = &["Block", "Filesystem"];

/// What a template's metadata may not have: each field, and its path.
const NOT_IN_TEMPLATES: &[(&str, &str)] = &[
    ("name", "name"),
    ("generateName", "generateName"),
    ("namespace", "namespace"),
    ("selfLink", "selfLink"),
    ("uid", "uID"),
    ("resourceVersion", "resourceVersion"),
    ("generation", "generation"),
    ("creationTimestamp", "creationTimestamp"),
    ("deletionTimestamp", "deletionTimestamp"),
    ("deletionGracePeriodSeconds", "deletionGracePeriodSeconds"),
    ("ownerReferences", "ownerReferences"),
    ("finalizers", "finalizers"),
    ("managedFields", "managedFields"),
];

/// A claim's template in a pod.
pub(super) fn template(template: &Field<'_, '_>, errors: &mut FieldErrors) {
    let metadata = template.child("metadata");
    let pairs = |field: &str| {
        let map = metadata.value.get(field).and_then(Value::as_object);
        let pairs = map.into_iter().flat_map(|map| map.iter());
        pairs.map(|(key, value)| (key, value.as_str().unwrap_or("")))
    };
    errors.extend(meta::names::check_annotations(&metadata.path.child("annotations"), pairs("annotations")));
    errors.extend(meta::names::check_labels(&metadata.path.child("labels"), pairs("labels")));
    for (field, shown) in NOT_IN_TEMPLATES {
        let value = metadata.child(field);
        if !value.is_empty() && value.value.as_i64() != Some(0) {
            errors.push(FieldError::forbidden(&metadata.path.child(shown), "cannot be set"));
        }
    }
    spec(&template.child("spec"), errors);
}

/// A claim's spec.
pub(crate) fn spec(spec: &Field<'_, '_>, errors: &mut FieldErrors) {
    let modes = spec.child("accessModes");
    if modes.is_empty() {
        modes.missing(errors, "at least 1 access mode is required");
    }
    let selector = spec.child("selector");
    if selector.is_present() {
        selector.label_selector(errors, false);
    }
    access_modes(&modes, errors);
    storage(spec, errors);
    class_name(&spec.child("storageClassName"), errors);
    let mode = spec.child("volumeMode");
    if mode.is_present() {
        mode.one_of(errors, VOLUME_MODES);
    }
    data_sources(spec, errors);
    class_name(&spec.child("volumeAttributesClassName"), errors);
}

/// Access modes of a claim or a volume.
pub(crate) fn access_modes(modes: &Field<'_, '_>, errors: &mut FieldErrors) {
    for mode in modes.texts() {
        if !ACCESS_MODES.contains(&mode) {
            errors.push(FieldError::not_supported(&modes.path, mode, ACCESS_MODES.iter().copied()));
        }
    }
    let single = |mode: &&str| *mode == "ReadWriteOncePod";
    if modes.texts().any(|mode| single(&mode)) && !modes.texts().all(|mode| single(&mode)) {
        modes.forbidden(errors, "may not use ReadWriteOncePod with other access modes");
    }
}

fn storage(spec: &Field<'_, '_>, errors: &mut FieldErrors) {
    let resources = spec.child("resources");
    let path = resources.path.key("storage");
    let Some(text) = resources.value.at(["requests", "storage"]).and_then(Value::as_str) else {
        errors.push(FieldError::required(&path, ""));
        return;
    };
    let Ok(quantity) = Quantity::parse(text) else { return };
    if quantity.signum() <= 0 {
        errors.push(FieldError::invalid(&path, text, "must be greater than zero"));
    }
}

/// The name of a class, if there is one.
pub(crate) fn class_name(name: &Field<'_, '_>, errors: &mut FieldErrors) {
    if !name.is_empty() {
        name.name(errors, meta::names::dns1123_subdomain);
    }
}

fn data_sources(spec: &Field<'_, '_>, errors: &mut FieldErrors) {
    let (source, reference) = (spec.child("dataSource"), spec.child("dataSourceRef"));
    for one in [&source, &reference] {
        if one.is_present() {
            data_source(one, errors);
        }
    }
    if !source.is_present() || !reference.is_present() {
        return;
    }
    let namespaced = !reference.child("namespace").is_empty();
    let differs =
        ["kind", "name", "apiGroup"].iter().any(|field| !source.child(field).same(&reference.child(field)));
    let problem = match (namespaced, differs) {
        (true, _) => "may not be specified when dataSourceRef.namespace is specified",
        (false, true) => "must match dataSourceRef",
        (false, false) => return,
    };
    errors.push(FieldError::invalid(&spec.path, BadValue::Bare("{}".to_owned()), problem));
}

fn data_source(source: &Field<'_, '_>, errors: &mut FieldErrors) {
    source.child("name").required(errors);
    let (kind, group) = (source.child("kind"), source.child("apiGroup"));
    kind.required(errors);
    if group.is_empty() && kind.text() != "PersistentVolumeClaim" {
        let detail = "must be 'PersistentVolumeClaim' when referencing the default apiGroup";
        errors.push(FieldError::invalid(&source.path, kind.text(), detail));
    }
    if !group.is_empty() {
        group.name(errors, meta::names::dns1123_subdomain);
    }
}
