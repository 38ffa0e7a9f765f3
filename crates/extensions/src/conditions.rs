//! Conditions of a CustomResourceDefinition.

use object::Value;

/// The condition `kind` of a definition.
pub fn condition<'v>(definition: &'v Value, kind: &str) -> Option<&'v Value> {
    definition.items_at(["status", "conditions"]).iter().find(|one| one.str_at(["type"]) == kind)
}

/// Whether a definition has the condition `kind` with status `True`.
pub fn is_true(definition: &Value, kind: &str) -> bool {
    condition(definition, kind).is_some_and(|one| one.str_at(["status"]) == "True")
}

/// Sets the condition `kind`; the time of its last transition becomes `now` if its status changes.
pub fn set_condition(
    definition: &mut Value,
    kind: &str,
    status: &str,
    (reason, message): (&str, &str),
    now: &str,
) {
    let known = condition(definition, kind);
    let since =
        known.filter(|one| one.str_at(["status"]) == status).and_then(|one| one.get("lastTransitionTime"));
    let since = since.cloned().unwrap_or_else(|| now.into());
    let mut new = Value::object();
    for (field, text) in [("type", kind), ("status", status), ("reason", reason), ("message", message)] {
        new.set(field, text);
    }
    new.set("lastTransitionTime", since);
    let conditions =
        definition.object_at("status").get_or_insert_with("conditions", || Value::Array(Vec::new()));
    if conditions.is_null() {
        *conditions = Value::Array(Vec::new());
    }
    let Some(conditions) = conditions.as_array_mut() else { return };
    match conditions.iter_mut().find(|one| one.str_at(["type"]) == kind) {
        Some(place) => *place = new,
        None => conditions.push(new),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_transition_is_a_change_of_status() {
        let mut definition = Value::object();
        set_condition(&mut definition, "Established", "False", ("A", "a"), "t1");
        set_condition(&mut definition, "Established", "False", ("B", "b"), "t2");
        let since = |definition: &Value| {
            condition(definition, "Established").map(|one| one.str_at(["lastTransitionTime"]).to_owned())
        };
        assert_eq!(since(&definition).as_deref(), Some("t1"));
        set_condition(&mut definition, "Established", "True", ("C", "c"), "t3");
        assert_eq!(since(&definition).as_deref(), Some("t3"));
        assert!(is_true(&definition, "Established"));
        assert_eq!(definition.items_at(["status", "conditions"]).len(), 1);
    }
}
