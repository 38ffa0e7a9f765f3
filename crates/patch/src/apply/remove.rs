//! Taking fields and list items out of an object, and what sets of fields mean to a schema.

use object::Value;

use super::Element;
use super::node::{Form, Node};
use super::set::{Entry, Set};

/// Takes the items of `set` out of `value`. A container that has nothing left becomes null, and so does an atomic
/// one of which only parts are to go.
pub(super) fn remove(node: Node<'_>, value: &mut Value, set: &Set) {
    if set.is_empty() {
        return;
    }
    let left = match (node.form(Some(value)), &mut *value) {
        (Form::Scalar(_), _) => true,
        (Form::List(form), Value::Array(items)) if !form.is_atomic() => {
            items.retain_mut(|item| {
                let Some(entry) = form.element(item).ok().and_then(|element| set.entry(&element)) else {
                    return true;
                };
                if !entry.member {
                    remove(form.items, item, &entry.children);
                }
                !entry.member
            });
            !items.is_empty()
        }
        (Form::Map(form), Value::Object(map)) if !form.atomic => {
            map.retain(|key, value| {
                let Some(entry) = set.field(key) else { return true };
                if let (false, Some((node, _))) = (entry.member, form.child(key)) {
                    remove(node, value, &entry.children);
                }
                !entry.member
            });
            !map.is_empty()
        }
        _ => false,
    };
    if !left {
        *value = Value::Null;
    }
}

/// The set with all struct fields on the way to its paths put in: pruning a struct's last field prunes it too.
pub(super) fn with_named_fields(node: Node<'_>, set: &Set) -> Set {
    let entries = set.entries().iter().map(|entry| Entry {
        element: entry.element.clone(),
        member: entry.member || node.names(&entry.element),
        children: match node.step(&entry.element) {
            _ if entry.children.is_empty() => Set::new(),
            Some(node) => with_named_fields(node, &entry.children),
            None => entry.children.clone(),
        },
    });
    Set::from_entries(entries.collect())
}

/// The set fitted to a schema that has become atomic where it was granular: the whole is owned instead of its
/// parts. `None` if it fits as it is.
pub(super) fn reconcile(node: Node<'_>, set: &Set) -> Option<Set> {
    let mut changed = false;
    let entries = set
        .entries()
        .iter()
        .map(|entry| {
            let fitted = node.step(&entry.element).and_then(|node| fit(node, entry));
            changed |= fitted.is_some();
            fitted.unwrap_or_else(|| entry.clone())
        })
        .collect();
    changed.then(|| Set::from_entries(entries))
}

fn fit(node: Node<'_>, entry: &Entry) -> Option<Entry> {
    let leaf = entry.member && entry.children.is_empty();
    if leaf || node.is_free() {
        return None;
    }
    let sample =
        entry.children.entries().first().is_some_and(|child| !matches!(child.element, Element::Field(_)));
    let sample = if sample { Value::Array(Vec::new()) } else { Value::object() };
    let atomic = match node.form(Some(&sample)) {
        Form::Map(form) => form.atomic,
        Form::List(form) => form.is_atomic(),
        Form::Scalar(_) => false,
    };
    if atomic {
        return Some(Entry::leaf(entry.element.clone()));
    }
    let children = reconcile(node, &entry.children)?;
    Some(Entry { element: entry.element.clone(), member: entry.member, children })
}
