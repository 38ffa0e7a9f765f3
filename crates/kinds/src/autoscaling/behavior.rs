//! The defaults of an autoscaler's behavior, and its form in v1's annotation.

use object::Value;

use super::metrics::{quoted, write_list, write_object};
use crate::fields::{default_absent, default_to, items, present, text};

const DIRECTIONS: [(&str, &str); 2] = [("scaleUp", "ScaleUp"), ("scaleDown", "ScaleDown")];

/// Fills both directions of a behavior; an autoscaler without one has none.
pub(super) fn fill(spec: &mut Value) {
    let Some(behavior) = spec.get_mut("behavior").filter(|behavior| !behavior.is_null()) else { return };
    for (direction, policies) in
        [("scaleUp", &[("Pods", 4), ("Percent", 100)][..]), ("scaleDown", &[("Percent", 100)][..])]
    {
        let rules = behavior.make_object().get_or_insert_with(direction, Value::object);
        if direction == "scaleUp" {
            default_to(rules, "stabilizationWindowSeconds", 0);
        }
        default_absent(rules, "selectPolicy", "Max");
        if items(rules, "policies").is_empty() {
            let policies: Vec<Value> = policies.iter().map(|(kind, value)| policy(kind, *value)).collect();
            rules.set("policies", policies);
        }
    }
}

fn policy(kind: &str, value: i64) -> Value {
    let mut policy = Value::object();
    policy.set("type", kind);
    policy.set("value", value);
    policy.set("periodSeconds", 15);
    policy
}

/// The behavior as the annotation holds it: by the names of Go's fields.
pub(super) fn to_annotation(behavior: &Value) -> String {
    let or_null =
        |value: Option<&Value>| Some(value.map_or_else(|| "null".to_owned(), object::json::to_string));
    let directions: Vec<_> = DIRECTIONS
        .iter()
        .map(|(field, name)| {
            let Some(rules) = present(behavior, field) else { return (*name, Some("null".to_owned())) };
            let policies = items(rules, "policies").iter().map(|policy| {
                write_object(&[
                    ("Type", Some(quoted(text(policy, "type")))),
                    ("Value", or_null(policy.get("value"))),
                    ("PeriodSeconds", or_null(policy.get("periodSeconds"))),
                ])
            });
            let rules = write_object(&[
                ("StabilizationWindowSeconds", or_null(present(rules, "stabilizationWindowSeconds"))),
                ("SelectPolicy", or_null(present(rules, "selectPolicy"))),
                ("Policies", Some(write_list(policies))),
                ("Tolerance", or_null(present(rules, "tolerance"))),
            ]);
            (*name, Some(rules))
        })
        .collect();
    write_object(&directions)
}

/// What the annotation says; nothing if it says nothing.
pub(super) fn from_annotation(annotation: &Value) -> Option<Value> {
    let mut behavior = Value::object();
    for (field, name) in DIRECTIONS {
        let Some(rules) = find(annotation, name) else { continue };
        let mut out = Value::object();
        for field in ["stabilizationWindowSeconds", "selectPolicy", "tolerance"] {
            if let Some(value) = find(rules, field) {
                out.set(field, value.clone());
            }
        }
        let policies =
            find(rules, "policies").and_then(Value::as_array).into_iter().flatten().map(|policy| {
                let mut out = Value::object();
                for field in ["type", "value", "periodSeconds"] {
                    if let Some(value) = find(policy, field) {
                        out.set(field, value.clone());
                    }
                }
                out
            });
        let policies: Vec<Value> = policies.collect();
        if !policies.is_empty() {
            out.set("policies", policies);
        }
        behavior.set(field, out);
    }
    behavior.as_object().is_some_and(|map| !map.is_empty()).then_some(behavior)
}

/// A field by its name in any case, as Go's decoder finds it.
fn find<'v>(value: &'v Value, name: &str) -> Option<&'v Value> {
    let map = value.as_object()?;
    map.iter().find(|(key, value)| key.eq_ignore_ascii_case(name) && !value.is_null()).map(|(_, value)| value)
}
