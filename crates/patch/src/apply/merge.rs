//! Merging an applied configuration into the live object.

use std::mem::take;

use object::{Map, Value};

use super::Element;
use super::node::{Form, ListForm, MapForm, Node};

/// Merges `applied` into `live`, both valid and of one type: nothing is removed, leaves are as applied, lists
/// whose order the configuration states are in its order.
pub(super) fn merge(node: Node<'_>, live: &mut Value, applied: Value) {
    match (node.form(Some(live)), applied) {
        (Form::Map(form), Value::Object(applied)) if !form.atomic => merge_maps(form, live, applied),
        (Form::List(form), Value::Array(applied)) if !form.is_atomic() => merge_lists(form, live, applied),
        (Form::Map(form), Value::Null) if !form.atomic && has_entries(live) => {}
        (Form::List(form), Value::Null) if !form.is_atomic() && has_items(live) => {}
        (_, applied) => *live = applied,
    }
}

fn has_entries(value: &Value) -> bool {
    value.as_object().is_some_and(|map| !map.is_empty())
}

fn has_items(value: &Value) -> bool {
    value.as_array().is_some_and(|items| !items.is_empty())
}

fn merge_maps(form: MapForm<'_>, live: &mut Value, applied: Map) {
    let Value::Object(map) = live else {
        *live = Value::Object(applied);
        return;
    };
    for (key, value) in applied.into_entries() {
        match (map.get_mut(&key), form.child(&key)) {
            (Some(live), Some((node, _))) => merge(node, live, value),
            _ => {
                map.insert(key, value);
            }
        }
    }
}

fn merge_lists(form: ListForm<'_>, live: &mut Value, applied: Vec<Value>) {
    match live {
        Value::Array(items) if applied.is_empty() && !items.is_empty() => {}
        Value::Array(items) if !items.is_empty() => {
            let merged = Zip::new(form, take(items), applied).run();
            *items = merged;
        }
        _ => *live = Value::Array(applied),
    }
}

/// The merge of two lists: live items keep their place between those that the configuration orders.
struct Zip<'a> {
    form: ListForm<'a>,
    live: Vec<Option<Value>>,
    applied: Vec<Option<Value>>,
    /// Of each live item: its place in the configuration.
    of_live: Vec<Option<usize>>,
    /// Of each applied item: its place in the live list, and whether the live list has its key once only.
    of_applied: Vec<Option<(usize, bool)>>,
    out: Vec<Value>,
}

impl<'a> Zip<'a> {
    fn new(form: ListForm<'a>, live: Vec<Value>, applied: Vec<Value>) -> Zip<'a> {
        let key = |item: &Value| form.element(item).ok();
        let live_keys: Vec<Option<Element>> = live.iter().map(key).collect();
        let mut index: Vec<(Option<Element>, usize)> = applied.iter().map(key).zip(0..).collect();
        index.sort();
        let of_live: Vec<Option<usize>> = live_keys
            .into_iter()
            .map(|key| {
                key.as_ref()?;
                index.binary_search_by(|entry| entry.0.cmp(&key)).ok().map(|found| index[found].1)
            })
            .collect();
        let mut of_applied = vec![None; applied.len()];
        for (place, target) in of_live.iter().enumerate() {
            if let Some(target) = *target {
                of_applied[target] = Some(match of_applied[target] {
                    None => (place, true),
                    Some((first, _)) => (first, false),
                });
            }
        }
        Zip {
            form,
            out: Vec::with_capacity(live.len().max(applied.len())),
            live: live.into_iter().map(Some).collect(),
            applied: applied.into_iter().map(Some).collect(),
            of_live,
            of_applied,
        }
    }

    /// Puts out the applied item, merged into its live counterpart if there is exactly one.
    fn put_applied(&mut self, place: usize) {
        let Some(applied) = self.applied[place].take() else { return };
        let counterpart = match self.of_applied[place] {
            Some((live, true)) => self.live[live].take(),
            _ => None,
        };
        self.out.push(match counterpart {
            Some(mut live) => {
                merge(self.form.items, &mut live, applied);
                live
            }
            None => applied,
        });
    }

    fn run(mut self) -> Vec<Value> {
        let shared: Vec<usize> =
            (0..self.applied.len()).filter(|place| self.of_applied[*place].is_some()).collect();
        let mut shared = shared.into_iter();
        let mut next = shared.next();
        let (mut l, mut r) = (0, 0);
        while l < self.live.len() || r < self.applied.len() {
            let target = self.of_live.get(l).copied();
            if let Some(Some(target)) = target
                && r < self.applied.len()
            {
                if target == r {
                    self.put_applied(r);
                    (l, r, next) = (l + 1, r + 1, shared.next());
                    continue;
                }
                if next.is_some_and(|next| next != target) {
                    // In both lists, but the configuration has another one next: it comes there.
                    l += 1;
                    continue;
                }
            }
            match target {
                Some(None) => {
                    // Only the live list has it: it stays in front of what comes next.
                    let item = self.live[l].take();
                    self.out.extend(item);
                    l += 1;
                    continue;
                }
                // Merged already, as part of the configuration.
                Some(Some(target)) if target < r => l += 1,
                _ => {}
            }
            if r < self.applied.len() {
                self.put_applied(r);
                if next == Some(r) {
                    next = shared.next();
                }
                r += 1;
            }
        }
        self.out
    }
}
