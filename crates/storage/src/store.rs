//! The contract of a store: what the rest of the program may rely on, whichever store runs.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;

use crate::{Error, Result};

/// A point in the history of the store. The first commit makes revision 1; 0 is the empty store.
pub type Revision = u64;

/// The name of a value: a path such as `/registry/pods/default/web`, ordered bytewise. Cheap to clone.
pub type Key = Arc<str>;

/// A future of the object-safe traits here.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A key with its value and its place in history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyValue {
    /// The key.
    pub key: Key,
    /// The value, opaque to the store.
    pub value: Bytes,
    /// The revision that created the key (again, if it had been deleted before).
    pub create_revision: Revision,
    /// The revision of the last write to the key.
    pub mod_revision: Revision,
    /// How many writes the key has seen since its creation; 1 after it.
    pub version: u64,
}

/// A part of a key range, at one revision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RangeAnswer {
    /// The keys found, in order.
    pub kvs: Vec<KeyValue>,
    /// The revision this is the state of.
    pub revision: Revision,
    /// The limit was reached and at least one more key lies in the range.
    pub more: bool,
}

/// What must hold for a transaction to be carried out: the key's last write is the one expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compare {
    /// The key looked at.
    pub key: Key,
    /// The expected `mod_revision`; 0 demands that the key is absent.
    pub mod_revision: Revision,
}

/// One change of a transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Write {
    /// Sets the key's value. The store keeps these very bytes in memory: a slice of something bigger pins it.
    Put(Key, Bytes),
    /// Removes the key; nothing happens if it is absent.
    Delete(Key),
}

impl Write {
    /// The key written.
    pub fn key(&self) -> &Key {
        match self {
            Write::Put(key, _) | Write::Delete(key) => key,
        }
    }
}

/// An optimistic transaction: every write is done, at one revision, if every compare holds; else none is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Txn {
    /// All must hold.
    pub compares: Vec<Compare>,
    /// Done together. No key may be written twice.
    pub writes: Vec<Write>,
}

impl Txn {
    /// Creates `key`, which must be absent.
    pub fn create(key: Key, value: Bytes) -> Txn {
        Txn::default().expect(key.clone(), 0).put(key, value)
    }

    /// Replaces the value of `key`, last written at `mod_revision`.
    pub fn update(key: Key, mod_revision: Revision, value: Bytes) -> Txn {
        Txn::default().expect(key.clone(), mod_revision).put(key, value)
    }

    /// Removes `key`, last written at `mod_revision`.
    pub fn remove(key: Key, mod_revision: Revision) -> Txn {
        Txn::default().expect(key.clone(), mod_revision).delete(key)
    }

    /// Adds a compare.
    pub fn expect(mut self, key: Key, mod_revision: Revision) -> Txn {
        self.compares.push(Compare { key, mod_revision });
        self
    }

    /// Adds a put.
    pub fn put(mut self, key: Key, value: Bytes) -> Txn {
        self.writes.push(Write::Put(key, value));
        self
    }

    /// Adds a delete.
    pub fn delete(mut self, key: Key) -> Txn {
        self.writes.push(Write::Delete(key));
        self
    }
}

/// How a transaction ended, when it did not fail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Durable and visible, at this revision. A transaction that changes nothing answers the current one.
    Committed(Revision),
    /// A compare did not hold: the key it names, and what is there instead.
    Conflict {
        /// The key of the first compare that did not hold.
        key: Key,
        /// What the key holds; `None` if it is absent.
        current: Option<KeyValue>,
    },
}

/// What happened to a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EventType {
    /// The key was absent and has a value now.
    Create,
    /// The key had a value and has another now.
    Put,
    /// The key is gone.
    Delete,
}

/// One change of one key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// What happened.
    pub event_type: EventType,
    /// The key.
    pub key: Key,
    /// The revision of the transaction that did it.
    pub revision: Revision,
    /// What the key holds now; `None` for a delete.
    pub current: Option<KeyValue>,
    /// What it held before; `None` for a create.
    pub previous: Option<KeyValue>,
}

/// Changes in the order of their revisions. A transaction's events are never in two batches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// Everything up to this revision has been delivered: the watch's progress, also when no key matched.
    pub revision: Revision,
    /// The changes; may be empty.
    pub events: Arc<[Event]>,
}

/// An ordered stream of changes; ends by being dropped.
pub trait Watch: Send {
    /// The next batch, as soon as there is one. Cancel-safe: dropping the future loses nothing.
    ///
    /// Fails with [`Error::Compacted`] if history was compacted before it could be delivered, and with
    /// [`Error::Unavailable`] when the store is closed or its files can't be read.
    fn next(&mut self) -> BoxFuture<'_, Result<Batch>>;
}

/// A revisioned, ordered key-value store: etcd v3's model.
///
/// A commit that has answered is durable; it is visible to every later read, and no read or watch has seen it
/// before it was durable.
pub trait Store: Send + Sync + 'static {
    /// The key's state now, or as it was at revision `at`.
    fn get<'a>(&'a self, key: &'a str, at: Option<Revision>) -> BoxFuture<'a, Result<Option<KeyValue>>>;

    /// The keys from `start` up to but without `end` (an empty `end` is the end of all keys), now or at
    /// revision `at`; at most `limit` of them unless it is 0.
    fn range<'a>(
        &'a self,
        start: &'a str,
        end: &'a str,
        at: Option<Revision>,
        limit: usize,
    ) -> BoxFuture<'a, Result<RangeAnswer>>;

    /// Carries the transaction out, or answers what stood in its way.
    fn commit(&self, txn: Txn) -> BoxFuture<'_, Result<Outcome>>;

    /// All changes of keys that begin with `prefix`, beginning with revision `from`, which may lie ahead.
    fn watch(&self, prefix: &str, from: Revision) -> BoxFuture<'_, Result<Box<dyn Watch>>>;

    /// Gives up what only reads before `revision` need. Reads at `revision` and watches from the one after it
    /// go on to work. A revision already compacted is fine, one that has not happened yet is an error.
    fn compact(&self, revision: Revision) -> BoxFuture<'_, Result<()>>;

    /// The revision of the last commit that is visible.
    fn current_revision(&self) -> Revision;

    /// The revision of the last compaction: the oldest one that can be read. 0 before the first.
    fn compacted_revision(&self) -> Revision;
}

/// The end of the range of all keys that begin with `prefix`: the least text greater than all of them, or
/// empty (the end of all keys) if there is none.
pub fn prefix_end(prefix: &str) -> String {
    let mut characters: Vec<char> = prefix.chars().collect();
    while let Some(last) = characters.pop() {
        // Scalar values order as their UTF-8 does; the surrogates between them are no characters.
        if let Some(next) = (last..=char::MAX).nth(1) {
            characters.push(next);
            return characters.into_iter().collect();
        }
    }
    String::new()
}

/// Refuses a transaction that names a key twice among its writes.
pub(crate) fn check_writes(txn: &Txn) -> Result<()> {
    let mut keys: Vec<&Key> = txn.writes.iter().map(Write::key).collect();
    keys.sort_unstable();
    match keys.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(Error::Invalid(format!("the transaction writes key {:?} twice", pair[0]))),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::prefix_end;

    #[test]
    fn the_end_of_a_prefix() {
        for (prefix, end) in
            [("", ""), ("/a/", "/a0"), ("a\u{10FFFF}", "b"), ("\u{10FFFF}", ""), ("\u{D7FF}", "\u{E000}")]
        {
            assert_eq!(prefix_end(prefix), end, "{prefix:?}");
        }
    }
}
