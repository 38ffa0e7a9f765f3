//! The order of merged lists: what the patch names comes in the patch's order, what only the server has in the server's,
//! and the two interleave as they did on the server.

use std::collections::HashMap;

use object::{Value, json};

use super::directives::directive;
use super::error::Error;

/// What tells the elements of a list apart.
#[derive(Clone, Copy)]
pub(super) enum Identity<'k> {
    /// They themselves: scalars.
    Whole,
    /// A member of theirs: objects.
    Member(&'k str),
}

impl Identity<'_> {
    /// What tells `item` apart; nothing for an object without the member, and for what is no object.
    pub fn of(self, item: &Value) -> Option<&Value> {
        match self {
            Identity::Whole => Some(item),
            Identity::Member(key) => item.get(key),
        }
    }

    /// Fails unless all elements are objects that have the member.
    pub fn check(self, items: &[Value]) -> Result<(), Error> {
        let Identity::Member(key) = self else { return Ok(()) };
        for item in items {
            match item {
                Value::Object(map) if map.contains(key) => {}
                Value::Object(_) => return Err(Error::no_merge_key(item, key)),
                other => return Err(Error::wrong_type(&Value::object(), other)),
            }
        }
        Ok(())
    }
}

/// Where elements stand in a list, of equal ones the first.
pub(super) struct Places<'k> {
    identity: Identity<'k>,
    places: HashMap<Vec<u8>, usize>,
    length: usize,
}

impl<'k> Places<'k> {
    pub fn of<'i>(items: impl IntoIterator<Item = &'i Value>, identity: Identity<'k>) -> Places<'k> {
        let mut places = Places { identity, places: HashMap::new(), length: 0 };
        for item in items {
            places.push(item);
        }
        places
    }

    /// The place of the element that is identified as `item` is.
    pub fn find(&self, item: &Value) -> Option<usize> {
        self.places.get(&hashed(self.identity.of(item)?)).copied()
    }

    /// Adds an element behind all others; tells whether it is the first of its kind.
    pub fn push(&mut self, item: &Value) -> bool {
        let place = self.length;
        self.length += 1;
        let Some(identity) = self.identity.of(item) else { return true };
        *self.places.entry(hashed(identity)).or_insert(place) == place
    }
}

/// Equal for equal values, different for different ones (`1` and `1.0` are).
fn hashed(value: &Value) -> Vec<u8> {
    let mut out = json::to_vec(value);
    if matches!(value, Value::Float(_)) {
        out.push(b'f');
    }
    out
}

/// The elements of `merged` that `named` has too, and the others.
pub(super) fn partition(merged: Vec<Value>, named: &Places<'_>) -> (Vec<Value>, Vec<Value>) {
    merged.into_iter().partition(|item| named.find(item).is_some())
}

/// Brings a merged list, parted in what the patch names and what only the server has, into order.
pub(super) fn arrange(
    (named, others): (Vec<Value>, Vec<Value>),
    patch_order: &Places<'_>,
    server_order: &Places<'_>,
) -> Vec<Value> {
    let named = sort(named, patch_order);
    let others = sort(others, server_order);
    interleave(others, named, server_order)
}

/// How long a list is that Go sorts by plain insertion.
const INSERTION: usize = 20;

/// Sorts by `order`, elements marked for deletion last.
fn sort(items: Vec<Value>, order: &Places<'_>) -> Vec<Value> {
    let (deleted, items): (Vec<Value>, Vec<Value>) = items
        .into_iter()
        .partition(|item| matches!(order.identity, Identity::Member(_)) && directive(item) == Some("delete"));
    let mut placed: Vec<(Option<usize>, Value)> =
        items.into_iter().map(|item| (order.find(&item), item)).collect();
    if placed.len() <= INSERTION && placed.iter().any(|item| item.0.is_none()) {
        insert_sort(&mut placed);
    } else {
        placed.sort_by_key(|item| item.0.unwrap_or(usize::MAX));
    }
    placed.into_iter().map(|item| item.1).chain(deleted).collect()
}

/// For the original, an element that has no place is less than any and any is less than it. Which order that yields
/// follows from its way of sorting.
fn insert_sort(items: &mut [(Option<usize>, Value)]) {
    for end in 1..items.len() {
        let mut at = end;
        while at > 0 && items[at].0.zip(items[at - 1].0).is_none_or(|(this, before)| this < before) {
            items.swap(at, at - 1);
            at -= 1;
        }
    }
}

/// Puts each of `others` before the first of `named` that follows it on the server.
fn interleave(others: Vec<Value>, named: Vec<Value>, server_order: &Places<'_>) -> Vec<Value> {
    let mut out = Vec::with_capacity(others.len() + named.len());
    let mut others = others.into_iter().peekable();
    for item in named {
        let place = server_order.find(&item);
        while let Some(other) = others
            .next_if(|other| server_order.find(other).zip(place).is_some_and(|(other, place)| other < place))
        {
            out.push(other);
        }
        out.push(item);
    }
    out.extend(others);
    out
}
