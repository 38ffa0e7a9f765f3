//! What the scheduler reads besides affinities: gates, and how pods are spread.

use std::collections::BTreeSet;

use meta::names::qualified_name;
use status::{FieldError, FieldErrors};

use super::PodRules;
use super::affinity::{IN_BOTH, keys_need_selector, keys_not_selected};
use crate::checks::Field;

pub(super) fn gates(list: &Field<'_, '_>, errors: &mut FieldErrors) {
    let mut seen = BTreeSet::new();
    for gate in list.items() {
        let name = gate.child("name").text();
        for message in qualified_name(name) {
            errors.push(FieldError::invalid(&gate.path, name, message));
        }
        if !seen.insert(name) {
            errors.push(FieldError::duplicate(&gate.path, name));
        }
    }
}

pub(super) fn readiness_gates(list: &Field<'_, '_>, errors: &mut FieldErrors) {
    for gate in list.items() {
        gate.child("conditionType").name(errors, qualified_name);
    }
}

pub(super) fn spread(list: &Field<'_, '_>, rules: &PodRules<'_>, errors: &mut FieldErrors) {
    for (index, constraint) in list.items().enumerate() {
        let skew = constraint.child("maxSkew");
        if skew.int() <= 0 {
            errors.push(FieldError::invalid(&skew.path, skew.int(), "must be greater than zero"));
        }
        let (key, action) = (constraint.child("topologyKey"), constraint.child("whenUnsatisfiable"));
        if key.is_empty() {
            key.missing(errors, "can not be empty");
        }
        action.one_of(errors, &["DoNotSchedule", "ScheduleAnyway"]);
        let again = list.list()[index + 1..].iter().any(|later| {
            later.str_at(["topologyKey"]) == key.text()
                && later.str_at(["whenUnsatisfiable"]) == action.text()
        });
        if again {
            let pair = format!("{{{}, {}}}", key.text(), action.text());
            let path = constraint.path.child("{topologyKey, whenUnsatisfiable}");
            errors.push(FieldError::duplicate(&path, pair));
        }
        least_domains(&constraint, errors);
        for policy in ["nodeAffinityPolicy", "nodeTaintsPolicy"] {
            let policy = constraint.child(policy);
            if policy.is_present() {
                policy.one_of(errors, &["Honor", "Ignore"]);
            }
        }
        label_keys(&constraint, rules, errors);
        let selector = constraint.child("labelSelector");
        if selector.is_present() {
            selector.label_selector(errors, false);
        }
    }
}

fn least_domains(constraint: &Field<'_, '_>, errors: &mut FieldErrors) {
    let domains = constraint.child("minDomains");
    if !domains.is_present() {
        return;
    }
    if domains.int() <= 0 {
        domains.invalid(errors, "must be greater than zero");
    }
    let action = constraint.child("whenUnsatisfiable");
    if action.text() != "DoNotSchedule" {
        let detail =
            format!("can only use minDomains if whenUnsatisfiable=DoNotSchedule, not {}", action.text());
        domains.invalid(errors, detail);
    }
}

/// A key that stands for a label of the pod may not be in the selector too.
fn label_keys(constraint: &Field<'_, '_>, rules: &PodRules<'_>, errors: &mut FieldErrors) {
    let keys = constraint.child("matchLabelKeys");
    if !keys_need_selector(&keys, constraint, errors) {
        return;
    }
    if rules.is_pod() {
        keys_not_selected(&keys, constraint, errors);
        return;
    }
    let selector = constraint.child("labelSelector");
    let (labels, expressions) = (selector.child("matchLabels"), selector.child("matchExpressions"));
    for (index, key) in keys.texts().enumerate() {
        let in_expressions = expressions.list().iter().any(|expression| expression.str_at(["key"]) == key);
        if in_expressions || labels.value.get(key).is_some() {
            errors.push(FieldError::invalid(&constraint.path.index(index), key, IN_BOTH));
        }
    }
}
