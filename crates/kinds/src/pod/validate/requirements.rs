//! Requests and limits, of containers and of pods as a whole.

use std::collections::BTreeSet;

use meta::Quantity;
use object::Value;
use status::{FieldError, FieldErrors};

use super::environment::not_found;
use crate::checks::{Field, NOT_NEGATIVE};
use crate::pod::resources;

const STANDARD: &[&str] = &[
    "cpu",
    "memory",
    "ephemeral-storage",
    "requests.cpu",
    "requests.memory",
    "requests.ephemeral-storage",
    "limits.cpu",
    "limits.memory",
    "limits.ephemeral-storage",
    "pods",
    "resourcequotas",
    "services",
    "replicationcontrollers",
    "secrets",
    "configmaps",
    "persistentvolumeclaims",
    "storage",
    "requests.storage",
    "services.nodeports",
    "services.loadbalancers",
];
const COUNTED: &[&str] = &[
    "pods",
    "resourcequotas",
    "services",
    "replicationcontrollers",
    "secrets",
    "configmaps",
    "persistentvolumeclaims",
    "services.nodeports",
    "services.loadbalancers",
];

fn is_huge_pages(name: &str) -> bool {
    name.starts_with("hugepages-")
}

/// A resource that Kubernetes itself defines.
fn is_native(name: &str) -> bool {
    !name.contains('/') || name.contains("kubernetes.io/")
}

/// A resource that somebody else defines, in whole units.
fn is_extended(name: &str) -> bool {
    !is_native(name)
        && !name.starts_with("requests.")
        && meta::names::qualified_name(&format!("requests.{name}")).is_empty()
}

pub(crate) fn is_standard(name: &str) -> bool {
    STANDARD.contains(&name) || is_huge_pages(name)
}

fn is_standard_for_containers(name: &str) -> bool {
    matches!(name, "cpu" | "memory" | "ephemeral-storage") || is_huge_pages(name)
}

fn is_integer(name: &str) -> bool {
    COUNTED.contains(&name) || is_extended(name)
}

fn may_be_overcommitted(name: &str) -> bool {
    is_native(name) && !is_huge_pages(name)
}

/// Checks that a resource's name is well-formed and known; whether the form is right.
pub(crate) fn name(path: &status::Path<'_>, name: &str, errors: &mut FieldErrors) -> bool {
    let messages = meta::names::qualified_name(name);
    let good = messages.is_empty();
    for message in messages {
        errors.push(FieldError::invalid(path, name, message));
    }
    if good && !name.contains('/') && !is_standard(name) {
        let detail = "must be a standard resource type or fully qualified";
        errors.push(FieldError::invalid(path, name, detail));
    }
    good
}

/// Checks an amount of a resource.
pub(crate) fn amount(path: &status::Path<'_>, name: &str, value: &Value, errors: &mut FieldErrors) {
    let text = value.as_str().unwrap_or("0");
    let Ok(quantity) = Quantity::parse(text) else { return };
    if quantity.signum() < 0 {
        errors.push(FieldError::invalid(path, text, NOT_NEGATIVE));
    }
    if is_integer(name) && quantity.milli_value() % 1000 != 0 {
        errors.push(FieldError::invalid(path, text, "must be an integer"));
    }
}

/// Checks the name of a resource that containers may ask for.
pub(crate) fn container_resource(path: &status::Path<'_>, resource: &str, errors: &mut FieldErrors) {
    name(path, resource, errors);
    if !resource.contains('/') {
        if !is_standard_for_containers(resource) {
            let detail = "must be a standard resource for containers";
            errors.push(FieldError::invalid(path, resource, detail));
        }
    } else if !is_native(resource) && !is_extended(resource) {
        let detail = "doesn't follow extended resource name standard";
        errors.push(FieldError::invalid(path, resource, detail));
    }
}

fn pod_resource(path: &status::Path<'_>, resource: &str, errors: &mut FieldErrors) {
    let before = errors.len();
    name(path, resource, errors);
    if errors.len() == before && !resources::may_be_pod_level(resource) {
        errors.push(FieldError::not_supported(path, resource, ["cpu", "hugepages-", "memory"]));
    }
}

/// A page's worth of bytes, whole times.
fn huge_pages(path: &status::Path<'_>, name: &str, value: &Value, errors: &mut FieldErrors) {
    let text = value.as_str().unwrap_or("0");
    let Ok(quantity) = Quantity::parse(text) else { return };
    let size = name.strip_prefix("hugepages-").and_then(|size| Quantity::parse(size).ok());
    let divisible = size.is_some_and(|size| {
        size.signum() > 0
            && size.milli_value() % 1000 == 0
            && size.value() != 0
            && quantity.value() % size.value() == 0
    });
    if !divisible {
        let detail = format!("{text} is not positive integer multiple of {name}");
        errors.push(FieldError::invalid(path, text, detail));
    }
}

/// The requirements of a container; `claims` are the names of the pod's resource claims.
pub(super) fn of_container(requirements: &Field<'_, '_>, claims: &BTreeSet<&str>, errors: &mut FieldErrors) {
    lists(requirements, container_resource, errors);
    claim_names(&requirements.child("claims"), claims, errors);
}

fn lists(
    requirements: &Field<'_, '_>,
    check_name: fn(&status::Path<'_>, &str, &mut FieldErrors),
    errors: &mut FieldErrors,
) {
    let (limits, requests) = (requirements.child("limits"), requirements.child("requests"));
    for (name, value) in limits.entries() {
        let path = limits.path.key(name);
        check_name(&path, name, errors);
        amount(&path, name, value, errors);
        if is_huge_pages(name) {
            huge_pages(&path, name, value, errors);
        }
    }
    for (name, value) in requests.entries() {
        let path = requests.path.key(name);
        check_name(&path, name, errors);
        amount(&path, name, value, errors);
        against_limit(name, value, &requests, &limits, errors);
        if is_huge_pages(name) {
            huge_pages(&path, name, value, errors);
        }
    }
    let names = || limits.entries().chain(requests.entries()).map(|(name, _)| name);
    if names().any(is_huge_pages) && !names().any(|name| matches!(name, "cpu" | "memory")) {
        requirements.forbidden(errors, "HugePages require cpu or memory");
    }
}

fn against_limit(
    name: &str,
    value: &Value,
    requests: &Field<'_, '_>,
    limits: &Field<'_, '_>,
    errors: &mut FieldErrors,
) {
    let text = value.as_str().unwrap_or("0");
    let Some(limit) = limits.value.get(name).map(|limit| limit.as_str().unwrap_or("0")) else {
        if !may_be_overcommitted(name) {
            limits.missing(errors, "Limit must be set for non overcommitable resources");
        }
        return;
    };
    let (Ok(request), Ok(most)) = (Quantity::parse(text), Quantity::parse(limit)) else { return };
    let how = if request != most && !may_be_overcommitted(name) {
        "equal to"
    } else if request > most {
        "less than or equal to"
    } else {
        return;
    };
    let detail = format!("must be {how} {name} limit of {limit}");
    errors.push(FieldError::invalid(&requests.path, text, detail));
}

fn claim_names(list: &Field<'_, '_>, known: &BTreeSet<&str>, errors: &mut FieldErrors) {
    let mut seen = BTreeSet::new();
    for claim in list.items() {
        let (name, request) = (claim.child("name").text(), claim.child("request"));
        if name.is_empty() {
            claim.missing(errors, "");
            continue;
        }
        let key = if request.is_empty() { name.to_owned() } else { format!("{name}/{}", request.text()) };
        let whole_taken = !request.is_empty() && seen.contains(name);
        if whole_taken || seen.contains(&key) {
            errors.push(FieldError::duplicate(&claim.path, key.as_str()));
        }
        seen.insert(key);
        if !known.contains(name) {
            let list: Vec<&str> = known.iter().copied().collect();
            let rest =
                if list.is_empty() { " which is empty".to_owned() } else { format!(": {}", list.join(", ")) };
            let detail = format!("must be one of the names in pod.spec.resourceClaims{rest}");
            errors.push(not_found(&claim, name, detail));
        }
        if !request.is_empty() {
            request.name(errors, meta::names::dns1123_label);
        }
    }
}

/// The requirements of a pod as a whole, which its containers' must fit in.
pub(super) fn of_pod(spec: &Field<'_, '_>, errors: &mut FieldErrors) {
    let whole = spec.child("resources");
    if !whole.is_present() {
        return;
    }
    let claims = whole.child("claims");
    if !claims.is_empty() {
        claims.forbidden(errors, "claims cannot be set for Resources at pod-level");
    }
    lists(&whole, pod_resource, errors);
    let requests = whole.child("requests");
    for (name, needed) in resources::of_containers(spec.value, "requests") {
        if !resources::may_be_pod_level(name) {
            continue;
        }
        let given = requests.value.get(name).and_then(Value::as_str).unwrap_or("0");
        if Quantity::parse(given).is_ok_and(|given| needed > given) {
            let detail = format!("must be greater than or equal to aggregate container requests of {needed}");
            errors.push(FieldError::invalid(&requests.path.key(name), given, detail));
        }
    }
    let limits = whole.child("limits");
    let shown = whole.path.child("containers");
    for (index, container) in spec.child("containers").list().iter().enumerate() {
        for (name, limit) in resources::of_container(container, "limits") {
            let Some(most) = limits.value.get(name).and_then(Value::as_str) else { continue };
            if Quantity::parse(most).is_ok_and(|most| limit > most) {
                let detail = format!("must be less than or equal to pod limits of {most}");
                let path = shown.index(index);
                let path = path.key(name);
                errors.push(FieldError::invalid(&path.child("limits"), limit.canonical(), detail));
            }
        }
    }
}

/// Overhead is checked as limits are.
pub(super) fn overhead(overhead: &Field<'_, '_>, errors: &mut FieldErrors) {
    let limits = overhead.path.child("limits");
    for (name, value) in overhead.entries() {
        let path = limits.key(name);
        container_resource(&path, name, errors);
        amount(&path, name, value, errors);
        if is_huge_pages(name) {
            huge_pages(&path, name, value, errors);
        }
    }
}
