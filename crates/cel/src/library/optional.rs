//! Optional values.

use super::Row;
use super::standard::lazy;
use crate::error::{CelError, Outcome};
use crate::value::{List, Value};

/// The functions.
pub(crate) const TABLE: &[Row] = &[
    ("optional_of: optional.of(V) -> optional(V)", of),
    ("optional_ofNonZeroValue: optional.ofNonZeroValue(V) -> optional(V)", of_non_zero),
    ("optional_none: optional.none() -> optional(V)", none),
    ("optional_value: optional(V)::value() -> V", value),
    ("optional_hasValue: optional(V)::hasValue() -> bool", has_value),
    ("optional_or_optional: optional(V)::or(optional(V)) -> optional(V)", lazy),
    ("optional_orValue_value: optional(V)::orValue(V) -> V", lazy),
    ("list_first: list(V)::first() -> optional(V)", first),
    ("list_last: list(V)::last() -> optional(V)", last),
    ("optional_unwrap: optional.unwrap(list(optional(V))) -> list(V)", unwrap),
    ("optional_unwrapOpt: list(optional(V))::unwrapOpt() -> list(V)", unwrap),
];

fn of<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    match args {
        [value] => Ok(Value::some(value.clone())),
        _ => Err(CelError::no_such_overload()),
    }
}

fn of_non_zero<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    match args {
        [value] if value.is_zero() => Ok(Value::Optional(None)),
        _ => of(args),
    }
}

fn none<'a>(_: &[Value<'a>]) -> Outcome<'a> {
    Ok(Value::Optional(None))
}

fn value<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    match args {
        [Value::Optional(Some(value))] => Ok((**value).clone()),
        [Value::Optional(None)] => Err(CelError::new("optional.none() dereference")),
        _ => Err(CelError::no_such_overload()),
    }
}

fn has_value<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    match args {
        [Value::Optional(value)] => Ok(Value::Bool(value.is_some())),
        _ => Err(CelError::no_such_overload()),
    }
}

fn at<'a>(list: &List<'a>, index: Option<usize>) -> Outcome<'a> {
    match index.and_then(|index| list.get(index)) {
        Some(value) => value.map(Value::some),
        None => Ok(Value::Optional(None)),
    }
}

fn first<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    match args {
        [Value::List(list)] => at(list, Some(0)),
        _ => Err(CelError::no_such_overload()),
    }
}

fn last<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    match args {
        [Value::List(list)] => at(list, list.len().checked_sub(1)),
        _ => Err(CelError::no_such_overload()),
    }
}

fn unwrap<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    let [Value::List(list)] = args else { return Err(CelError::no_such_overload()) };
    let mut items = Vec::new();
    for item in list.iter() {
        match item? {
            Value::Optional(Some(value)) => items.push((*value).clone()),
            Value::Optional(None) => {}
            other => {
                return Err(CelError::new(format!(
                    "value {} is not optional",
                    crate::format::plain_text(&other)
                )));
            }
        }
    }
    Ok(Value::list(items))
}
