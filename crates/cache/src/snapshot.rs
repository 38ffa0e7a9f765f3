//! The state of a resource at one revision: its objects in order, and what they are found by.

use std::cmp::Ordering;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, LazyLock};

use storage::{Key, Revision, prefix_end};

use crate::tree::{Element, Tree, tag};
use crate::{Event, Object, Selection, Shape};

/// That an object has some value: the value's hash and the object's key. Values may share a hash, so whoever finds
/// an object by one looks at it again.
#[derive(Clone)]
struct Indexed(u64, Key);

impl Element for Indexed {
    type Probe<'a> = (u64, &'a str);
    type Owned = Indexed;

    fn probe(&self) -> (u64, &str) {
        (self.0, &self.1)
    }

    fn owned(&self) -> Indexed {
        self.clone()
    }

    fn tag((_, key): (u64, &str)) -> u16 {
        tag(key)
    }

    fn compare(&self, (hash, key): (u64, &str)) -> Ordering {
        self.0.cmp(&hash).then_with(|| (*self.1).cmp(key))
    }

    fn compare_owned(owned: &Indexed, probe: (u64, &str)) -> Ordering {
        owned.compare(probe)
    }
}

/// The hash of an indexed value. Its keys are random, so that nobody can choose values that share one.
fn hash(value: &str) -> u64 {
    static KEYS: LazyLock<RandomState> = LazyLock::new(RandomState::new);
    KEYS.hash_one(value)
}

/// A page of `count` objects that are all selected: without a look at any of them.
fn whole_page<'a>(objects: impl Iterator<Item = &'a Arc<Object>>, limit: usize, count: usize) -> Page {
    let objects: Vec<Arc<Object>> = objects.take(limit).cloned().collect();
    let remaining = count.saturating_sub(objects.len());
    let last = objects.last().filter(|_| remaining > 0).map(|last| last.key().clone());
    Page { objects, last, remaining: Some(remaining) }
}

/// All objects of a resource at a revision. Cloned in no time; never changes.
#[derive(Clone)]
pub struct Snapshot {
    shape: Arc<Shape>,
    revision: Revision,
    objects: Tree<Arc<Object>>,
    indexes: Box<[Tree<Indexed>]>,
}

/// A part of a list.
#[derive(Clone, Debug)]
pub struct Page {
    /// The objects, in the order of their keys.
    pub objects: Vec<Arc<Object>>,
    /// The key after which the next page goes on; `None`: there is nothing more.
    pub last: Option<Key>,
    /// How many objects are left; not known with a selector.
    pub remaining: Option<usize>,
}

impl Snapshot {
    /// A resource without objects.
    pub(crate) fn empty(shape: Arc<Shape>, revision: Revision) -> Snapshot {
        let indexes = vec![Tree::default(); 1 + shape.indexed_fields.len()].into();
        Snapshot { shape, revision, objects: Tree::default(), indexes }
    }

    /// The revision this is the state of: the resource version of a list.
    pub fn revision(&self) -> Revision {
        self.revision
    }

    pub(crate) fn set_revision(&mut self, revision: Revision) {
        self.revision = revision;
    }

    /// The object with this key.
    pub fn get(&self, key: &str) -> Option<&Arc<Object>> {
        self.objects.get(key)
    }

    /// How many objects there are whose keys begin with `prefix`.
    pub fn count(&self, prefix: &str) -> usize {
        self.before(&prefix_end(prefix)) - self.objects.rank(prefix)
    }

    /// How many objects lie before the end of a range; an empty one is the end of all.
    fn before(&self, end: &str) -> usize {
        if end.is_empty() { self.objects.len() } else { self.objects.rank(end) }
    }

    /// All objects in the order of their keys.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Object>> {
        self.objects.iter()
    }

    /// The objects that name this uid among their owners.
    pub fn owned_by(&self, uid: &str) -> Vec<Arc<Object>> {
        let candidates = self.indexed(0, uid, "");
        candidates.filter(|object| object.facts().owners().any(|owner| owner == uid)).cloned().collect()
    }

    /// The objects after `after` whose value in an index may be this, in the order of their keys.
    fn indexed(&self, index: usize, value: &str, after: &str) -> impl Iterator<Item = &Arc<Object>> {
        let value = hash(value);
        self.indexes[index]
            .from((value, after))
            .take_while(move |entry| entry.0 == value)
            .filter_map(|entry| self.objects.get(&entry.1))
    }

    /// The selected objects whose keys are greater than `after`; at most `limit` of them unless it is 0.
    pub fn list(&self, selection: &Selection, after: &str, limit: usize) -> Page {
        let limit = if limit == 0 { usize::MAX } else { limit };
        let scope = self.shape.scope(&selection.namespace);
        let end = prefix_end(&scope);
        let start = if after < scope.as_str() { scope } else { format!("{after}\0") };
        let exact = selection.exact_key(&self.shape);
        let by_field = self.shape.indexed_fields.iter().enumerate().find_map(|(at, number)| {
            let name = self.shape.extract.fields().get(*number)?;
            Some((at + 1, selection.fields.exact_value(name)?))
        });
        if let Some(key) = exact {
            let found = self.objects.get(&key).filter(|object| **object.key() > *after);
            self.page(found.into_iter(), selection, limit)
        } else if let Some((index, value)) = by_field {
            let candidates = self.indexed(index, value, after).filter(|object| **object.key() > *after);
            self.page(candidates, selection, limit)
        } else {
            let count = self.before(&end).saturating_sub(self.objects.rank(&start));
            let candidates = self.objects.from(&start).take(count);
            if selection.selects_all() {
                return whole_page(candidates, limit, count);
            }
            self.page(candidates, selection, limit)
        }
    }

    fn page<'a>(
        &self,
        candidates: impl Iterator<Item = &'a Arc<Object>>,
        selection: &Selection,
        limit: usize,
    ) -> Page {
        let mut objects: Vec<Arc<Object>> = Vec::new();
        for object in candidates.filter(|object| selection.matches(object)) {
            if objects.len() == limit {
                let last = objects.last().map(|last| last.key().clone());
                return Page { objects, last, remaining: None };
            }
            objects.push(object.clone());
        }
        Page { objects, last: None, remaining: None }
    }

    /// Puts an object in, and answers the one it replaces.
    pub(crate) fn insert(&mut self, object: Arc<Object>) -> Option<Arc<Object>> {
        let previous = self.objects.insert(object.clone());
        self.reindex(previous.as_deref(), Some(&object));
        previous
    }

    /// Takes the object with this key out.
    pub(crate) fn remove(&mut self, key: &str) -> Option<Arc<Object>> {
        let previous = self.objects.remove(key);
        self.reindex(previous.as_deref(), None);
        previous
    }

    /// Takes back what an event did.
    pub(crate) fn undo(&mut self, event: &Event) {
        match (&event.previous, &event.current) {
            (Some(previous), _) => drop(self.insert(previous.clone())),
            (None, Some(current)) => drop(self.remove(current.key())),
            (None, None) => {}
        }
    }

    fn reindex(&mut self, before: Option<&Object>, after: Option<&Object>) {
        let entries = |object: Option<&Object>| -> Vec<(usize, u64)> {
            let values = object.into_iter().flat_map(Object::indexed);
            values.map(|(index, value)| (index, hash(value))).collect()
        };
        let (old, new) = (entries(before), entries(after));
        let Some(key) = after.or(before).map(Object::key) else { return };
        for (index, hash) in old.iter().filter(|entry| !new.contains(entry)) {
            self.indexes[*index].remove((*hash, key));
        }
        for (index, hash) in new.iter().filter(|entry| !old.contains(entry)) {
            self.indexes[*index].insert(Indexed(*hash, key.clone()));
        }
    }
}
