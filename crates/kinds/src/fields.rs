//! Short ways to read and fill fields of objects.

use object::{Map, Value};

/// Whether a field has a value: absent, `null` and the empty text do not count.
pub(crate) fn is_set(value: Option<&Value>) -> bool {
    value.is_some_and(|value| !value.is_null() && value.as_str() != Some(""))
}

/// The field `key` if it is there and not `null`.
pub(crate) fn present<'v>(value: &'v Value, key: &str) -> Option<&'v Value> {
    value.get(key).filter(|field| !field.is_null())
}

/// The field `key`, to change, if it is there and not `null`.
pub(crate) fn present_mut<'v>(value: &'v mut Value, key: &str) -> Option<&'v mut Value> {
    value.get_mut(key).filter(|field| !field.is_null())
}

/// The text of the field `key`; empty where there is none.
pub(crate) fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value.get(key).and_then(Value::as_str).unwrap_or("")
}

/// The integer of the field `key`; 0 where there is none.
pub(crate) fn int(value: &Value, key: &str) -> i64 {
    value.get(key).and_then(Value::as_i64).unwrap_or(0)
}

/// Whether the field `key` is `true`.
pub(crate) fn flag(value: &Value, key: &str) -> bool {
    value.get(key).and_then(Value::as_bool).unwrap_or(false)
}

/// The elements of the list `key`.
pub(crate) fn items<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The elements of the list `key`, to change.
pub(crate) fn items_mut<'v>(value: &'v mut Value, key: &str) -> &'v mut [Value] {
    value.get_mut(key).and_then(Value::as_array_mut).map_or(&mut [], Vec::as_mut_slice)
}

/// The texts of the list `key`.
pub(crate) fn texts<'v>(value: &'v Value, key: &str) -> impl Iterator<Item = &'v str> {
    items(value, key).iter().map(|item| item.as_str().unwrap_or(""))
}

/// The entries of the map `key`.
pub(crate) fn entries<'v>(value: &'v Value, key: &str) -> impl Iterator<Item = (&'v str, &'v Value)> {
    value.get(key).and_then(Value::as_object).into_iter().flat_map(Map::iter)
}

/// Fills the field `key` if it has no value.
pub(crate) fn default_to(object: &mut Value, key: &str, value: impl Into<Value>) {
    if !is_set(object.get(key)) {
        object.set(key, value);
    }
}

/// Fills the field `key` if it is absent: of a pointer, the empty text is a value.
pub(crate) fn default_absent(object: &mut Value, key: &str, value: impl Into<Value>) {
    if present(object, key).is_none() {
        object.set(key, value);
    }
}

/// Fills a number that has no value; 0 counts as none.
pub(crate) fn default_number(object: &mut Value, key: &str, value: i64) {
    if int(object, key) == 0 {
        object.set(key, value);
    }
}

/// Rounds the quantities of the resource list `key` up to thousandths, the finest the API keeps.
pub(crate) fn round_resources(object: &mut Value, key: &str) {
    let Some(list) = object.get_mut(key).and_then(Value::as_object_mut) else { return };
    for (_, value) in list.iter_mut() {
        let Some(Ok(quantity)) = value.as_str().map(meta::Quantity::parse) else { continue };
        *value = quantity.round_up_to_milli().canonical().into();
    }
}

/// The integer of the field `key`, if there is one.
pub(crate) fn optional_int(value: &Value, key: &str) -> Option<i64> {
    value.get(key).and_then(Value::as_i64)
}

/// The entries of the map `key` whose values are texts.
pub(crate) fn text_entries<'v>(value: &'v Value, key: &str) -> impl Iterator<Item = (&'v str, &'v str)> {
    entries(value, key).map(|(key, value)| (key, value.as_str().unwrap_or("")))
}
