//! Annotations of pods that mean something to the API.

use object::Value;
use status::{FieldError, FieldErrors};

use crate::checks::Field;
use crate::fields::items;

const MIRROR: &str = "kubernetes.io/config.mirror";
const TOLERATIONS: &str = "scheduler.alpha.kubernetes.io/tolerations";
const DELETION_COST: &str = "controller.kubernetes.io/pod-deletion-cost";
const SECCOMP_POD: &str = "seccomp.security.alpha.kubernetes.io/pod";
const SECCOMP_CONTAINER: &str = "container.seccomp.security.alpha.kubernetes.io/";
const APP_ARMOR: &str = "container.apparmor.security.beta.kubernetes.io/";
const CONTAINER_LISTS: [&str; 3] = ["initContainers", "containers", "ephemeralContainers"];

pub(super) fn validate(annotations: &Field<'_, '_>, spec: &Field<'_, '_>, errors: &mut FieldErrors) {
    let text = |key: &str| annotations.value.get(key).and_then(Value::as_str);
    if let Some(value) = text(MIRROR)
        && spec.child("nodeName").is_empty()
    {
        let detail = "must set spec.nodeName if mirror pod annotation is set";
        errors.push(FieldError::invalid(&annotations.path.key(MIRROR), value, detail));
    }
    if let Some(value) = text(TOLERATIONS).filter(|value| !value.is_empty())
        && let Err(error) = object::json::parse(value.as_bytes())
    {
        errors.push(FieldError::invalid(&annotations.path, TOLERATIONS, error.to_string()));
    }
    if let Some(value) = text(DELETION_COST)
        && !is_deletion_cost(value)
    {
        let path = annotations.path.key(DELETION_COST);
        errors.push(FieldError::invalid(&path, value, "must be a 32bit integer"));
    }
    seccomp(annotations, errors);
    app_armor(annotations, spec, errors);
}

/// A number without a sign in front or zeros.
fn is_deletion_cost(value: &str) -> bool {
    let digits = value.strip_prefix('-').unwrap_or(value);
    let plain = !value.starts_with('+') && (digits == "0" || !digits.starts_with('0'));
    plain && value != "-0" && value.parse::<i32>().is_ok()
}

fn seccomp(annotations: &Field<'_, '_>, errors: &mut FieldErrors) {
    for (key, value) in annotations.entries() {
        if key != SECCOMP_POD && !key.starts_with(SECCOMP_CONTAINER) {
            continue;
        }
        let value = value.as_str().unwrap_or("");
        let path = annotations.path.child(key);
        match value.strip_prefix("localhost/") {
            Some(profile) => {
                let value = Value::from(profile);
                super::paths::descending(&Field { value: &value, path }, errors);
            }
            None if matches!(value, "runtime/default" | "docker/default" | "unconfined") => {}
            None => errors.push(FieldError::invalid(&path, value, "must be a valid seccomp profile")),
        }
    }
}

fn app_armor(annotations: &Field<'_, '_>, spec: &Field<'_, '_>, errors: &mut FieldErrors) {
    for (key, value) in annotations.entries() {
        let Some(container) = key.strip_prefix(APP_ARMOR) else { continue };
        let value = value.as_str().unwrap_or("");
        let path = annotations.path.key(key);
        let known = CONTAINER_LISTS
            .iter()
            .flat_map(|list| items(spec.value, list))
            .any(|known| known.str_at(["name"]) == container);
        if !known {
            errors.push(FieldError::invalid(&path, container, "container not found"));
        }
        if !matches!(value, "" | "runtime/default" | "unconfined") && !value.starts_with("localhost/") {
            let detail = format!("invalid AppArmor profile name: {}", status::go_quote(value));
            errors.push(FieldError::invalid(&path, value, detail));
        }
    }
}

/// Where both an annotation and a field name a profile, they must agree.
pub(super) fn match_fields(pod: &Field<'_, '_>, errors: &mut FieldErrors) {
    let (metadata, spec) = (pod.child("metadata"), pod.child("spec"));
    let annotations = metadata.child("annotations");
    let text = |key: &str| annotations.value.get(key).and_then(Value::as_str);
    let profile = spec.child("securityContext");
    agree(text(SECCOMP_POD), &profile.child("seccompProfile"), "seccomp", errors);
    for list in CONTAINER_LISTS {
        for container in spec.child(list).items() {
            let name = container.child("name").text();
            let context = container.child("securityContext");
            let seccomp = text(&format!("{SECCOMP_CONTAINER}{name}"));
            agree(seccomp, &context.child("seccompProfile"), "seccomp", errors);
            let app_armor = text(&format!("{APP_ARMOR}{name}"));
            agree(app_armor, &context.child("appArmorProfile"), "apparmor", errors);
        }
    }
}

fn agree(annotation: Option<&str>, profile: &Field<'_, '_>, what: &str, errors: &mut FieldErrors) {
    let Some(annotation) = annotation.filter(|_| profile.is_present()) else { return };
    let (kind, local) = (profile.child("type"), profile.child("localhostProfile"));
    let expected = match annotation {
        "" => return,
        "runtime/default" | "docker/default" => "RuntimeDefault",
        "unconfined" => "Unconfined",
        _ => "Localhost",
    };
    if kind.text() != expected {
        kind.forbidden(errors, format!("{what} type in annotation and field must match"));
    } else if expected == "Localhost" && annotation.strip_prefix("localhost/") != Some(local.text()) {
        local.forbidden(errors, format!("{what} profile in annotation and field must match"));
    }
}
