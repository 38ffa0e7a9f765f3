//! The state of a resource at one revision: its objects in order, and what they are found by.

use std::sync::Arc;

use storage::{Key, Revision, prefix_end};

use crate::tree::{Element, Tree};
use crate::{Event, Object, Selection, Shape};

/// That an object has a value: the value, a zero byte, the object's key.
#[derive(Clone)]
struct Indexed(Key);

impl Element for Indexed {
    fn key(&self) -> &Key {
        &self.0
    }
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
        self.objects.count(prefix, &prefix_end(prefix))
    }

    /// All objects in the order of their keys.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Object>> {
        self.objects.iter()
    }

    /// The objects that name this uid among their owners.
    pub fn owned_by(&self, uid: &str) -> Vec<Arc<Object>> {
        self.indexed(0, uid, "").cloned().collect()
    }

    /// The objects after `after` whose value in an index is this, in the order of their keys.
    fn indexed(&self, index: usize, value: &str, after: &str) -> impl Iterator<Item = &Arc<Object>> {
        let start = if after.is_empty() { format!("{value}\0") } else { format!("{value}\0{after}\0") };
        let length = value.len() + 1;
        let entries = self.indexes[index].range(&start, "");
        entries
            .take_while(move |entry| entry.0.starts_with(&start[..length]))
            .filter_map(move |entry| self.objects.get(&entry.0[length..]))
    }

    /// The selected objects whose keys are greater than `after`; at most `limit` of them unless it is 0.
    pub fn list(&self, selection: &Selection, after: &str, limit: usize) -> Page {
        let limit = if limit == 0 { usize::MAX } else { limit };
        let scope = self.shape.scope(&selection.namespace);
        let end = prefix_end(&scope);
        let start = if after < scope.as_str() { scope.clone() } else { format!("{after}\0") };
        let exact = selection.exact_key(&self.shape);
        let by_field = self.shape.indexed_fields.iter().enumerate().find_map(|(at, number)| {
            let name = self.shape.extract.fields().get(*number)?;
            Some((at + 1, selection.fields.exact_value(name)?))
        });
        if let Some(key) = exact {
            let found = self.objects.get(&key).filter(|object| **object.key() > *after);
            self.page(found.into_iter(), selection, limit)
        } else if let Some((index, value)) = by_field {
            self.page(self.indexed(index, value, after), selection, limit)
        } else {
            let mut page = self.page(self.objects.range(&start, &end), selection, limit);
            if selection.selects_all() {
                page.remaining = Some(match &page.last {
                    Some(last) => self.objects.count(&format!("{last}\0"), &end),
                    None => 0,
                });
            }
            page
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
        let entries = |object: Option<&Object>| -> Vec<(usize, Key)> {
            let entry = |object: &Object, value: &str| format!("{value}\0{}", object.key()).into();
            object
                .iter()
                .flat_map(|object| object.indexed().map(|(at, value)| (at, entry(object, &value))))
                .collect()
        };
        let (before, after) = (entries(before), entries(after));
        for (at, key) in before.iter().filter(|entry| !after.contains(entry)) {
            self.indexes[*at].remove(key);
        }
        for (at, key) in after.iter().filter(|entry| !before.contains(entry)) {
            self.indexes[*at].insert(Indexed(key.clone()));
        }
    }
}
