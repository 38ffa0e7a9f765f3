//! The keys of a patch that say how to merge rather than what.

use object::{Map, Value};

use super::error::Error;
use super::merge::Members;

/// Says what becomes of the object or list element it stands in.
pub(super) const PATCH: &str = "$patch";
/// Lists the keys that an object keeps.
const RETAIN_KEYS: &str = "$retainKeys";
/// `$deleteFromPrimitiveList/x` lists elements to be taken out of the list `x`.
const DELETE: &str = "$deleteFromPrimitiveList";
/// `$setElementOrder/x` says in which order the elements of the list `x` are to stand.
pub(super) const ORDER: &str = "$setElementOrder";

/// The text of an object's `$patch`.
pub(super) fn directive(item: &Value) -> Option<&str> {
    item.get(PATCH)?.as_str()
}

/// The list that `$deleteFromPrimitiveList/LIST` is about; nothing if the key is none of these.
pub(super) fn deletes_from(key: &str) -> Result<Option<&str>, Error> {
    if !key.starts_with(DELETE) {
        return Ok(None);
    }
    list_of(key, DELETE).map(Some).ok_or(Error::Format("invalid patch format of primitive list"))
}

/// The list that `$setElementOrder/LIST` is about.
pub(super) fn orders(key: &str) -> Result<&str, Error> {
    list_of(key, ORDER).ok_or(Error::Format("invalid patch format of setElementOrder list"))
}

fn list_of<'k>(key: &'k str, directive: &str) -> Option<&'k str> {
    key.strip_prefix(directive)?.strip_prefix('/')
}

/// Obeys `$retainKeys`: what it does not list is taken out of the object, and must not be in the patch.
pub(super) fn retain_keys(members: &mut Members, patch: &mut Map) -> Result<(), Error> {
    const MALFORMED: Error = Error::Format("invalid patch format of retainKeys");
    let Some(listed) = patch.remove(RETAIN_KEYS) else { return Ok(()) };
    let listed = listed.as_array().ok_or(MALFORMED)?;
    let keys: std::collections::HashSet<&str> = listed.iter().filter_map(Value::as_str).collect();
    for (key, value) in patch.iter() {
        let exempt = value.is_null() || key.starts_with(DELETE) || key.starts_with(ORDER);
        if !exempt && !keys.contains(key) {
            return Err(MALFORMED);
        }
    }
    members.retain(|key, _| keys.contains(key.as_str()));
    Ok(())
}

/// What an object gets that had nothing to merge a part of a patch with: the part, without nulls and without what
/// `$patch` stands in. Nothing if it stands in the part itself. Nulls leave the patch too.
pub(super) fn taken(part: &mut Value) -> Option<Value> {
    discard_nulls(part);
    let mut value = part.clone();
    keep_undirected(&mut value).then_some(value)
}

fn discard_nulls(value: &mut Value) {
    match value {
        Value::Object(map) => map.retain(|_, member| {
            discard_nulls(member);
            !member.is_null()
        }),
        Value::Array(items) => items.iter_mut().for_each(discard_nulls),
        _ => {}
    }
}

/// Takes what `$patch` stands in out of a value; tells whether the value itself stays.
fn keep_undirected(value: &mut Value) -> bool {
    match value {
        Value::Object(map) if map.contains(PATCH) => return false,
        Value::Object(map) => map.retain(|_, member| keep_undirected(member)),
        Value::Array(items) => items.retain_mut(keep_undirected),
        _ => {}
    }
    true
}
