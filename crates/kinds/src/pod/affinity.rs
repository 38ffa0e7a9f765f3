//! `matchLabelKeys` and `mismatchLabelKeys`: selectors that compare with the pod's own labels (KEP-3633, KEP-3243).

use object::Value;

use crate::fields::{items_mut, present_mut, texts};

/// Writes what the keys stand for into the label selectors of a new pod.
pub(crate) fn merge_label_keys(pod: &mut Value) {
    let labels = pod.at(["metadata", "labels"]).cloned().unwrap_or_default();
    let Some(spec) = present_mut(pod, "spec") else { return };
    for constraint in items_mut(spec, "topologySpreadConstraints") {
        merge(constraint, &labels);
    }
    let Some(affinity) = present_mut(spec, "affinity") else { return };
    for kind in ["podAffinity", "podAntiAffinity"] {
        let Some(rules) = present_mut(affinity, kind) else { continue };
        for term in items_mut(rules, "preferredDuringSchedulingIgnoredDuringExecution") {
            if let Some(term) = present_mut(term, "podAffinityTerm") {
                merge(term, &labels);
            }
        }
        for term in items_mut(rules, "requiredDuringSchedulingIgnoredDuringExecution") {
            merge(term, &labels);
        }
    }
}

fn merge(term: &mut Value, labels: &Value) {
    let mut requirements = Vec::new();
    for (field, operator) in [("matchLabelKeys", "In"), ("mismatchLabelKeys", "NotIn")] {
        for key in texts(term, field) {
            let Some(value) = labels.get(key).cloned() else { continue };
            let mut requirement = Value::object();
            requirement.set("key", key);
            requirement.set("operator", operator);
            requirement.set("values", vec![value]);
            requirements.push(requirement);
        }
    }
    // A term without a selector selects nothing, with or without more requirements.
    let Some(selector) = present_mut(term, "labelSelector") else { return };
    if requirements.is_empty() {
        return;
    }
    let expressions = selector.make_object().get_or_insert_with("matchExpressions", || Vec::new().into());
    if let Some(list) = expressions.as_array_mut() {
        list.extend(requirements);
    }
}
