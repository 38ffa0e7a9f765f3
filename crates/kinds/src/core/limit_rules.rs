//! The rules of limit ranges.

use std::collections::{BTreeMap, BTreeSet};

use meta::Quantity;
use meta::names::qualified_name;
use object::Value;
use status::{FieldError, FieldErrors};

use crate::checks::Field;
use crate::pod;

const TYPES: &[&str] = &["Pod", "Container", "PersistentVolumeClaim"];

pub(super) fn always(range: &Value, errors: &mut FieldErrors) {
    let root = Field::root(range);
    let spec = root.child("spec");
    let mut seen = BTreeSet::new();
    for limit in spec.child("limits").items() {
        let kind = limit.child("type");
        let messages = qualified_name(kind.text());
        if messages.is_empty() && !kind.text().contains('/') && !TYPES.contains(&kind.text()) {
            kind.invalid_text(errors, "must be a standard limit type or fully qualified");
        }
        for message in messages {
            kind.invalid_text(errors, message);
        }
        if !seen.insert(kind.text()) {
            kind.duplicate(errors);
        }
        lists(&limit, kind.text(), errors);
    }
}

type Amounts<'v> = BTreeMap<&'v str, (Quantity, &'v str)>;

fn amounts<'v>(list: &Field<'v, '_>) -> Amounts<'v> {
    list.entries()
        .filter_map(|(name, value)| Some((name, (Quantity::parse(value.as_str()?).ok()?, value.as_str()?))))
        .collect()
}

fn lists(limit: &Field<'_, '_>, kind: &str, errors: &mut FieldErrors) {
    let names = |field: &str, errors: &mut FieldErrors| {
        let list = limit.child(field);
        for (name, _) in list.entries() {
            let path = list.path.key(name);
            if matches!(kind, "Pod" | "Container") {
                pod::container_resource(&path, name, errors);
            } else {
                pod::resource_name(&path, name, errors);
            }
        }
    };
    names("max", errors);
    names("min", errors);
    for field in ["default", "defaultRequest"] {
        let list = limit.child(field);
        if kind != "Pod" {
            names(field, errors);
        } else if !list.is_empty() {
            list.forbidden(errors, "may not be specified when `type` is 'Pod'");
        }
    }
    if kind == "PersistentVolumeClaim"
        && ["min", "max"].iter().all(|field| limit.value.at([field, "storage"]).is_none())
    {
        let detail = "either minimum or maximum storage value is required, but neither was provided";
        limit.child("limits").missing(errors, detail);
    }
    names("maxLimitRequestRatio", errors);
    let all = |field: &str| {
        limit.value.get(field).and_then(Value::as_object).into_iter().flat_map(|map| map.keys())
    };
    let keys: BTreeSet<&str> = ["max", "min", "maxLimitRequestRatio"]
        .into_iter()
        .chain(["default", "defaultRequest"].into_iter().filter(|_| kind != "Pod"))
        .flat_map(all)
        .collect();
    for key in keys {
        compare(limit, key, kind, errors);
    }
}

/// Of two amounts, the first may not be the greater: both fields, the words for both, and the field that is blamed.
const ORDERED: &[(&str, &str, &str, &str, &str)] = &[
    ("min", "max", "min value", "max value", "min"),
    ("min", "defaultRequest", "min value", "default request value", "defaultRequest"),
    ("defaultRequest", "max", "default request value", "max value", "defaultRequest"),
    ("defaultRequest", "default", "default request value", "default limit value", "defaultRequest"),
    ("min", "default", "min value", "default value", "default"),
    ("default", "max", "default value", "max value", "default"),
];

fn compare(limit: &Field<'_, '_>, key: &str, kind: &str, errors: &mut FieldErrors) {
    let amount = |field: &str| {
        if kind == "Pod" && field.starts_with("default") {
            return None;
        }
        amounts(&limit.child(field)).get(key).cloned()
    };
    for (low, high, low_words, high_words, blamed) in ORDERED {
        let (Some((least, least_text)), Some((most, most_text))) = (amount(low), amount(high)) else {
            continue;
        };
        if least > most {
            let shown = if *blamed == *low { least_text } else { most_text };
            let shown = if *blamed == "default" && *low == "min" { least_text } else { shown };
            let shown = if *blamed == "default" && *high == "max" { most_text } else { shown };
            let detail = format!("{low_words} {least_text} is greater than {high_words} {most_text}");
            let list = limit.child(blamed);
            errors.push(FieldError::invalid(&list.path.key(key), shown, detail));
        }
    }
    let Some((ratio, text)) = amount("maxLimitRequestRatio") else { return };
    let list = limit.child("maxLimitRequestRatio");
    let path = list.path.key(key);
    if ratio < Quantity::new(1, meta::Format::DecimalSi) {
        errors.push(FieldError::invalid(&path, text, format!("ratio {text} is less than 1")));
    }
    let (Some((least, _)), Some((most, _))) = (amount("min"), amount("max")) else { return };
    let quotient = quotient(&ratio, &least, &most);
    if quotient.0 > quotient.1 {
        let detail = format!("ratio {text} is greater than max/min = {:.6}", quotient.1);
        errors.push(FieldError::invalid(&path, text, detail));
    }
}

/// The ratio and the most that the limits leave room for, computed in thousandths where they fit.
fn quotient(ratio: &Quantity, least: &Quantity, most: &Quantity) -> (f64, f64) {
    let fits = [ratio, least, most].iter().all(|quantity| quantity.value() < i64::MAX / 1000);
    let number =
        |quantity: &Quantity| if fits { quantity.milli_value() as f64 } else { quantity.value() as f64 };
    let given = if fits { number(ratio) / 1000.0 } else { number(ratio) };
    (given, number(most) / number(least))
}
