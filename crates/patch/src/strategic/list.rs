//! Lists merged with patches of them: by the elements' keys, or as sets of scalars.

use std::mem::discriminant;

use object::{Map, Value};
use schema::TypeRef;

use super::directives::{self, ORDER, PATCH};
use super::error::Error;
use super::merge::{Members, lookup_list, merge_map};
use super::order::{Identity, Places, arrange, partition};
use super::print::go_list;

/// Merges `patch` into `original`, whose elements are of type `ty` and known by `merge_key`. With `deletes` the patch
/// lists scalars to be taken out.
pub(super) fn merge_list(
    original: Vec<Value>,
    patch: &mut [Value],
    ty: TypeRef<'_>,
    merge_key: &str,
    deletes: bool,
) -> Result<Vec<Value>, Error> {
    if original.is_empty() && patch.is_empty() {
        return Ok(original);
    }
    let objects = matches!(element_type(&original, patch)?, Value::Object(_));
    if objects && merge_key.is_empty() {
        return Err(Error::Other("cannot merge lists without merge key for type struct".to_owned()));
    }
    let identity = if objects { Identity::Member(merge_key) } else { Identity::Whole };
    if deletes && !objects {
        let deleted = Places::of(patch.iter(), identity);
        return Ok(original.into_iter().filter(|item| deleted.find(item).is_none()).collect());
    }
    let (original, changes) = if objects {
        obey_directives(original, patch, merge_key)?
    } else {
        (original, patch.iter_mut().collect())
    };
    let server_order = Places::of(&original, identity);
    let patch_order = Places::of(changes.iter().map(|change| &**change), identity);
    let merged = if objects {
        merge_objects(original, changes, ty, merge_key)?
    } else {
        deduplicate(original.into_iter().chain(changes.into_iter().map(|change| change.clone())))
    };
    identity.check(&merged)?;
    Ok(arrange(partition(merged, &patch_order), &patch_order, &server_order))
}

/// An element, standing for the type of all.
fn element_type<'v>(original: &'v [Value], patch: &'v [Value]) -> Result<&'v Value, Error> {
    let mut items = original.iter().chain(patch);
    let first =
        items.next().ok_or_else(|| Error::Other("no elements in any of the given slices".to_owned()))?;
    if matches!(first, Value::Array(_)) {
        return Err(Error::ListOfLists);
    }
    if first.is_null() || items.any(|item| discriminant(item) != discriminant(first)) {
        let (original, patch) = (go_list(original), go_list(patch));
        return Err(Error::Other(format!("list element types are not identical: [{original} {patch}]")));
    }
    Ok(first)
}

/// Obeys the elements with `$patch`. Answers what is left of the original, and the other elements.
fn obey_directives<'p>(
    mut original: Vec<Value>,
    patch: &'p mut [Value],
    merge_key: &str,
) -> Result<(Vec<Value>, Vec<&'p mut Value>), Error> {
    let mut changes = Vec::with_capacity(patch.len());
    let mut deleted = Vec::new();
    let mut replace = false;
    for item in patch {
        let Some(found) = item.get(PATCH) else {
            changes.push(item);
            continue;
        };
        match (found.as_str(), item.as_object()) {
            (Some("delete"), _) if item.get(merge_key).is_none() => {
                return Err(Error::no_merge_key(item, merge_key));
            }
            (Some("delete"), _) => deleted.push(&*item),
            (Some("replace"), _) => replace = true,
            (Some("merge"), _) => {
                return Err(Error::Other("merging lists cannot yet be specified in the patch".to_owned()));
            }
            (_, Some(map)) => return Err(Error::unknown_directive(found, map)),
            (_, None) => {}
        }
    }
    if replace {
        return Ok((changes.into_iter().map(|change| change.clone()).collect(), Vec::new()));
    }
    if !deleted.is_empty() {
        let identity = Identity::Member(merge_key);
        let deleted = Places::of(deleted, identity);
        original.retain(|item| deleted.find(item).is_none());
    }
    Ok((original, changes))
}

/// Merges each change into the element that has its key, or adds it.
fn merge_objects(
    mut merged: Vec<Value>,
    changes: Vec<&mut Value>,
    ty: TypeRef<'_>,
    merge_key: &str,
) -> Result<Vec<Value>, Error> {
    let identity = Identity::Member(merge_key);
    let mut places = Places::of(&merged, identity);
    for change in changes {
        identity.check(std::slice::from_ref(change))?;
        let found = places.find(change).and_then(|place| merged.get_mut(place));
        match (found, &mut *change) {
            (Some(Value::Object(old)), Value::Object(patch)) => {
                *old = merge_map(std::mem::take(old), patch, ty)?;
            }
            _ => {
                places.push(change);
                merged.push(change.clone());
            }
        }
    }
    Ok(merged)
}

/// Each scalar once.
fn deduplicate(items: impl Iterator<Item = Value>) -> Vec<Value> {
    let mut places = Places::of([], Identity::Whole);
    items.filter(|item| places.push(item)).collect()
}

/// Obeys every `$setElementOrder`: merges the list it is about with what the patch has for it, and sorts it. Both leave
/// the patch.
pub(super) fn set_element_orders(
    members: &mut Members,
    patch: &mut Map,
    ty: TypeRef<'_>,
) -> Result<(), Error> {
    let directives: Vec<String> =
        patch.keys().filter(|key| key.starts_with(ORDER)).map(str::to_owned).collect();
    for directive in directives {
        let Some(order) = patch.remove(&directive) else { continue };
        let order = list(&order)?;
        let name = directives::orders(&directive)?;
        let original = members.get(name).map(list).transpose()?;
        let change = patch.get(name).map(list).transpose()?;
        let (item_ty, strategy) = lookup_list(ty, name)?;
        let key = strategy.merge_key.as_str();
        check_order(change.map_or(&[], Vec::as_slice), order, key)?;
        let server = original.cloned().unwrap_or_default();
        let merged = match (original, change) {
            (None, None) => continue,
            (Some(_), None) => server.clone(),
            (None, Some(change)) => change.clone(),
            (Some(_), Some(_)) => {
                let change = patch.get_mut(name).and_then(Value::as_array_mut);
                let change = change.map_or(&mut [][..], Vec::as_mut_slice);
                if strategy.merge {
                    merge_list(server.clone(), change, item_ty, key, false)?
                } else {
                    change.to_vec()
                }
            }
        };
        let ordered = put_in_order(merged, &server, patch.get(name), order, key)?;
        members.insert(name.into(), ordered.into());
        patch.remove(name);
    }
    Ok(())
}

/// Sorts a merged list as `order` says, and as the server has it where that says nothing.
fn put_in_order(
    merged: Vec<Value>,
    server: &[Value],
    patch: Option<&Value>,
    order: &[Value],
    merge_key: &str,
) -> Result<Vec<Value>, Error> {
    let patch = patch.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let identity = if merge_key.is_empty() { Identity::Whole } else { Identity::Member(merge_key) };
    identity.check(&merged)?;
    if let (Identity::Member(_), Some(place)) =
        (identity, order.iter().position(|item| item.as_object().is_none()))
    {
        return Err(Error::Other(format!("value for key {place} is not a map")));
    }
    element_type(server, patch)?;
    identity.check(order)?;
    let patch_order = Places::of(order, identity);
    let server_order = Places::of(server, identity);
    Ok(arrange(partition(merged, &patch_order), &patch_order, &server_order))
}

/// Checks that the patch's elements are in `order`, one after the other.
fn check_order(patch: &[Value], order: &[Value], merge_key: &str) -> Result<(), Error> {
    if patch.is_empty() || order.is_empty() {
        return Ok(());
    }
    let identity = if merge_key.is_empty() { Identity::Whole } else { Identity::Member(merge_key) };
    let mut ordered = order.iter();
    for item in patch {
        if item.get(PATCH).is_some() {
            continue;
        }
        identity.check(std::slice::from_ref(item))?;
        loop {
            let Some(next) = ordered.next() else {
                let (patch, order) = (go_list(patch), go_list(order));
                return Err(Error::Other(format!(
                    "The order in patch list:\n{patch}\n doesn't match {ORDER} list:\n{order}\n"
                )));
            };
            identity.check(std::slice::from_ref(next))?;
            if identity.of(item) == identity.of(next) {
                break;
            }
        }
    }
    Ok(())
}

fn list(value: &Value) -> Result<&Vec<Value>, Error> {
    value.as_array().ok_or_else(|| Error::wrong_type(&Value::Array(Vec::new()), value))
}
