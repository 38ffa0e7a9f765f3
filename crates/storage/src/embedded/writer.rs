//! The writer thread: takes all queued transactions, decides them in order, makes them durable with one sync, and
//! only then shows them to readers, watchers and those who wait for an answer.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::Duration;

use tokio::sync::oneshot;

use super::format::{BATCH_HEADER, Record};
use super::index::{Index, Place, Version};
use super::log::{Appended, Log};
use super::state::{Shared, State};
use crate::store::check_writes;
use crate::{Batch, Error, Event, EventType, Key, KeyValue, Outcome, Result, Revision, Txn, Write};

/// The most bytes of records in one batch, unless a single transaction is larger.
const BATCH_BYTES: usize = 1 << 20;
/// The most requests decided together.
const BATCH_REQUESTS: usize = 1024;
/// How long the log is idle before a mark is written.
const IDLE: Duration = Duration::from_millis(50);

/// What the writer is asked for.
pub enum Request {
    /// A transaction.
    Commit(Txn, oneshot::Sender<Result<Outcome>>),
    /// A compaction.
    Compact(Revision, oneshot::Sender<Result<()>>),
    /// The end.
    Close,
}

/// See the module.
pub struct Writer {
    /// The state to publish to.
    pub shared: Arc<Shared>,
    /// The log; `None` keeps everything in memory.
    pub log: Option<Log>,
    /// What to do.
    pub requests: Receiver<Request>,
    /// Wakes the cleaner.
    pub cleaner: Sender<()>,
}

impl Writer {
    /// Works until it is told to close, or nobody can ask any more.
    pub fn run(mut self) {
        let mut marked = true;
        loop {
            let request = if marked {
                self.requests.recv().map_err(|_| RecvTimeoutError::Disconnected)
            } else {
                self.requests.recv_timeout(IDLE)
            };
            match request {
                Ok(Request::Close) | Err(RecvTimeoutError::Disconnected) => break,
                Ok(request) => {
                    marked = false;
                    if self.group(request) {
                        break;
                    }
                }
                Err(RecvTimeoutError::Timeout) => {
                    marked = true;
                    self.log.iter_mut().for_each(Log::mark);
                }
            }
        }
        self.log.iter_mut().for_each(Log::close);
        self.shared.signal.send_modify(|signal| signal.closed = true);
    }

    /// Does one request and all that wait behind it; answers whether one of them was the end.
    fn group(&mut self, first: Request) -> bool {
        let mut group = Group::new(self.shared.state.read().index.current());
        let mut close = false;
        {
            let state = self.shared.state.read();
            group.add(&state.index, first);
            while group.has_room()
                && let Ok(request) = self.requests.try_recv()
            {
                if matches!(request, Request::Close) {
                    close = true;
                    break;
                }
                group.add(&state.index, request);
            }
        }
        self.finish(group);
        close
    }

    fn finish(&mut self, mut group: Group) {
        let appended = match &mut self.log {
            Some(log) if group.count > 0 => {
                let before = group.before;
                log.append(&self.shared, &mut group.buffer, group.count, before).map(Some)
            }
            _ => Ok(None),
        };
        match appended {
            Ok(appended) => self.publish(group, appended),
            Err(error) => group.answers.into_iter().for_each(|answer| answer.fail(&error)),
        }
    }

    /// Shows what is durable now.
    fn publish(&mut self, group: Group, appended: Option<Appended>) {
        let changed = !group.staged.is_empty();
        if changed || group.compacted > 0 {
            let mut state = self.shared.state.write();
            if let Some(Appended { slot, length, .. }) = appended
                && let Some(held) = state.segments.get_mut(slot)
            {
                held.length = length;
                held.last_revision = group.revision;
            }
            let base = appended.map(|appended| (appended.slot, appended.offset as u32));
            apply(&mut state, group.staged, group.revision, base);
            state.index.compact(group.compacted);
        }
        if changed {
            self.shared.signal.send_modify(|signal| signal.revision = group.revision);
        }
        group.answers.into_iter().for_each(Answer::succeed);
        if group.compacted > 0 {
            // Fails only if the cleaner has ended, with the store.
            let _ = self.cleaner.send(());
        }
    }
}

/// Puts durable changes into the index and into the ring of batches.
fn apply(state: &mut State, staged: Vec<Staged>, revision: Revision, base: Option<(u32, u32)>) {
    let State { index, segments, ring } = state;
    let mut events = Vec::with_capacity(staged.len());
    for Staged { key, mut version } in staged {
        if let Some((slot, offset)) = base {
            version.place.segment = slot;
            version.place.offset += offset;
        }
        segments.need(version.place);
        let previous = index.live(&key);
        let revision = version.revision;
        index.apply(key.clone(), version, |place| segments.free(place));
        let current = index.live(&key);
        let event_type = match (&previous, &current) {
            (_, None) => EventType::Delete,
            (None, Some(_)) => EventType::Create,
            (Some(_), Some(_)) => EventType::Put,
        };
        events.push(Event { event_type, key, revision, current, previous });
    }
    if !events.is_empty() {
        ring.push(Batch { revision, events: events.into() });
    }
}

/// A change that waits for its sync. The place is relative to the batch.
struct Staged {
    key: Key,
    version: Version,
}

/// Someone who waits, and what to say if the batch becomes durable.
enum Answer {
    Commit(oneshot::Sender<Result<Outcome>>, Result<Outcome>),
    Compact(oneshot::Sender<Result<()>>, Result<()>),
}

impl Answer {
    // An answer nobody waits for any more is dropped.
    fn succeed(self) {
        match self {
            Answer::Commit(sender, outcome) => drop(sender.send(outcome)),
            Answer::Compact(sender, outcome) => drop(sender.send(outcome)),
        }
    }

    /// Refusals stand; what depended on the batch does not. (A conflict may be with a part of it.)
    fn fail(self, error: &Error) {
        match self {
            Answer::Commit(sender, refused @ Err(_)) => drop(sender.send(refused)),
            Answer::Compact(sender, refused @ Err(_)) => drop(sender.send(refused)),
            Answer::Commit(sender, Ok(_)) => drop(sender.send(Err(error.clone()))),
            Answer::Compact(sender, Ok(())) => drop(sender.send(Err(error.clone()))),
        }
    }
}

/// Transactions decided but not yet durable.
struct Group {
    /// Room for the batch header, then records.
    buffer: Vec<u8>,
    count: u32,
    staged: Vec<Staged>,
    /// What the staged changes leave in the keys they touch.
    overlay: HashMap<Key, Option<KeyValue>>,
    answers: Vec<Answer>,
    /// The revision before the group.
    before: Revision,
    /// The last revision given out.
    revision: Revision,
    /// The highest compaction asked for, or 0.
    compacted: Revision,
}

impl Group {
    fn new(revision: Revision) -> Group {
        Group {
            buffer: vec![0; BATCH_HEADER],
            count: 0,
            staged: Vec::new(),
            overlay: HashMap::new(),
            answers: Vec::new(),
            before: revision,
            revision,
            compacted: 0,
        }
    }

    fn has_room(&self) -> bool {
        self.buffer.len() < BATCH_BYTES && self.answers.len() < BATCH_REQUESTS
    }

    fn add(&mut self, index: &Index, request: Request) {
        match request {
            Request::Commit(txn, sender) => {
                let outcome = self.decide(index, txn);
                self.answers.push(Answer::Commit(sender, outcome));
            }
            Request::Compact(revision, sender) => {
                let outcome = self.compact(index, revision);
                self.answers.push(Answer::Compact(sender, outcome));
            }
            Request::Close => {}
        }
    }

    fn current(&self, index: &Index, key: &str) -> Option<KeyValue> {
        self.overlay.get(key).cloned().unwrap_or_else(|| index.live(key))
    }

    fn decide(&mut self, index: &Index, txn: Txn) -> Result<Outcome> {
        check_writes(&txn)?;
        for compare in txn.compares {
            let current = self.current(index, &compare.key);
            if current.as_ref().map_or(0, |kv| kv.mod_revision) != compare.mod_revision {
                return Ok(Outcome::Conflict { key: compare.key, current });
            }
        }
        let revision = self.revision + 1;
        for write in txn.writes {
            match write {
                Write::Put(key, value) => self.put(index, revision, key, value),
                Write::Delete(key) => self.delete(index, revision, key),
            }
        }
        Ok(Outcome::Committed(self.revision))
    }

    fn put(&mut self, index: &Index, revision: Revision, key: Key, value: bytes::Bytes) {
        let previous = self.current(index, &key);
        let create_revision = previous.as_ref().map_or(revision, |kv| kv.create_revision);
        let version = previous.map_or(0, |kv| kv.version) + 1;
        let record = Record::Put { key: &key, revision, create_revision, version, value: &value };
        let place = self.record(record);
        let kv = KeyValue {
            key: key.clone(),
            value: value.clone(),
            create_revision,
            mod_revision: revision,
            version,
        };
        self.stage(key, Version { revision, create_revision, version, place, value: Some(value) }, Some(kv));
    }

    fn delete(&mut self, index: &Index, revision: Revision, key: Key) {
        if self.current(index, &key).is_some() {
            let place = self.record(Record::Delete { key: &key, revision });
            self.stage(key, Version { revision, create_revision: 0, version: 0, place, value: None }, None);
        }
    }

    fn stage(&mut self, key: Key, version: Version, left: Option<KeyValue>) {
        self.revision = version.revision;
        self.overlay.insert(key.clone(), left);
        self.staged.push(Staged { key, version });
    }

    fn record(&mut self, record: Record<'_>) -> Place {
        let offset = self.buffer.len();
        record.encode(&mut self.buffer);
        self.count += 1;
        Place { segment: 0, offset: offset as u32, length: (self.buffer.len() - offset) as u32 }
    }

    fn compact(&mut self, index: &Index, revision: Revision) -> Result<()> {
        if revision > self.revision {
            return Err(Error::Future { requested: revision, current: self.revision });
        }
        if revision > self.compacted.max(index.compacted()) {
            self.record(Record::Compact { revision });
            self.compacted = revision;
        }
        Ok(())
    }
}
