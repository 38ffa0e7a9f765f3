//! Rules that several kinds share.

use object::Value;

/// Of an update through `/status` only the status counts: the rest of `object` becomes what `old` has, metadata
/// included but for what every write may carry (resourceVersion, uid, managedFields and the like).
pub(crate) fn only_status(object: &mut Value, old: &Value) {
    keep_all_but(object, old, &["status"]);
    keep_metadata(object, old, &["labels", "annotations", "finalizers", "ownerReferences", "generateName"]);
}

/// Of an update only `object.outer.inner` counts.
pub(crate) fn only_field(object: &mut Value, old: &Value, outer: &str, inner: &str) {
    let new = object.at([outer, inner]).cloned();
    keep_all_but(object, old, &[]);
    keep_metadata(object, old, &["labels", "annotations", "finalizers", "ownerReferences", "generateName"]);
    match new {
        Some(value) => {
            object.object_at(outer).insert(inner, value);
        }
        None => {
            object.object_at(outer).remove(inner);
        }
    }
}

/// Puts back every top-level field of `old` except `metadata` and `fields`.
pub(crate) fn keep_all_but(object: &mut Value, old: &Value, fields: &[&str]) {
    let kept = |key: &str| key != "metadata" && !fields.contains(&key);
    let map = object.make_object();
    map.retain(|key, _| !kept(key));
    for (key, value) in old.as_object().into_iter().flat_map(|map| map.iter()) {
        if kept(key) {
            map.insert(key, value.clone());
        }
    }
}

/// Puts back the metadata `fields` of `old`.
pub(crate) fn keep_metadata(object: &mut Value, old: &Value, fields: &[&str]) {
    for field in fields {
        restore(object, old, &["metadata", field]);
    }
}

/// Removes fields that belong to feature gates that are off, unless `old` has them already.
pub(crate) fn drop_gated(object: &mut Value, old: Option<&Value>, fields: &[&[&str]]) {
    for path in fields {
        let in_use = old.and_then(|old| old.at(path.iter().copied())).is_some_and(|value| !value.is_null());
        let Some((last, parents)) = path.split_last() else { continue };
        if !in_use && let Some(parent) = object.at_mut(parents.iter().copied()) {
            parent.remove(last);
        }
    }
}

/// Puts back what `old` has at `path`, or removes it where `old` has nothing.
pub(crate) fn restore(object: &mut Value, old: &Value, path: &[&str]) {
    let Some((last, parents)) = path.split_last() else { return };
    let value = old.at(path.iter().copied()).cloned();
    if value.is_none() && object.at(parents.iter().copied()).is_none() {
        return;
    }
    let mut parent = object;
    for key in parents {
        parent = parent.make_object().get_or_insert_with(key, Value::object);
    }
    match value {
        Some(value) => parent.set(*last, value),
        None => {
            parent.remove(last);
        }
    }
}
