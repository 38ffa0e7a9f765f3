//! What a change of an object added, modified and removed, as sets of fields.

use std::cmp::Ordering;

use object::{Map, Value};

use super::Element;
use super::element::same_value;
use super::node::{Form, ListForm, MapForm, Node};
use super::set::{Entry, Set};
use super::validate::fits;

/// The difference between two objects of one type.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Comparison {
    pub(super) added: Set,
    pub(super) modified: Set,
    pub(super) removed: Set,
}

impl Comparison {
    /// Leaves these trees out.
    pub(super) fn without(mut self, ignored: Option<&Set>) -> Comparison {
        if let Some(ignored) = ignored {
            self.added.subtract_trees(ignored);
            self.modified.subtract_trees(ignored);
            self.removed.subtract_trees(ignored);
        }
        self
    }

    /// What the new object changed: added or modified.
    pub(super) fn changed(&self) -> Set {
        let mut changed = self.modified.clone();
        changed.unite(self.added.clone());
        changed
    }
}

/// Compares two valid objects.
pub(super) fn compare(node: Node<'_>, old: &Value, new: &Value) -> Comparison {
    let mut below = Level::default();
    visit(node, Some(old), Some(new), &mut below);
    below.finish()
}

/// What became of the place itself.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Same,
    Added,
    Modified,
    Removed,
}

/// The three sets of one level, being built.
#[derive(Default)]
struct Level {
    added: Vec<Entry>,
    modified: Vec<Entry>,
    removed: Vec<Entry>,
}

impl Level {
    fn finish(self) -> Comparison {
        Comparison {
            added: Set::from_entries(self.added),
            modified: Set::from_entries(self.modified),
            removed: Set::from_entries(self.removed),
        }
    }

    fn is_empty(&self) -> bool {
        self.added.is_empty() && self.modified.is_empty() && self.removed.is_empty()
    }

    /// Puts what was found below `element`, and its own fate, on this level.
    fn take(&mut self, fate: Fate, below: Level, element: impl FnOnce() -> Element) {
        if fate == Fate::Same && below.is_empty() {
            return;
        }
        let element = element();
        let Comparison { added, modified, removed } = below.finish();
        let parts = [
            (&mut self.added, added, Fate::Added),
            (&mut self.modified, modified, Fate::Modified),
            (&mut self.removed, removed, Fate::Removed),
        ];
        for (entries, children, own) in parts {
            let member = fate == own;
            if member || !children.is_empty() {
                entries.push(Entry { element: element.clone(), member, children });
            }
        }
    }

    fn mark(&mut self, fate: Fate, element: &Element) {
        self.take(fate, Level::default(), || element.clone());
    }
}

/// Compares one place; what is below it goes to `below`.
fn visit(node: Node<'_>, old: Option<&Value>, new: Option<&Value>, below: &mut Level) -> Fate {
    let forms = (node.form(old), node.form(new));
    match (old, new) {
        (Some(_), None) => handle(forms.0, old, new, below),
        (Some(_), Some(_)) if std::mem::discriminant(&forms.0) != std::mem::discriminant(&forms.1) => {
            // The untyped value is of another form now: what was below the old one is gone.
            let before = handle(forms.0, old, new, below);
            let after = handle(forms.1, old, new, below);
            if after == Fate::Same { before } else { after }
        }
        _ => handle(forms.1, old, new, below),
    }
}

fn handle(form: Form<'_>, old: Option<&Value>, new: Option<&Value>, below: &mut Level) -> Fate {
    match form {
        Form::Scalar(primitive) => {
            let fits = |value: Option<&Value>| value.is_none_or(|value| fits(primitive, value));
            if fits(old) || fits(new) { leaf(old, new) } else { branch(old, new) }
        }
        Form::List(form) => {
            let (before, after) = (items(old), items(new));
            if form.is_atomic() || (before.is_empty() && after.is_empty()) {
                return leaf(old, new);
            }
            compare_lists(form, before, after, below);
            branch(old, new)
        }
        Form::Map(form) => {
            let (before, after) = (entries(old), entries(new));
            let hollow = |map: Option<&Map>| map.is_none_or(Map::is_empty);
            if form.atomic || (hollow(before) && hollow(after)) {
                return leaf(old, new);
            }
            compare_maps(form, before, after, below);
            branch(old, new)
        }
    }
}

fn items(value: Option<&Value>) -> &[Value] {
    value.and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn entries(value: Option<&Value>) -> Option<&Map> {
    value.and_then(Value::as_object)
}

/// The fate of a place that is compared as a whole.
fn leaf(old: Option<&Value>, new: Option<&Value>) -> Fate {
    match (old, new) {
        (Some(old), Some(new)) if same_value(old, new) => Fate::Same,
        (Some(_), Some(_)) => Fate::Modified,
        _ => branch(old, new),
    }
}

/// The fate of a place that has parts of its own.
fn branch(old: Option<&Value>, new: Option<&Value>) -> Fate {
    match (old, new) {
        (None, Some(_)) => Fate::Added,
        (Some(_), None) => Fate::Removed,
        _ => Fate::Same,
    }
}

fn compare_maps(form: MapForm<'_>, old: Option<&Map>, new: Option<&Map>, out: &mut Level) {
    let mut old = old.into_iter().flat_map(Map::iter).peekable();
    let mut new = new.into_iter().flat_map(Map::iter).peekable();
    loop {
        let order = match (old.peek(), new.peek()) {
            (Some(a), Some(b)) => a.0.cmp(b.0),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => return,
        };
        let before = if order.is_le() { old.next() } else { None };
        let after = if order.is_ge() { new.next() } else { None };
        let Some((key, _)) = before.or(after) else { return };
        let Some((node, _)) = form.child(key) else { continue };
        let mut below = Level::default();
        let fate = visit(node, before.map(|entry| entry.1), after.map(|entry| entry.1), &mut below);
        out.take(fate, below, || Element::field(key));
    }
}

/// The elements of a list with their values, sorted; equal elements in the order of the list.
fn keyed<'v>(form: ListForm<'_>, items: &'v [Value]) -> Vec<(Element, &'v Value)> {
    let mut keyed: Vec<_> = items.iter().filter_map(|item| Some((form.element(item).ok()?, item))).collect();
    keyed.sort_by(|a, b| a.0.cmp(&b.0));
    keyed
}

/// The run of equal elements at the front.
fn run<'s, 'v>(rest: &mut &'s [(Element, &'v Value)], element: &Element) -> &'s [(Element, &'v Value)] {
    let length = rest.iter().take_while(|item| item.0 == *element).count();
    let (run, after) = rest.split_at(length);
    *rest = after;
    run
}

fn compare_lists(form: ListForm<'_>, old: &[Value], new: &[Value], out: &mut Level) {
    if old.len() == new.len() && old.iter().zip(new).all(|(old, new)| same_value(old, new)) {
        return;
    }
    let (old, new) = (keyed(form, old), keyed(form, new));
    let (mut old, mut new) = (old.as_slice(), new.as_slice());
    while let Some(element) = match (old.first(), new.first()) {
        (Some(a), Some(b)) => Some((&a.0).min(&b.0)),
        (a, b) => a.or(b).map(|item| &item.0),
    } {
        let (before, after) = (run(&mut old, element), run(&mut new, element));
        compare_runs(form, element, before, after, out);
    }
}

/// Compares the elements of one key. Several with one key are one thing, owned by the key alone.
fn compare_runs(
    form: ListForm<'_>,
    element: &Element,
    before: &[(Element, &Value)],
    after: &[(Element, &Value)],
    out: &mut Level,
) {
    let mut single = |old: Option<&Value>, new: Option<&Value>| {
        let mut below = Level::default();
        let fate = visit(form.items, old, new, &mut below);
        out.take(fate, below, || element.clone());
    };
    match (before, after) {
        ([] | [_], [] | [_]) => single(before.first().map(|item| item.1), after.first().map(|item| item.1)),
        ([_, _, ..], [_, _, ..]) => {
            let same = before.len() == after.len()
                && before.iter().zip(after).all(|(old, new)| same_value(old.1, new.1));
            if !same {
                out.mark(Fate::Modified, element);
            }
        }
        ([_, _, ..], after) => {
            if let Some(first) = after.first() {
                single(None, Some(first.1));
            }
            out.mark(Fate::Removed, element);
        }
        (before, _) => {
            if let Some(first) = before.first() {
                single(Some(first.1), None);
            }
            out.mark(Fate::Added, element);
        }
    }
}
