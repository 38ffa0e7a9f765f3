//! The keys in memory: the value of each that lives, and where on disk its versions since the last compaction are.

use std::collections::{BTreeMap, VecDeque};
use std::ops::Bound;

use bytes::Bytes;

use crate::{Error, Key, KeyValue, Result, Revision};

/// Where a record is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The number of the segment in this process.
    pub segment: u32,
    /// The record's offset in the file.
    pub offset: u32,
    /// The record's length in bytes.
    pub length: u32,
}

/// A key's state from one revision to the next that changed it.
#[derive(Clone, Debug)]
pub struct Version {
    /// The revision that wrote it.
    pub revision: Revision,
    /// The revision that created the key.
    pub create_revision: Revision,
    /// The number of the write; 0: the key was deleted.
    pub version: u64,
    /// Its record.
    pub place: Place,
    /// The value, unless it has to be read from the place.
    pub value: Option<Bytes>,
}

impl Version {
    /// Whether the key has a value in this version.
    pub fn exists(&self) -> bool {
        self.version != 0
    }
}

/// What a reader found: complete, or with a value that is still to be read from its place.
#[derive(Clone, Debug)]
pub enum Found {
    /// Everything is there.
    Complete(KeyValue),
    /// The value is to be read.
    OnDisk(KeyValue, Place),
}

impl Found {
    fn new(key: &Key, version: &Version) -> Option<Found> {
        let kv = KeyValue {
            key: key.clone(),
            value: version.value.clone().unwrap_or_default(),
            create_revision: version.create_revision,
            mod_revision: version.revision,
            version: version.version,
        };
        match (version.exists(), &version.value) {
            (false, _) => None,
            (true, Some(_)) => Some(Found::Complete(kv)),
            (true, None) => Some(Found::OnDisk(kv, version.place)),
        }
    }
}

/// One change found in history, values perhaps still on disk.
#[derive(Clone, Debug)]
pub struct Change {
    /// Its revision.
    pub revision: Revision,
    /// The key changed.
    pub key: Key,
    /// The state since.
    pub current: Option<Found>,
    /// The state before.
    pub previous: Option<Found>,
}

struct Entry {
    newest: Version,
    /// The versions before, as far as compaction has left them. Most keys have none.
    older: Option<Box<Older>>,
}

/// Past versions of a key, the oldest first.
#[derive(Default)]
struct Older(VecDeque<Version>);

/// See the module.
pub struct Index {
    /// The entries are boxed: a B-tree has room to spare in its nodes, and that should be small.
    keys: BTreeMap<Key, Box<Entry>>,
    /// Every change since the last compaction, in order: what compaction has to look at, and a late watch.
    changes: VecDeque<(Revision, Key)>,
    current: Revision,
    compacted: Revision,
    /// Versions that have been replaced keep their value in memory: there is no disk.
    keep_values: bool,
}

impl Index {
    /// An empty index, compacted to a revision.
    pub fn new(compacted: Revision, keep_values: bool) -> Index {
        Index { keys: BTreeMap::new(), changes: VecDeque::new(), current: compacted, compacted, keep_values }
    }

    /// The last revision.
    pub fn current(&self) -> Revision {
        self.current
    }

    /// The last compaction.
    pub fn compacted(&self) -> Revision {
        self.compacted
    }

    /// How many keys have a value or a history.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Moves the current revision ahead.
    pub fn advance(&mut self, revision: Revision) {
        self.current = self.current.max(revision);
    }

    /// Which revision a read of `at` is to be made at.
    pub fn readable(&self, at: Option<Revision>) -> Result<Revision> {
        match at {
            None => Ok(self.current),
            Some(at) if at < self.compacted => {
                Err(Error::Compacted { requested: at, compacted: self.compacted })
            }
            Some(at) if at > self.current => Err(Error::Future { requested: at, current: self.current }),
            Some(at) => Ok(at),
        }
    }

    /// The state of a key now, always with its value.
    pub fn live(&self, key: &str) -> Option<KeyValue> {
        let (key, entry) = self.keys.get_key_value(key)?;
        match Found::new(key, &entry.newest)? {
            Found::Complete(kv) | Found::OnDisk(kv, _) => Some(kv),
        }
    }

    /// The state of a key at a readable revision.
    pub fn get(&self, key: &str, at: Revision) -> Option<Found> {
        let (key, entry) = self.keys.get_key_value(key)?;
        Found::new(key, entry.at(at)?)
    }

    /// The keys of a range at a readable revision: at most `limit` of them, and the key to go on from if
    /// there are more.
    pub fn range(&self, start: &str, end: &str, at: Revision, limit: usize) -> (Vec<Found>, Option<Key>) {
        let mut found = Vec::new();
        let upper = if end.is_empty() { Bound::Unbounded } else { Bound::Excluded(end) };
        if !end.is_empty() && end <= start {
            return (found, None);
        }
        for (key, entry) in self.keys.range::<str, _>((Bound::Included(start), upper)) {
            let Some(one) = entry.at(at).and_then(|version| Found::new(key, version)) else { continue };
            if found.len() == limit {
                return (found, Some(key.clone()));
            }
            found.push(one);
        }
        (found, None)
    }

    /// Adds a version of a key that is newer than all others, and hands `freed` the places nobody needs
    /// any more.
    pub fn apply(&mut self, key: Key, version: Version, mut freed: impl FnMut(Place)) {
        self.advance(version.revision);
        let past = version.revision <= self.compacted;
        if !past {
            self.changes.push_back((version.revision, key.clone()));
        }
        match self.keys.get_mut(&key) {
            Some(entry) if past => {
                freed(entry.newest.place);
                if version.exists() {
                    entry.newest = version;
                } else {
                    freed(version.place);
                    self.keys.remove(&key);
                }
            }
            Some(entry) => {
                let mut replaced = std::mem::replace(&mut entry.newest, version);
                if !self.keep_values {
                    replaced.value = None;
                }
                entry.older.get_or_insert_default().0.push_back(replaced);
            }
            None if past && !version.exists() => freed(version.place),
            None => {
                self.keys.insert(key, Box::new(Entry { newest: version, older: None }));
            }
        }
    }

    /// From now on nothing before `revision` can be read. What that frees is found by [`Index::sweep`].
    pub fn compact(&mut self, revision: Revision) {
        self.compacted = self.compacted.max(revision);
    }

    /// Drops versions that compaction has given up, looking at no more than `limit` changes; answers whether
    /// there may be more.
    pub fn sweep(&mut self, limit: usize, mut freed: impl FnMut(Place)) -> bool {
        for _ in 0..limit {
            match self.changes.front() {
                Some((revision, _)) if *revision <= self.compacted => {}
                _ => {
                    self.changes.shrink_to(2 * self.changes.len());
                    return false;
                }
            }
            let Some((revision, key)) = self.changes.pop_front() else { return false };
            let Some(entry) = self.keys.get_mut(&key) else { continue };
            // The version this change replaced, and its own if it says that there is nothing.
            if let Some(Older(older)) = entry.older.as_deref_mut() {
                while let Some(oldest) = older.front()
                    && (oldest.revision < revision || (oldest.revision == revision && !oldest.exists()))
                {
                    freed(oldest.place);
                    older.pop_front();
                }
                if older.is_empty() {
                    entry.older = None;
                }
            }
            let newest = &entry.newest;
            if entry.older.is_none() && newest.revision == revision && !newest.exists() {
                freed(newest.place);
                self.keys.remove(&key);
            }
        }
        true
    }

    /// The changes from revision `from` on, about `limit` of them, never a part of a revision's. Fails if
    /// some of them have been compacted.
    pub fn changes(&self, from: Revision, limit: usize) -> Result<Vec<Change>> {
        if from <= self.compacted {
            return Err(Error::Compacted { requested: from, compacted: self.compacted });
        }
        let start = self.changes.partition_point(|(revision, _)| *revision < from);
        let mut changes: Vec<Change> = Vec::new();
        for (revision, key) in self.changes.range(start..) {
            if changes.len() >= limit && changes.last().is_some_and(|last| last.revision != *revision) {
                break;
            }
            let entry = self.keys.get(key);
            changes.push(Change {
                revision: *revision,
                key: key.clone(),
                current: entry.and_then(|entry| Found::new(key, entry.at(*revision)?)),
                previous: entry.and_then(|entry| Found::new(key, entry.at(*revision - 1)?)),
            });
        }
        Ok(changes)
    }

    /// Whether the version a key got at `revision` is still needed.
    pub fn holds(&self, key: &str, revision: Revision) -> bool {
        self.keys.get(key).is_some_and(|entry| entry.exactly(revision).is_some())
    }

    /// Notes that a version's record has moved; answers whether it is still needed.
    pub fn relocate(&mut self, key: &str, revision: Revision, place: Place) -> bool {
        let version = self.keys.get_mut(key).and_then(|entry| entry.exactly_mut(revision));
        version.map(|version| version.place = place).is_some()
    }
}

impl Entry {
    fn at(&self, revision: Revision) -> Option<&Version> {
        if self.newest.revision <= revision {
            return Some(&self.newest);
        }
        let Older(older) = self.older.as_deref()?;
        older.get(older.partition_point(|version| version.revision <= revision).checked_sub(1)?)
    }

    fn exactly(&self, revision: Revision) -> Option<&Version> {
        self.at(revision).filter(|version| version.revision == revision)
    }

    fn exactly_mut(&mut self, revision: Revision) -> Option<&mut Version> {
        if self.newest.revision == revision {
            return Some(&mut self.newest);
        }
        let Older(older) = self.older.as_deref_mut()?;
        let at = older.binary_search_by_key(&revision, |version| version.revision).ok()?;
        older.get_mut(at)
    }
}
