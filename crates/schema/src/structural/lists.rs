//! Sets without duplicates, and lists whose elements have keys.

use object::{Map, Text, Value};
use status::{FieldError, FieldErrors, Path};

use super::Structural;
use crate::ListType;

impl Structural {
    /// The elements that a `set` has twice, or whose keys a `map` list has twice.
    pub fn check_lists(&self, value: &Value) -> FieldErrors {
        let mut errors = Vec::new();
        self.lists(value, &Path::ROOT, &mut errors);
        errors
    }

    fn lists(&self, value: &Value, path: &Path<'_>, errors: &mut FieldErrors) {
        match value {
            Value::Object(map) => {
                for (key, value) in map.iter() {
                    if let Some(child) = self.child(key) {
                        child.lists(value, &path.child(key), errors);
                    }
                }
            }
            Value::Array(items) => {
                match &self.list_type {
                    ListType::Atomic => {}
                    ListType::Set => duplicates(items.iter(), path, errors),
                    ListType::Map(keys) => {
                        let mut identities = Vec::with_capacity(items.len());
                        for (index, item) in items.iter().enumerate() {
                            match item {
                                Value::Object(map) => identities.push(identity(map, keys)),
                                other => {
                                    let detail = "must be an object for an array of list-type map";
                                    errors.push(FieldError::invalid(&path.index(index), other, detail));
                                }
                            }
                        }
                        if identities.len() == items.len() {
                            duplicates(identities.iter(), path, errors);
                        }
                    }
                }
                if let Some(schema) = &self.items {
                    for (index, item) in items.iter().enumerate() {
                        schema.lists(item, &path.index(index), errors);
                    }
                }
            }
            _ => {}
        }
    }
}

/// The keys of a list's element.
pub(super) fn identity(map: &Map, keys: &[Text]) -> Value {
    let keys = keys.iter().filter_map(|key| Some((key.clone(), map.get(key)?.clone())));
    Value::Object(keys.collect())
}

/// Reports the second of each value's places.
fn duplicates<'v>(values: impl Iterator<Item = &'v Value>, path: &Path<'_>, errors: &mut FieldErrors) {
    let mut places: Vec<(String, usize, &Value)> =
        values.enumerate().map(|(index, value)| (object::json::to_string(value), index, value)).collect();
    // Sorted, equal values stand together; a float and an integer that print the same are not equal.
    places.sort_by(|a, b| (&a.0, a.1).cmp(&(&b.0, b.1)));
    let mut found: Vec<(usize, &Value)> = places
        .chunk_by(|a, b| a.0 == b.0)
        .flat_map(|same| {
            let mut seconds = Vec::new();
            let mut known: Vec<(&Value, bool)> = Vec::new();
            for (_, index, value) in same {
                match known.iter_mut().find(|entry| entry.0 == *value) {
                    Some((_, reported)) => {
                        if !std::mem::replace(reported, true) {
                            seconds.push((*index, *value));
                        }
                    }
                    // Equal in print, they are of at most two kinds.
                    None => known.push((value, false)),
                }
            }
            seconds
        })
        .collect();
    found.sort_by_key(|place| place.0);
    errors.extend(found.into_iter().map(|(index, value)| FieldError::duplicate(&path.index(index), value)));
}
