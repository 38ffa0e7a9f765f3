//! Equality and order of values.

use std::cmp::Ordering;

use crate::types::ListKind;
use crate::value::{Key, List, Map, Value};

/// Whether two values are equal; values of different types are not, but numbers are compared by value.
pub(crate) fn equal(a: &Value<'_>, b: &Value<'_>) -> bool {
    match (a, b) {
        (Value::Null, Value::Null) => true,
        (Value::Bool(a), Value::Bool(b)) => a == b,
        (Value::Int(a), Value::Int(b)) => a == b,
        (Value::Uint(a), Value::Uint(b)) => a == b,
        (
            Value::Int(_) | Value::Uint(_) | Value::Double(_),
            Value::Int(_) | Value::Uint(_) | Value::Double(_),
        ) => compare(a, b) == Some(Ordering::Equal),
        (Value::String(a), Value::String(b)) => a.as_str() == b.as_str(),
        (Value::Bytes(a), Value::Bytes(b)) => a == b,
        (Value::Timestamp(a), Value::Timestamp(b)) => a == b,
        (Value::Duration(a), Value::Duration(b)) => a == b,
        (Value::List(a), Value::List(b)) => equal_lists(a, b),
        (Value::Map(a), Value::Map(b)) => equal_maps(a, b),
        (Value::Type(a), Value::Type(b)) => a.runtime_name() == b.runtime_name(),
        (Value::Optional(a), Value::Optional(b)) => match (a, b) {
            (Some(a), Some(b)) => equal(a, b),
            (None, None) => true,
            _ => false,
        },
        (Value::Opaque(a), Value::Opaque(b)) => a.0.equals(&*b.0),
        _ => false,
    }
}

fn equal_lists(a: &List<'_>, b: &List<'_>) -> bool {
    if a.len() != b.len() {
        return false;
    }
    match a.kind() {
        ListKind::Atomic => same_elements(a, b),
        // Sets and lists with keys are equal whatever their order.
        ListKind::Set => subset(a, b) && subset(b, a),
        ListKind::Map(keys) => {
            let find = |item: &Value<'_>| {
                b.iter().flatten().find(|other| keys.iter().all(|key| equal_field(item, other, key)))
            };
            a.iter().all(|item| item.is_ok_and(|item| find(&item).is_some_and(|other| equal(&item, &other))))
        }
    }
}

fn same_elements(a: &List<'_>, b: &List<'_>) -> bool {
    a.iter().zip(b.iter()).all(|pair| matches!(pair, (Ok(a), Ok(b)) if equal(&a, &b)))
}

fn subset(a: &List<'_>, b: &List<'_>) -> bool {
    a.iter().flatten().all(|item| b.iter().flatten().any(|other| equal(&item, &other)))
}

/// Whether both are maps with the same value (or none) under a JSON name.
pub(crate) fn equal_field(a: &Value<'_>, b: &Value<'_>, key: &str) -> bool {
    let (Value::Map(a), Value::Map(b)) = (a, b) else { return false };
    match (a.field(key, key), b.field(key, key)) {
        (Some(Ok(a)), Some(Ok(b))) => equal(&a, &b),
        (None, None) => true,
        _ => false,
    }
}

fn equal_maps(a: &Map<'_>, b: &Map<'_>) -> bool {
    a.len() == b.len()
        && a.entries().all(|(key, value)| match (value, lookup(b, &key)) {
            (Ok(value), Some(other)) => equal(&value, &other),
            _ => false,
        })
}

fn lookup<'b>(map: &Map<'b>, key: &Value<'_>) -> Option<Value<'b>> {
    match (map, key) {
        (Map::Json(..), Value::String(text)) => {
            let escaped = text.as_str();
            let name = crate::escape::unescape(escaped).unwrap_or_else(|| escaped.to_owned());
            map.field(&name, escaped)?.ok()
        }
        (Map::Json(..), _) => None,
        (Map::Shared(map), key) => map.get(&Key::of(key)?).map(|entry| entry.1.clone()),
    }
}

/// The order of two values; nothing if they have none.
pub(crate) fn compare(a: &Value<'_>, b: &Value<'_>) -> Option<Ordering> {
    Some(match (a, b) {
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        (Value::Int(a), Value::Int(b)) => a.cmp(b),
        (Value::Uint(a), Value::Uint(b)) => a.cmp(b),
        (Value::Int(a), Value::Uint(b)) => i128::from(*a).cmp(&i128::from(*b)),
        (Value::Uint(a), Value::Int(b)) => i128::from(*a).cmp(&i128::from(*b)),
        (Value::Double(a), Value::Double(b)) => return a.partial_cmp(b),
        (Value::Double(a), Value::Int(b)) => return with_integer(*a, i128::from(*b)),
        (Value::Double(a), Value::Uint(b)) => return with_integer(*a, i128::from(*b)),
        (Value::Int(a), Value::Double(b)) => return with_integer(*b, i128::from(*a)).map(Ordering::reverse),
        (Value::Uint(a), Value::Double(b)) => return with_integer(*b, i128::from(*a)).map(Ordering::reverse),
        (Value::String(a), Value::String(b)) => a.as_str().cmp(b.as_str()),
        (Value::Bytes(a), Value::Bytes(b)) => a.cmp(b),
        (Value::Timestamp(a), Value::Timestamp(b)) => a.cmp(b),
        (Value::Duration(a), Value::Duration(b)) => a.cmp(b),
        _ => return None,
    })
}

/// The order of a float and an integer, without rounding either.
fn with_integer(float: f64, integer: i128) -> Option<Ordering> {
    if float.is_nan() {
        return None;
    }
    if float.abs() >= 1e20 {
        return Some(if float > 0.0 { Ordering::Greater } else { Ordering::Less });
    }
    let whole = float.floor();
    Some((whole as i128).cmp(&integer).then(if float > whole { Ordering::Greater } else { Ordering::Equal }))
}
