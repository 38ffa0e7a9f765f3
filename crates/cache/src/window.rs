//! The last events of a resource: watchers read them by position, so that a watcher costs no memory of its own.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use storage::Revision;

use crate::Event;

/// How much of the past is kept for a resource.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The most events.
    pub events: usize,
    /// The most bytes of keys and values they hold on to.
    pub bytes: usize,
    /// How old they get.
    pub age: Duration,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { events: 65_536, bytes: 16 << 20, age: Duration::from_secs(600) }
    }
}

/// See the module. The events have consecutive numbers, and never fewer than one stays however large it is.
pub struct Window {
    events: VecDeque<Arc<Event>>,
    /// The number of the first event.
    first: u64,
    /// All events after this revision are here, up to the revision the cache has reached.
    since: Revision,
    bytes: usize,
    limits: Limits,
}

impl Window {
    /// An empty window after a revision.
    pub fn new(since: Revision, limits: Limits) -> Window {
        Window { events: VecDeque::new(), first: 0, since, bytes: 0, limits }
    }

    /// The number that the next event will have.
    pub fn end(&self) -> u64 {
        self.first + self.events.len() as u64
    }

    /// All events after this revision are here.
    pub fn since(&self) -> Revision {
        self.since
    }

    /// Adds an event; the oldest go if there are too many.
    pub fn push(&mut self, event: Arc<Event>) {
        let now = event.time;
        self.bytes += event.weight();
        self.events.push_back(event);
        self.expire(now);
        while self.events.len() > 1
            && (self.events.len() > self.limits.events || self.bytes > self.limits.bytes)
        {
            self.pop();
        }
    }

    /// Drops events that are too old.
    pub fn expire(&mut self, now: Instant) {
        while let Some(oldest) = self.events.front()
            && now.saturating_duration_since(oldest.time) > self.limits.age
        {
            self.pop();
        }
    }

    /// Drops all events: whoever has not read them is too late.
    pub fn reset(&mut self, since: Revision) {
        // One more than there were, so that even who had read all notices.
        self.first = self.end() + 1;
        self.events.clear();
        self.bytes = 0;
        self.since = since;
    }

    fn pop(&mut self) {
        if let Some(event) = self.events.pop_front() {
            self.first += 1;
            self.bytes -= event.weight();
            self.since = event.revision;
        }
    }

    /// The number of the first event after a revision; nothing if events after it are gone.
    pub fn position_after(&self, revision: Revision) -> Option<u64> {
        let before = self.events.partition_point(|event| event.revision <= revision);
        (revision >= self.since).then_some(self.first + before as u64)
    }

    /// Up to `limit` events from a position on; nothing if the first of them is gone.
    pub fn read(&self, position: u64, limit: usize) -> Option<Vec<Arc<Event>>> {
        let start = usize::try_from(position.checked_sub(self.first)?).ok()?;
        Some(self.events.range(start.min(self.events.len())..).take(limit).cloned().collect())
    }

    /// The events after a revision, the newest first.
    pub fn back_to(&self, revision: Revision) -> impl Iterator<Item = &Arc<Event>> {
        self.events.iter().rev().take_while(move |event| event.revision > revision)
    }
}
