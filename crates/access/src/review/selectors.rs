//! The selectors of a review: raw text or requirements, checked and turned into the text a request would have.

use meta::names;
use meta::selector::{FieldRequirement, FieldSelector, LabelSelector, Operator, Requirement};
use object::{Text, Value};
use status::{FieldError, FieldErrors, Path};

/// A selector as authorization needs it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Selector {
    /// Its text; nothing if there is none or it can't be understood.
    pub(super) text: Option<String>,
    /// What the review's status says if not all of it was understood.
    pub(super) error: Option<&'static str>,
}

const IGNORED: &str = "ignored due to parse error";
const PARTLY_IGNORED: &str = "partially ignored due to parse error";

fn raw(selector: &Value) -> &str {
    selector.str_at(["rawSelector"])
}

fn requirements(selector: &Value) -> &[Value] {
    selector.items_at(["requirements"])
}

fn values(requirement: &Value) -> impl Iterator<Item = &str> {
    requirement.items_at(["values"]).iter().filter_map(Value::as_str)
}

/// The `fieldSelector` of resource attributes.
pub(super) fn fields(selector: Option<&Value>) -> Selector {
    let Some(selector) = selector else { return Selector::default() };
    if !raw(selector).is_empty() {
        return understood(FieldSelector::parse(raw(selector)).is_ok(), raw(selector));
    }
    let read = |requirement: &Value| {
        let equal = match requirement.str_at(["operator"]) {
            "In" => true,
            "NotIn" => false,
            _ => return None,
        };
        let mut values = values(requirement);
        let (value, None) = (values.next()?, values.next()) else { return None };
        let field = Text::new(requirement.str_at(["key"]));
        Some(FieldRequirement { field, equal, value: Text::new(value) })
    };
    let all = requirements(selector);
    let known: Vec<String> = all.iter().filter_map(read).map(|requirement| requirement.to_string()).collect();
    partly(all.len(), &known)
}

/// The `labelSelector` of resource attributes.
pub(super) fn labels(selector: Option<&Value>) -> Selector {
    let Some(selector) = selector else { return Selector::default() };
    if !raw(selector).is_empty() {
        return understood(LabelSelector::parse(raw(selector)).is_ok(), raw(selector));
    }
    let read = |requirement: &Value| {
        let operator = match requirement.str_at(["operator"]) {
            "In" => Operator::In,
            "NotIn" => Operator::NotIn,
            "Exists" => Operator::Exists,
            "DoesNotExist" => Operator::DoesNotExist,
            _ => return None,
        };
        Requirement::new(requirement.str_at(["key"]), operator, values(requirement)).ok()
    };
    let all = requirements(selector);
    let known: Vec<String> = all.iter().filter_map(read).map(|requirement| requirement.to_string()).collect();
    partly(all.len(), &known)
}

fn understood(good: bool, text: &str) -> Selector {
    if good {
        Selector { text: Some(text.to_owned()), error: None }
    } else {
        Selector { text: None, error: Some(IGNORED) }
    }
}

fn partly(all: usize, known: &[String]) -> Selector {
    let error = match known.len() {
        count if count == all => None,
        0 => Some(IGNORED),
        _ => Some(PARTLY_IGNORED),
    };
    Selector { text: (!known.is_empty()).then(|| known.join(",")), error }
}

/// Checks a selector of resource attributes; of a label selector the keys and values, too.
pub(super) fn check(path: &Path<'_>, selector: Option<&Value>, is_label: bool, errors: &mut FieldErrors) {
    let Some(selector) = selector else { return };
    let all = path.child("requirements");
    if !raw(selector).is_empty() && !requirements(selector).is_empty() {
        let detail = "may not specified at the same time as requirements";
        errors.push(FieldError::invalid(&path.child("rawSelector"), raw(selector), detail));
    }
    if raw(selector).is_empty() && requirements(selector).is_empty() {
        let detail = format!("when {path} is specified, requirements or rawSelector is required");
        errors.push(FieldError::required(&all, detail));
    }
    for (index, requirement) in requirements(selector).iter().enumerate() {
        let path = all.index(index);
        let key = requirement.str_at(["key"]);
        if !is_label && key.is_empty() {
            errors.push(FieldError::required(&path.child("key"), "must be specified"));
        }
        check_count(&path.child("values"), requirement, errors);
        if is_label {
            check_label(&path, requirement, errors);
        }
    }
}

/// Operators that are not known are for newer clients, and let pass.
fn check_count(path: &Path<'_>, requirement: &Value, errors: &mut FieldErrors) {
    let empty = requirement.items_at(["values"]).is_empty();
    match requirement.str_at(["operator"]) {
        "In" | "NotIn" if empty => {
            errors.push(FieldError::required(path, "must be specified when `operator` is 'In' or 'NotIn'"));
        }
        "Exists" | "DoesNotExist" if !empty => {
            let detail = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'";
            errors.push(FieldError::forbidden(path, detail));
        }
        _ => {}
    }
}

fn check_label(path: &Path<'_>, requirement: &Value, errors: &mut FieldErrors) {
    let key = requirement.str_at(["key"]);
    let key_path = path.child("key");
    errors.extend(names::label_key(key).into_iter().map(|why| FieldError::invalid(&key_path, key, why)));
    let all = path.child("values");
    for (index, value) in values(requirement).enumerate() {
        let path = all.index(index);
        errors
            .extend(names::label_value(value).into_iter().map(|why| FieldError::invalid(&path, value, why)));
    }
}
