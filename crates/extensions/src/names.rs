//! Which names a definition gets: those that no other of its group has been given before.

use std::collections::BTreeSet;

use object::{Text, Value};

use crate::conditions::{condition, is_true, set_condition};

/// The names that are given in one group.
#[derive(Debug, Default)]
pub struct Taken {
    /// Plurals, singulars and short names.
    pub resources: BTreeSet<Text>,
    /// Kinds and list kinds.
    pub kinds: BTreeSet<Text>,
}

impl Taken {
    /// Adds the names that a definition has been given (its `status.acceptedNames`).
    pub fn add(&mut self, names: &Value) {
        let texts =
            |field: &'static str| Some(Text::from(names.str_at([field]))).filter(|text| !text.is_empty());
        self.resources.extend(["plural", "singular"].into_iter().filter_map(texts));
        self.resources
            .extend(names.items_at(["shortNames"]).iter().filter_map(Value::as_str).map(Text::from));
        self.kinds.extend(["kind", "listKind"].into_iter().filter_map(texts));
    }
}

/// Decides about a definition's names and writes `status.acceptedNames` and the conditions `NamesAccepted` and
/// `Established`.
pub fn accept(definition: &mut Value, taken: &Taken, now: &str) {
    let spec = definition.at(["spec", "names"]).cloned().unwrap_or_default();
    let mut given = definition.at(["status", "acceptedNames"]).cloned().unwrap_or_else(Value::object);
    let mut conflict: Option<(&str, String)> = None;
    for (field, reason, names) in [
        ("plural", "PluralConflict", &taken.resources),
        ("singular", "SingularConflict", &taken.resources),
        ("shortNames", "ShortNamesConflict", &taken.resources),
        ("kind", "KindConflict", &taken.kinds),
        ("listKind", "ListKindConflict", &taken.kinds),
    ] {
        match refused(&spec, &given, field, names) {
            Some(message) => conflict = Some((reason, message)),
            None => take(&spec, &mut given, field),
        }
    }
    take(&spec, &mut given, "categories");
    definition.object_at("status").insert("acceptedNames", given);
    let accepted = conflict.is_none();
    let (reason, message) = conflict.unwrap_or(("NoConflicts", "no conflicts found".to_owned()));
    let status = if accepted { "True" } else { "False" };
    set_condition(definition, "NamesAccepted", status, (reason, &message), now);
    if is_true(definition, "Established") {
        return;
    }
    if accepted {
        let why = ("InitialNamesAccepted", "the initial names have been accepted");
        set_condition(definition, "Established", "True", why, now);
    } else if condition(definition, "Established").is_none() {
        set_condition(definition, "Established", "False", ("NotAccepted", "not all names are accepted"), now);
    }
}

/// Whether a definition has all the names it asks for.
pub fn are_settled(definition: &Value) -> bool {
    let empty = Value::object();
    let spec = definition.at(["spec", "names"]).unwrap_or(&empty);
    let given = definition.at(["status", "acceptedNames"]).unwrap_or(&empty);
    spec == given && is_true(definition, "Established")
}

fn take(spec: &Value, given: &mut Value, field: &str) {
    match spec.get(field) {
        Some(value) => given.set(field, value.clone()),
        None => {
            given.remove(field);
        }
    }
}

/// Why the names of a field can't be given; nothing if they can.
fn refused(spec: &Value, given: &Value, field: &str, taken: &BTreeSet<Text>) -> Option<String> {
    let in_use = |name: &str| format!("{} is already in use", status::go_quote(name));
    if field != "shortNames" {
        let name = spec.str_at([field]);
        let free = name == given.str_at([field]) || !taken.contains(name);
        return (!free).then(|| in_use(name));
    }
    let own: Vec<&str> = given.items_at([field]).iter().filter_map(Value::as_str).collect();
    let names = spec.items_at([field]).iter().filter_map(Value::as_str);
    let mut errors: Vec<String> = Vec::new();
    for name in names.filter(|name| !own.contains(name) && taken.contains(*name)) {
        let error = in_use(name);
        if !errors.contains(&error) {
            errors.push(error);
        }
    }
    match errors.as_slice() {
        [] => None,
        [one] => Some(one.clone()),
        many => Some(format!("[{}]", many.join(", "))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn definition(names: &str) -> Value {
        let json = format!(r#"{{"spec":{{"names":{names}}},"status":{{"acceptedNames":{{}}}}}}"#);
        object::json::parse(json.as_bytes()).expect("JSON")
    }

    #[test]
    fn the_first_definition_gets_the_name() {
        let mut first = definition(r#"{"plural":"widgets","kind":"Widget","listKind":"WidgetList"}"#);
        accept(&mut first, &Taken::default(), "t");
        assert!(are_settled(&first));
        let mut taken = Taken::default();
        taken.add(first.at(["status", "acceptedNames"]).expect("names"));
        let mut second = definition(r#"{"plural":"gadgets","kind":"Gadget","listKind":"WidgetList"}"#);
        accept(&mut second, &taken, "t");
        let named = condition(&second, "NamesAccepted").expect("a condition");
        assert_eq!(named.str_at(["reason"]), "ListKindConflict");
        assert_eq!(named.str_at(["message"]), "\"WidgetList\" is already in use");
        assert!(!is_true(&second, "Established"));
        assert_eq!(second.str_at(["status", "acceptedNames", "kind"]), "Gadget");
    }
}
