//! JSON merge patch (RFC 7386).

#[cfg(test)]
mod tests;

use object::{Value, json};
use status::{Result, Status};

use crate::document::{Document, Kind, Members, NodeId, Slot};
use crate::{Patched, utf8};

/// Applies a JSON merge patch to an object's JSON. With `strict`, duplicate fields of the patch are reported and
/// patches that are no objects refused with the decoder's words, as `fieldValidation` other than `Ignore` asks.
///
/// # Errors
/// 400 for what is no patch.
pub fn merge_patch(target: &[u8], patch: &[u8], strict: bool) -> Result<Patched> {
    let reports = check(patch, strict)?;
    let mut document = Document::default();
    let target = document.load(&utf8(target));
    let patch = document.load(&utf8(patch));
    let patch = patch.ok_or_else(not_a_patch)?;
    let merged = match target {
        Some(target) => merge(&mut document, target, patch),
        None => return Err(Status::unknown("Invalid JSON Document")),
    };
    let mut json = Vec::new();
    document.write(Some(merged), &mut json);
    Ok(Patched { json, reports })
}

fn not_a_patch() -> Box<Status> {
    Status::bad_request("Invalid JSON Patch")
}

/// Whether the body is a patch, and what strict decoding reports of it.
fn check(patch: &[u8], strict: bool) -> Result<Vec<String>> {
    let parsed = json::parse_with_notices(patch);
    if !strict {
        let container = matches!(parsed, Ok((Value::Object(_) | Value::Array(_), _)));
        return if container { Ok(Vec::new()) } else { Err(not_a_patch()) };
    }
    let refuse = |error: &str| Status::bad_request(format!("error decoding patch: {error}"));
    let (value, notices) = parsed.map_err(|error| refuse(&error.message))?;
    if !matches!(value, Value::Object(_) | Value::Null) {
        return Err(refuse(&crate::patched::no_map(&value)));
    }
    Ok(notices.warnings())
}

/// Merges `patch` into `target`; what becomes of the two is the answer.
fn merge(document: &mut Document, target: NodeId, patch: NodeId) -> NodeId {
    if document.open(target) != Kind::Object || document.open(patch) != Kind::Object {
        prune(document, patch);
        return patch;
    }
    let mut pairs = vec![(target, patch, 0)];
    while let Some((target, patch, depth)) = pairs.pop() {
        let changes = document.object(patch).map(std::mem::take).unwrap_or_default();
        let members = document.object(target).map(std::mem::take).unwrap_or_default();
        let merged = merge_members(document, members, changes, depth + 1, &mut pairs);
        if let Some(members) = document.object(target) {
            *members = merged;
        }
    }
    target
}

/// Puts the changes into the members. Objects in both, `depth` steps from the root, are left to be
/// merged: they are put on `pairs`.
fn merge_members(
    document: &mut Document,
    mut members: Members,
    changes: Members,
    depth: usize,
    pairs: &mut Vec<(NodeId, NodeId, usize)>,
) -> Members {
    for (key, change) in changes {
        let Some(change) = change else {
            members.remove(&key);
            continue;
        };
        let slot = members.entry(key).or_insert(None);
        match *slot {
            Some(old) if document.open_at(old, depth) == Kind::Object => {
                if document.open_at(change, depth) == Kind::Object {
                    pairs.push((old, change, depth));
                } else {
                    *slot = Some(change);
                }
            }
            _ => {
                prune(document, change);
                *slot = Some(change);
            }
        }
    }
    members
}

/// Takes null members out of all objects in a value; null elements of lists stay.
fn prune(document: &mut Document, id: NodeId) {
    let mut rest = vec![id];
    while let Some(id) = rest.pop() {
        document.open_all(id);
        let parts: Vec<Slot> = if let Some(members) = document.object(id) {
            members.retain(|_, slot| slot.is_some());
            members.values().copied().collect()
        } else {
            document.array(id).cloned().unwrap_or_default()
        };
        rest.extend(parts.into_iter().flatten());
    }
}
