//! The rules of resource quotas.

use std::collections::BTreeSet;

use object::Value;
use schema::TypeRef;
use status::{BadValue, FieldError, FieldErrors};

use crate::checks::Field;
use crate::{internal, pod};

const SCOPES: &[&str] = &[
    "Terminating",
    "NotTerminating",
    "BestEffort",
    "NotBestEffort",
    "PriorityClass",
    "CrossNamespacePodAffinity",
    "VolumeAttributesClass",
];
const OPPOSITES: [[&str; 2]; 2] = [["BestEffort", "NotBestEffort"], ["Terminating", "NotTerminating"]];
const COMPUTE: &[&str] = &["cpu", "memory", "limits.cpu", "limits.memory", "requests.cpu", "requests.memory"];
const NOT_APPLICABLE: &str = "unsupported scope applied to resource";

/// Whether quotas may count the resource; `storage` alone they may not.
fn is_standard(name: &str) -> bool {
    (pod::is_standard(name) && name != "storage") || name.starts_with("requests.hugepages-")
}

fn applies(scope: &str, resource: &str) -> bool {
    match scope {
        "BestEffort" => resource == "pods",
        "VolumeAttributesClass" => matches!(resource, "persistentvolumeclaims" | "requests.storage"),
        _ => resource == "pods" || COMPUTE.contains(&resource),
    }
}

pub(super) fn spec(quota: &Value, types: TypeRef<'_>, errors: &mut FieldErrors) {
    let root = Field::root(quota);
    let spec = root.child("spec");
    let hard = spec.child("hard");
    amounts(&hard, errors);
    let counted: Vec<&str> = hard.entries().map(|(name, _)| name).filter(|name| is_standard(name)).collect();
    scopes(&spec.child("scopes"), &counted, errors);
    let selector = spec.child("scopeSelector");
    if selector.is_present() {
        let ty = types.schema.named("io.k8s.api.core.v1.ScopeSelector");
        scope_selector(&selector, internal::bad_value(ty, selector.value), &counted, errors);
    }
}

fn amounts(list: &Field<'_, '_>, errors: &mut FieldErrors) {
    for (name, value) in list.entries() {
        let path = list.path.key(name);
        pod::resource_name(&path, name, errors);
        if !name.contains('/') && !is_standard(name) {
            errors.push(FieldError::invalid(&path, name, "must be a standard resource for quota"));
        }
        pod::amount(&path, name, value, errors);
    }
}

fn scopes(list: &Field<'_, '_>, counted: &[&str], errors: &mut FieldErrors) {
    for scope in list.texts() {
        if !SCOPES.contains(&scope) {
            list.invalid(errors, "unsupported scope");
        }
        for _ in counted.iter().filter(|resource| !applies(scope, resource)) {
            list.invalid(errors, NOT_APPLICABLE);
        }
    }
    let all: BTreeSet<&str> = list.texts().collect();
    for pair in OPPOSITES {
        if pair.iter().all(|scope| all.contains(scope)) {
            list.invalid(errors, "conflicting scopes");
        }
    }
}

fn scope_selector(selector: &Field<'_, '_>, shown: BadValue, counted: &[&str], errors: &mut FieldErrors) {
    let list = selector.child("matchExpressions");
    let mut all = BTreeSet::new();
    for requirement in list.list() {
        let requirement = Field { value: requirement, path: list.path };
        let (scope, operator) = (requirement.child("scopeName"), requirement.child("operator"));
        let values = requirement.child("values");
        if !SCOPES.contains(&scope.text()) {
            scope.invalid_text(errors, "unsupported scope");
        }
        for _ in counted.iter().filter(|resource| !applies(scope.text(), resource)) {
            errors.push(FieldError::invalid(&list.path, shown.clone(), NOT_APPLICABLE));
        }
        let plain = SCOPES.contains(&scope.text())
            && !matches!(scope.text(), "PriorityClass" | "VolumeAttributesClass");
        if plain && operator.text() != "Exists" {
            let detail = "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, \
                          ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, \
                          ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity";
            operator.invalid_text(errors, detail);
        }
        match operator.text() {
            "In" | "NotIn" if values.is_empty() => {
                let detail =
                    "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector";
                values.missing(errors, detail);
            }
            "Exists" | "DoesNotExist" if !values.is_empty() => {
                let detail =
                    "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector";
                values.invalid(errors, detail);
            }
            "In" | "NotIn" | "Exists" | "DoesNotExist" => {}
            _ => operator.invalid_text(errors, "not a valid selector operator"),
        }
        all.insert(scope.text());
    }
    for pair in OPPOSITES {
        if pair.iter().all(|scope| all.contains(scope)) {
            list.invalid(errors, "conflicting scopes");
        }
    }
}

/// Scopes never change.
pub(super) fn update(quota: &Value, old: &Value, errors: &mut FieldErrors) {
    let set = |quota: &Value| -> BTreeSet<String> {
        let scopes = quota.items_at(["spec", "scopes"]).iter();
        scopes.map(|scope| scope.as_str().unwrap_or("").to_owned()).collect()
    };
    if set(quota) != set(old) {
        let root = Field::root(quota);
        let spec = root.child("spec");
        spec.child("scopes").invalid(errors, "field is immutable");
    }
}

pub(super) fn status(quota: &Value, errors: &mut FieldErrors) {
    let root = Field::root(quota);
    let status = root.child("status");
    for list in ["hard", "used"] {
        amounts(&status.child(list), errors);
    }
}
