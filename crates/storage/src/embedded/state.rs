//! What the threads of a store share: the index, the open segments, the last batches, the signal of progress.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use parking_lot::{Mutex, RwLock};
use tokio::sync::watch;

use super::format::SEGMENT_HEADER;
use super::index::{Found, Index, Place};
use super::segment::Segment;
use crate::{Batch, Event, KeyValue, Result, Revision};

/// The store as its threads see it.
pub struct Shared {
    /// Everything that changes. Locked for short: no I/O is done under the lock.
    pub state: RwLock<State>,
    /// Tells watchers how far the store is.
    pub signal: watch::Sender<Signal>,
    /// Why the last cleaning stopped, if it did.
    pub problem: Mutex<Option<String>>,
}

/// What watchers wait for.
#[derive(Clone, Copy, Debug)]
pub struct Signal {
    /// The last revision.
    pub revision: Revision,
    /// There will be no more.
    pub closed: bool,
}

/// See [`Shared::state`].
pub struct State {
    /// The keys.
    pub index: Index,
    /// The files.
    pub segments: Segments,
    /// The last batches.
    pub ring: Ring,
}

/// An open segment, and how much of it is needed.
#[derive(Clone)]
pub struct Held {
    /// The file.
    pub segment: Arc<Segment>,
    /// How much of it is durable, in bytes.
    pub length: u64,
    /// The bytes of the records that are needed.
    pub needed: u64,
    /// No record in it is newer.
    pub last_revision: Revision,
    /// Nothing will be appended any more.
    pub sealed: bool,
    /// The bytes of deletes that cleaning had to keep, because older files may hold what they delete.
    pub retained: u64,
    /// The newest of these.
    pub retained_until: Revision,
}

impl Held {
    /// A segment of which nothing is known to be needed yet.
    pub fn new(segment: Arc<Segment>, length: u64) -> Held {
        let last_revision = segment.header.base_revision;
        Held { segment, length, needed: 0, last_revision, sealed: false, retained: 0, retained_until: 0 }
    }
}

/// The open segments by their number in this process.
#[derive(Default)]
pub struct Segments {
    held: BTreeMap<u32, Held>,
    next: u32,
}

impl Segments {
    /// Takes a segment in and numbers it.
    pub fn insert(&mut self, held: Held) -> u32 {
        let slot = self.next;
        self.next += 1;
        self.held.insert(slot, held);
        slot
    }

    /// Gives a segment up.
    pub fn remove(&mut self, slot: u32) {
        self.held.remove(&slot);
    }

    /// A segment to change.
    pub fn get_mut(&mut self, slot: u32) -> Option<&mut Held> {
        self.held.get_mut(&slot)
    }

    /// All of them, in the order of their sequence numbers.
    pub fn in_order(&self) -> Vec<(u32, &Held)> {
        let mut all: Vec<_> = self.held.iter().map(|(slot, held)| (*slot, held)).collect();
        all.sort_unstable_by_key(|(_, held)| held.segment.header.first);
        all
    }

    /// Notes that a record is not needed any more.
    pub fn free(&mut self, place: Place) {
        if let Some(held) = self.held.get_mut(&place.segment) {
            held.needed = held.needed.saturating_sub(u64::from(place.length));
        }
    }

    /// Notes that a record is needed.
    pub fn need(&mut self, place: Place) {
        if let Some(held) = self.held.get_mut(&place.segment) {
            held.needed += u64::from(place.length);
        }
    }

    /// Where the value of something found is to be read from.
    pub fn locate(&self, found: Found) -> Located {
        match found {
            Found::Complete(kv) => Located { kv, place: None },
            Found::OnDisk(kv, place) => {
                let segment = self.held.get(&place.segment).map(|held| held.segment.clone());
                Located { kv, place: Some((segment, place)) }
            }
        }
    }

    /// The bytes of records in all files, and how many of them are needed.
    pub fn usage(&self) -> (u64, u64) {
        let mut usage = (0, 0);
        for held in self.held.values() {
            usage.0 += held.length - SEGMENT_HEADER as u64;
            usage.1 += held.needed;
        }
        usage
    }
}

/// A key's state whose value may have to be read, which needs no lock any more: the file it is in stays open.
pub struct Located {
    kv: KeyValue,
    place: Option<(Option<Arc<Segment>>, Place)>,
}

impl Located {
    /// Whether reading it means I/O.
    pub fn on_disk(&self) -> bool {
        self.place.is_some()
    }

    /// The key's state with its value. Blocks.
    pub fn load(self) -> Result<KeyValue> {
        let Located { mut kv, place } = self;
        if let Some((segment, place)) = place {
            let segment = segment.ok_or_else(|| {
                crate::Error::Unavailable(format!("there is no segment for {:?} at {place:?}", kv.key))
            })?;
            kv.value = segment.value_at(place)?;
        }
        Ok(kv)
    }
}

/// Does something that may block where it harms nobody, if `blocks`; else at once.
pub async fn unblocked<T: Send + 'static>(
    blocks: bool,
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    if !blocks {
        return work();
    }
    match tokio::task::spawn_blocking(work).await {
        Ok(answer) => answer,
        Err(error) => Err(crate::Error::Unavailable(format!("the reading task ended: {error}"))),
    }
}

/// The last batches, for watchers that keep up.
pub struct Ring {
    batches: VecDeque<Batch>,
    bytes: usize,
    limit: usize,
    /// Every change from this revision on is in here.
    from: Revision,
}

impl Ring {
    /// An empty ring for what comes after `revision`, of at most `limit` bytes of keys and values.
    pub fn new(revision: Revision, limit: usize) -> Ring {
        Ring { batches: VecDeque::new(), bytes: 0, limit, from: revision + 1 }
    }

    /// Adds a batch, and drops the oldest ones past the limit.
    pub fn push(&mut self, batch: Batch) {
        self.bytes += weight(&batch.events);
        self.batches.push_back(batch);
        while self.bytes > self.limit
            && self.batches.len() > 1
            && let Some(oldest) = self.batches.pop_front()
        {
            self.bytes -= weight(&oldest.events);
            self.from = oldest.revision + 1;
        }
    }

    /// The batch that has the changes of this revision, if it is still here.
    pub fn batch_at(&self, revision: Revision) -> Option<&Batch> {
        if revision < self.from {
            return None;
        }
        self.batches.get(self.batches.partition_point(|batch| batch.revision < revision))
    }
}

fn weight(events: &[Event]) -> usize {
    let value = |kv: &Option<KeyValue>| kv.as_ref().map_or(0, |kv| kv.value.len());
    events
        .iter()
        .map(|event| size_of::<Event>() + event.key.len() + value(&event.current) + value(&event.previous))
        .sum()
}
