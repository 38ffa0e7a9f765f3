//! The set of fields that an object states: its leaves, its list elements, its map entries.

use object::{Map, Value};

use super::Element;
use super::node::{Form, ListForm, MapForm, Node};
use super::set::{Entry, Set};

/// What an object of this type owns by stating it. The object is valid.
pub(super) fn to_set(node: Node<'_>, value: &Value) -> Set {
    visit(node, value).1
}

/// Whether the value itself is owned, and what is below it.
fn visit(node: Node<'_>, value: &Value) -> (bool, Set) {
    match (node.form(Some(value)), value) {
        (Form::Scalar(_), _) => (true, Set::new()),
        (Form::List(form), _) if form.is_atomic() => (true, Set::new()),
        (Form::List(form), Value::Array(items)) => (false, list(form, items)),
        (Form::Map(form), _) if form.atomic => (true, Set::new()),
        (Form::Map(form), Value::Object(map)) => (false, fields(form, map)),
        _ => (false, Set::new()),
    }
}

fn fields(form: MapForm<'_>, map: &Map) -> Set {
    let mut entries = Vec::with_capacity(map.len());
    for (key, value) in map.iter() {
        let Some((node, named)) = form.child(key) else { continue };
        let (itself, children) = visit(node, value);
        let hollow = match value {
            Value::Null => true,
            Value::Object(map) => map.is_empty(),
            _ => false,
        };
        let member = itself || hollow || !named;
        if member || !children.is_empty() {
            entries.push(Entry { element: Element::field(key), member, children });
        }
    }
    Set::from_entries(entries)
}

fn list(form: ListForm<'_>, items: &[Value]) -> Set {
    let mut keyed: Vec<(Element, &Value)> =
        items.iter().filter_map(|item| Some((form.element(item).ok()?, item))).collect();
    keyed.sort_by(|a, b| a.0.cmp(&b.0));
    let mut entries: Vec<Entry> = Vec::with_capacity(keyed.len());
    let mut keyed = keyed.into_iter().peekable();
    while let Some((element, item)) = keyed.next() {
        let mut repeated = false;
        while keyed.next_if(|next| next.0 == element).is_some() {
            repeated = true;
        }
        // Which of several elements with one key owns what can't be said: they are one thing.
        let children = if repeated { Set::new() } else { visit(form.items, item).1 };
        entries.push(Entry { element, member: true, children });
    }
    Set::from_entries(entries)
}
