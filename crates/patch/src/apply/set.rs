//! Sets of field paths, as tries of sorted vectors.

use std::cmp::Ordering;
use std::fmt;

use object::Text;

use super::Element;

/// A set of field paths.
///
/// Membership of a path and of the paths below it are independent: owning `.spec.ports` is not owning
/// `.spec.ports[port=80]`. Invariants: entries are sorted and unique, and each is a member or has children.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Set {
    entries: Vec<Entry>,
}

/// A path element within a [`Set`]: whether the path that ends here is in the set, and what is below.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) element: Element,
    pub(super) member: bool,
    pub(super) children: Set,
}

impl Entry {
    pub(super) fn leaf(element: Element) -> Entry {
        Entry { element, member: true, children: Set::new() }
    }

    fn is_empty(&self) -> bool {
        !self.member && self.children.is_empty()
    }
}

impl Set {
    /// The empty set.
    pub const fn new() -> Set {
        Set { entries: Vec::new() }
    }

    /// The set of these paths of fields, such as `[["metadata", "labels"]]`.
    pub fn of_fields<P>(paths: impl IntoIterator<Item = P>) -> Set
    where
        P: IntoIterator,
        P::Item: Into<Text>,
    {
        let mut set = Set::new();
        for path in paths {
            set.insert(path.into_iter().map(Element::field));
        }
        set
    }

    /// The set of entries in any order; entries of the same element are joined.
    pub(super) fn from_entries(mut entries: Vec<Entry>) -> Set {
        entries.retain(|entry| !entry.is_empty());
        if !entries.is_sorted_by(|a, b| a.element < b.element) {
            entries.sort_by(|a, b| a.element.cmp(&b.element));
            entries.dedup_by(|later, earlier| {
                let same = later.element == earlier.element;
                if same {
                    earlier.member |= later.member;
                    earlier.children.unite(std::mem::take(&mut later.children));
                }
                same
            });
        }
        Set { entries }
    }

    pub(super) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    fn find(&self, element: &Element) -> Result<usize, usize> {
        self.entries.binary_search_by(|entry| entry.element.cmp(element))
    }

    pub(super) fn entry(&self, element: &Element) -> Option<&Entry> {
        self.find(element).ok().map(|index| &self.entries[index])
    }

    /// The entry of field `name`, found without making an element.
    pub(super) fn field(&self, name: &str) -> Option<&Entry> {
        let order = |entry: &Entry| match &entry.element {
            Element::Field(field) => field.as_str().cmp(name),
            _ => Ordering::Greater,
        };
        self.entries.binary_search_by(order).ok().map(|index| &self.entries[index])
    }

    /// Puts a path in; the empty path stands for nothing.
    pub fn insert(&mut self, path: impl IntoIterator<Item = Element>) {
        let mut path = path.into_iter().peekable();
        let mut set = self;
        while let Some(element) = path.next() {
            let index = match set.find(&element) {
                Ok(index) => index,
                Err(index) => {
                    let entry = Entry { element, member: false, children: Set::new() };
                    set.entries.insert(index, entry);
                    index
                }
            };
            if path.peek().is_none() {
                set.entries[index].member = true;
                return;
            }
            set = &mut set.entries[index].children;
        }
    }

    /// Whether the path is in the set.
    pub fn contains<'e>(&self, path: impl IntoIterator<Item = &'e Element>) -> bool {
        let mut set = self;
        let mut member = false;
        for element in path {
            let Some(entry) = set.entry(element) else { return false };
            member = entry.member;
            set = &entry.children;
        }
        member
    }

    /// Whether no path is in the set.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// How many paths are in the set.
    pub fn len(&self) -> usize {
        self.entries.iter().map(|entry| usize::from(entry.member) + entry.children.len()).sum()
    }

    /// Whether all paths of this set are in `other`.
    pub fn is_subset(&self, other: &Set) -> bool {
        let mut rest = other.entries.iter();
        self.entries.iter().all(|entry| {
            rest.find(|candidate| candidate.element >= entry.element).is_some_and(|candidate| {
                candidate.element == entry.element
                    && (candidate.member || !entry.member)
                    && entry.children.is_subset(&candidate.children)
            })
        })
    }

    /// Adds all paths of `other`.
    pub fn unite(&mut self, other: Set) {
        if self.is_empty() {
            *self = other;
            return;
        }
        if other.is_empty() {
            return;
        }
        let mut joined = Vec::with_capacity(self.entries.len().max(other.entries.len()));
        let mut left = std::mem::take(&mut self.entries).into_iter().peekable();
        let mut right = other.entries.into_iter().peekable();
        loop {
            let order = match (left.peek(), right.peek()) {
                (Some(a), Some(b)) => a.element.cmp(&b.element),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (None, None) => break,
            };
            match order {
                Ordering::Less => joined.extend(left.next()),
                Ordering::Greater => joined.extend(right.next()),
                Ordering::Equal => {
                    if let (Some(mut a), Some(b)) = (left.next(), right.next()) {
                        a.member |= b.member;
                        a.children.unite(b.children);
                        joined.push(a);
                    }
                }
            }
        }
        self.entries = joined;
    }

    /// The paths that are in both sets.
    pub fn intersection(&self, other: &Set) -> Set {
        let mut both = Vec::new();
        let mut rest = other.entries.iter().peekable();
        for entry in &self.entries {
            while rest.next_if(|candidate| candidate.element < entry.element).is_some() {}
            let Some(candidate) = rest.next_if(|candidate| candidate.element == entry.element) else {
                continue;
            };
            let member = entry.member && candidate.member;
            let children = entry.children.intersection(&candidate.children);
            if member || !children.is_empty() {
                both.push(Entry { element: entry.element.clone(), member, children });
            }
        }
        Set { entries: both }
    }

    /// Removes the paths of `other`; paths below them stay.
    pub fn subtract(&mut self, other: &Set) {
        self.cut(other, |entry, cut| {
            entry.member &= !cut.member;
            entry.children.subtract(&cut.children);
        });
    }

    /// Removes the paths of `other` and all paths below them.
    pub fn subtract_trees(&mut self, other: &Set) {
        self.cut(other, |entry, cut| {
            if cut.member {
                entry.member = false;
                entry.children = Set::new();
            } else {
                entry.children.subtract_trees(&cut.children);
            }
        });
    }

    fn cut(&mut self, other: &Set, apply: impl Fn(&mut Entry, &Entry)) {
        if other.is_empty() {
            return;
        }
        let mut rest = other.entries.iter().peekable();
        self.entries.retain_mut(|entry| {
            while rest.next_if(|candidate| candidate.element < entry.element).is_some() {}
            if let Some(cut) = rest.next_if(|candidate| candidate.element == entry.element) {
                apply(entry, cut);
            }
            !entry.is_empty()
        });
    }

    /// Calls `visit` with each path: those of one level first, then those below each of its elements.
    pub fn for_each<'s>(&'s self, visit: &mut impl FnMut(&[&'s Element])) {
        self.walk(&mut Vec::new(), visit);
    }

    fn walk<'s>(&'s self, prefix: &mut Vec<&'s Element>, visit: &mut impl FnMut(&[&'s Element])) {
        for entry in self.entries.iter().filter(|entry| entry.member) {
            prefix.push(&entry.element);
            visit(prefix);
            prefix.pop();
        }
        for entry in self.entries.iter().filter(|entry| !entry.children.is_empty()) {
            prefix.push(&entry.element);
            entry.children.walk(prefix, visit);
            prefix.pop();
        }
    }

    /// The paths as messages print them, in the order of [`Set::for_each`].
    pub fn paths(&self) -> Vec<String> {
        let mut paths = Vec::new();
        self.for_each(&mut |path| paths.push(path.iter().map(ToString::to_string).collect()));
        paths
    }
}

impl fmt::Debug for Set {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.paths()).finish()
    }
}
