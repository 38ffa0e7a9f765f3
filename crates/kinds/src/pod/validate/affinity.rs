//! Affinities, to nodes and to other pods.

use std::collections::BTreeSet;

use meta::names::{dns1123_label, dns1123_subdomain, label_key, label_value};
use status::{FieldError, FieldErrors};

use crate::checks::Field;

const REQUIRED: &str = "requiredDuringSchedulingIgnoredDuringExecution";
const PREFERRED: &str = "preferredDuringSchedulingIgnoredDuringExecution";

pub(super) fn validate(affinity: &Field<'_, '_>, errors: &mut FieldErrors) {
    let nodes = affinity.child("nodeAffinity");
    let required = nodes.child(REQUIRED);
    if required.is_present() {
        node_selector(&required, errors);
    }
    for term in nodes.child(PREFERRED).items() {
        weight(&term, errors);
        node_term(&term.child("preference"), false, errors);
    }
    for kind in ["podAffinity", "podAntiAffinity"] {
        let pods = affinity.child(kind);
        for term in pods.child(REQUIRED).items() {
            pod_term(&term, errors);
        }
        for term in pods.child(PREFERRED).items() {
            weight(&term, errors);
            pod_term(&term.child("podAffinityTerm"), errors);
        }
    }
}

fn weight(term: &Field<'_, '_>, errors: &mut FieldErrors) {
    let weight = term.child("weight");
    if !(1..=100).contains(&weight.int()) {
        errors.push(FieldError::invalid(&weight.path, weight.int(), "must be in the range 1-100"));
    }
}

/// A selector of nodes.
pub(crate) fn node_selector(selector: &Field<'_, '_>, errors: &mut FieldErrors) {
    let terms = selector.child("nodeSelectorTerms");
    if terms.is_empty() {
        terms.missing(errors, "must have at least one node selector term");
    }
    for term in terms.items() {
        node_term(&term, true, errors);
    }
}

fn node_term(term: &Field<'_, '_>, checks_values: bool, errors: &mut FieldErrors) {
    for requirement in term.child("matchExpressions").items() {
        node_requirement(&requirement, checks_values, errors);
    }
    for requirement in term.child("matchFields").items() {
        node_field(&requirement, errors);
    }
}

fn node_requirement(requirement: &Field<'_, '_>, checks_values: bool, errors: &mut FieldErrors) {
    let (operator, values) = (requirement.child("operator"), requirement.child("values"));
    match operator.text() {
        "In" | "NotIn" if values.is_empty() => {
            values.missing(errors, "must be specified when `operator` is 'In' or 'NotIn'");
        }
        "Exists" | "DoesNotExist" if !values.is_empty() => {
            values.forbidden(errors, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
        }
        "Gt" | "Lt" if values.list().len() != 1 => {
            values.missing(errors, "must be specified single value when `operator` is 'Lt' or 'Gt'");
        }
        "In" | "NotIn" | "Exists" | "DoesNotExist" | "Gt" | "Lt" => {}
        _ => operator.invalid_text(errors, "not a valid selector operator"),
    }
    requirement.child("key").name(errors, label_key);
    for value in values.items().filter(|_| checks_values) {
        value.name(errors, label_value);
    }
}

fn node_field(requirement: &Field<'_, '_>, errors: &mut FieldErrors) {
    let (operator, values) = (requirement.child("operator"), requirement.child("values"));
    match operator.text() {
        "In" | "NotIn" if values.list().len() != 1 => {
            let detail = "must be only one value when `operator` is 'In' or 'NotIn' for node field selector";
            values.missing(errors, detail);
        }
        "In" | "NotIn" => {}
        _ => operator.invalid_text(errors, "not a valid selector operator"),
    }
    let key = requirement.child("key");
    if key.text() != "metadata.name" {
        key.invalid_text(errors, "not a valid field selector key");
        return;
    }
    for value in values.items() {
        value.name(errors, dns1123_subdomain);
    }
}

fn pod_term(term: &Field<'_, '_>, errors: &mut FieldErrors) {
    for selector in ["labelSelector", "namespaceSelector"] {
        let selector = term.child(selector);
        if selector.is_present() {
            selector.label_selector(errors, false);
        }
    }
    let shown = term.path.child("namespace");
    for name in term.child("namespaces").texts() {
        for message in dns1123_label(name) {
            errors.push(FieldError::invalid(&shown, name, message));
        }
    }
    label_keys(term, errors);
    let key = term.child("topologyKey");
    if key.is_empty() {
        key.missing(errors, "can not be empty");
    }
    key.name(errors, label_key);
}

/// `matchLabelKeys` and `mismatchLabelKeys`.
fn label_keys(term: &Field<'_, '_>, errors: &mut FieldErrors) {
    let (matching, differing) = (term.child("matchLabelKeys"), term.child("mismatchLabelKeys"));
    let both: BTreeSet<&str> = differing.texts().collect();
    for keys in [&matching, &differing] {
        keys_need_selector(keys, term, errors);
    }
    for key in matching.items().filter(|key| both.contains(key.text())) {
        key.invalid_text(errors, "exists in both matchLabelKeys and mismatchLabelKeys");
    }
    for keys in [&matching, &differing] {
        keys_not_selected(keys, term, errors);
    }
}

/// What is said of a key that the selector has too.
pub(super) const IN_BOTH: &str = "exists in both matchLabelKeys and labelSelector";

/// The system has put each key that stands for a label into the selector of a new pod: one that is there again was
/// there before. `term` holds keys and selector.
pub(super) fn keys_not_selected(keys: &Field<'_, '_>, term: &Field<'_, '_>, errors: &mut FieldErrors) {
    let selector = term.child("labelSelector");
    let mut seen: BTreeSet<&str> = selector.child("matchLabels").entries().map(|(key, _)| key).collect();
    for expression in selector.child("matchExpressions").list() {
        let key = expression.str_at(["key"]);
        let place = keys.texts().collect::<Vec<_>>().iter().rposition(|known| *known == key);
        if let Some(index) = place.filter(|_| seen.contains(key)) {
            errors.push(FieldError::invalid(&term.path.index(index), key, IN_BOTH));
        }
        seen.insert(key);
    }
}

/// Keys are labels', and mean something beside a selector only.
pub(super) fn keys_need_selector(
    keys: &Field<'_, '_>,
    holder: &Field<'_, '_>,
    errors: &mut FieldErrors,
) -> bool {
    if keys.is_empty() {
        return false;
    }
    if !holder.child("labelSelector").is_present() {
        keys.forbidden(errors, "must not be specified when labelSelector is not set");
        return false;
    }
    for key in keys.items() {
        key.name(errors, label_key);
    }
    true
}
