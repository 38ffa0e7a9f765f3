//! Tolerations, wherever they stand (pods, pod templates, runtime classes).

use status::{FieldError, FieldErrors};

use crate::checks::Field;

const OPERATORS: &[&str] = &["Equal", "Exists"];
/// What is supported where the operator is one of those whose gate (`TaintTolerationComparisonOperators`) is off.
const ALL_OPERATORS: &[&str] = &["Equal", "Exists", "Lt", "Gt"];
/// The effects of taints, in the order in which messages list them.
pub(crate) const EFFECTS: &[&str] = &["NoSchedule", "PreferNoSchedule", "NoExecute"];

/// Checks a list of tolerations.
pub(crate) fn validate(tolerations: &Field<'_, '_>, errors: &mut FieldErrors) {
    for toleration in tolerations.items() {
        validate_one(&toleration, errors);
    }
}

fn validate_one(toleration: &Field<'_, '_>, errors: &mut FieldErrors) {
    let (key, operator) = (toleration.child("key"), toleration.child("operator"));
    let (value, effect) = (toleration.child("value"), toleration.child("effect"));
    if !key.is_empty() {
        key.name(errors, meta::names::label_key);
    } else if operator.text() != "Exists" {
        let detail =
            "operator must be Exists when `key` is empty, which means \"match all values and all keys\"";
        operator.invalid_text(errors, detail);
    }
    if toleration.child("tolerationSeconds").is_present() && effect.text() != "NoExecute" {
        effect.invalid_text(errors, "effect must be 'NoExecute' when `tolerationSeconds` is set");
    }
    match operator.text() {
        "" | "Equal" => {
            let messages = meta::names::label_value(value.text());
            if !messages.is_empty() {
                errors.push(FieldError::invalid(&operator.path, value.text(), messages.join(";")));
            }
        }
        "Exists" if value.is_empty() => {}
        "Exists" => {
            let detail = "value must be empty when `operator` is 'Exists'";
            errors.push(FieldError::invalid(&operator.path, value.text(), detail));
        }
        "Lt" | "Gt" => operator.unsupported(errors, ALL_OPERATORS),
        _ => operator.unsupported(errors, OPERATORS),
    }
    if !effect.is_empty() {
        effect.one_of(errors, EFFECTS);
    }
}
