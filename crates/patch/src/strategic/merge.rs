//! Objects merged with patches of them.

use std::collections::BTreeMap;

use object::{Map, Text, Value};
use schema::{PatchStrategy, Shape, TypeRef};

use super::directives::{self, PATCH, taken};
use super::error::Error;
use super::list::{merge_list, set_element_orders};

/// The members of an object that is being merged; a patch can add many.
pub(super) type Members = BTreeMap<Text, Value>;

/// Merges `patch` into `original`. Directives that were obeyed leave the patch.
pub(super) fn merge_map(original: Map, patch: &mut Map, ty: TypeRef<'_>) -> Result<Map, Error> {
    if let Some(directive) = patch.get(PATCH) {
        return match directive.as_str() {
            Some("replace") => {
                patch.remove(PATCH);
                Ok(patch.clone())
            }
            Some("delete") => Ok(Map::new()),
            _ => Err(Error::unknown_directive(directive, patch)),
        };
    }
    let mut members: Members = original.into_entries().into_iter().collect();
    directives::retain_keys(&mut members, patch)?;
    set_element_orders(&mut members, patch, ty)?;
    for (key, change) in patch.iter_mut() {
        let deletes_from = directives::deletes_from(key)?;
        let name = deletes_from.unwrap_or(key);
        if change.is_null() {
            members.remove(name);
            continue;
        }
        merge_member(&mut members, name, change, deletes_from.is_some(), ty)?;
    }
    Ok(Map::from_entries(members.into_iter().collect()))
}

/// Merges `change` into the member `name`. With `deletes` the change lists elements to be taken out.
fn merge_member(
    members: &mut Members,
    name: &str,
    change: &mut Value,
    deletes: bool,
    ty: TypeRef<'_>,
) -> Result<(), Error> {
    match (members.get_mut(name), change) {
        (Some(Value::Object(old)), Value::Object(changes)) => {
            let (ty, strategy) = lookup(ty, name)?;
            *old =
                if strategy.replace { changes.clone() } else { merge_map(std::mem::take(old), changes, ty)? };
        }
        (Some(Value::Array(old)), Value::Array(changes)) => {
            let (ty, strategy) = lookup_list(ty, name)?;
            *old = if strategy.merge || deletes {
                merge_list(std::mem::take(old), changes, ty, &strategy.merge_key, deletes)?
            } else {
                changes.clone()
            };
        }
        (old, change) => {
            let same_type =
                old.is_some_and(|old| std::mem::discriminant(old) == std::mem::discriminant(change));
            if !deletes || same_type {
                match taken(change) {
                    Some(value) => members.insert(name.into(), value),
                    None => members.remove(name),
                };
            }
        }
    }
    Ok(())
}

/// The type of an object's member, and how it is merged.
pub(super) fn lookup<'s>(ty: TypeRef<'s>, name: &str) -> Result<(TypeRef<'s>, &'s PatchStrategy), Error> {
    let kind = match ty.shape() {
        Shape::Struct(_) | Shape::Any => {
            let unknown = || {
                let owner = ty.ty().name.rsplit('.').next().unwrap_or_default();
                let name = status::go_quote(name);
                Error::Other(format!("unable to find api field in struct {owner} for the json field {name}"))
            };
            let field = ty.field(name).ok_or_else(unknown)?;
            return Ok((ty.schema.get(field.ty), &field.patch));
        }
        Shape::Map(_) => "map",
        Shape::List(_) => "slice",
        Shape::Scalar(_) => "string",
    };
    Err(Error::Other(format!("merging an object in json but data type is not struct, instead is: {kind}")))
}

/// The type of the elements of an object's list, and how the list is merged.
pub(super) fn lookup_list<'s>(
    ty: TypeRef<'s>,
    name: &str,
) -> Result<(TypeRef<'s>, &'s PatchStrategy), Error> {
    let (list, strategy) = lookup(ty, name)?;
    let no_list = || Error::Other("expected slice or array type, but got: struct".to_owned());
    Ok((list.items().ok_or_else(no_list)?, strategy))
}
