//! What the kinds of RBAC share: policy rules, role references, subjects.

use object::Value;
use status::{FieldError, FieldErrors};

use crate::checks::Field;
use crate::fields::{default_to, items_mut};

/// The group that users, groups and roles belong to.
const GROUP: &str = "rbac.authorization.k8s.io";

/// Fills the groups of a binding's role and subjects.
pub(super) fn default_binding(binding: &mut Value) {
    let role = binding.make_object().get_or_insert_with("roleRef", Value::object);
    default_to(role, "apiGroup", GROUP);
    for subject in items_mut(binding, "subjects") {
        if matches!(subject.str_at(["kind"]), "User" | "Group") {
            default_to(subject, "apiGroup", GROUP);
        }
    }
}

/// Checks the rules of a role.
pub(super) fn validate_rules(role: &Field<'_, '_>, namespaced: bool, errors: &mut FieldErrors) {
    let rules = role.child("rules");
    for rule in rules.items() {
        validate_rule(&rule, namespaced, errors);
    }
}

fn validate_rule(rule: &Field<'_, '_>, namespaced: bool, errors: &mut FieldErrors) {
    let child = |name| !rule.child(name).is_empty();
    if !child("verbs") {
        rule.child("verbs").missing(errors, "verbs must contain at least one value");
    }
    let urls = rule.child("nonResourceURLs");
    if !urls.is_empty() {
        if namespaced {
            urls.invalid(errors, "namespaced rules cannot apply to non-resource URLs");
        }
        if child("apiGroups") || child("resources") || child("resourceNames") {
            urls.invalid(errors, "rules cannot apply to both regular resources and non-resource URLs");
        }
        return;
    }
    for (field, detail) in [
        ("apiGroups", "resource rules must supply at least one api group"),
        ("resources", "resource rules must supply at least one resource"),
    ] {
        if !child(field) {
            rule.child(field).missing(errors, detail);
        }
    }
}

/// Checks a binding to a role of one of `role_kinds`.
pub(super) fn validate_binding(
    binding: &Field<'_, '_>,
    namespaced: bool,
    role_kinds: &[&str],
    errors: &mut FieldErrors,
) {
    let role = binding.child("roleRef");
    role.child("apiGroup").one_of(errors, &[GROUP]);
    role.child("kind").one_of(errors, role_kinds);
    let name = role.child("name");
    if name.required(errors) {
        name.name(errors, meta::names::path_segment_name);
    }
    let subjects = binding.child("subjects");
    for subject in subjects.items() {
        validate_subject(&subject, namespaced, errors);
    }
}

/// A binding goes on to bind the role that it bound.
pub(super) fn role_is_kept(
    binding: &Field<'_, '_>,
    old: &Field<'_, '_>,
    ty: schema::TypeRef<'_>,
    errors: &mut FieldErrors,
) {
    let role = binding.child("roleRef");
    if !role.same(&old.child("roleRef")) {
        let value = crate::internal::bad_value(ty.child("roleRef"), role.value);
        errors.push(FieldError::invalid(&role.path, value, "cannot change roleRef"));
    }
}

fn validate_subject(subject: &Field<'_, '_>, namespaced: bool, errors: &mut FieldErrors) {
    let name = subject.child("name");
    name.required(errors);
    let group = subject.child("apiGroup");
    match subject.child("kind").text() {
        "ServiceAccount" => {
            if !name.is_empty() {
                name.name(errors, meta::names::dns1123_subdomain);
            }
            if !group.is_empty() {
                group.unsupported(errors, &[""]);
            }
            if !namespaced {
                subject.child("namespace").required(errors);
            }
        }
        "User" | "Group" => group.one_of(errors, &[GROUP]),
        _ => subject.child("kind").unsupported(errors, &["ServiceAccount", "User", "Group"]),
    }
}
