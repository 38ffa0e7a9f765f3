//! The cache of one resource: its state now, its last events, its watchers.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Instant;

use arc_swap::ArcSwap;
use parking_lot::{Mutex, RwLock};
use storage::{Key, KeyValue, Revision, Store, prefix_end};

use crate::bell::Bell;
use crate::progress::Progress;
use crate::window::{Limits, Window};
use crate::{Cursor, Error, Event, Object, Result, Selection, Shape, Snapshot};

/// How many past states are kept at hand for lists that go on page by page.
const PAST: usize = 8;
/// How many keys are read from the store at once.
const PAGE: usize = 1000;

/// See the module.
pub struct Cache {
    shape: Arc<Shape>,
    store: Arc<dyn Store>,
    progress: Progress,
    /// The state, changed only with the window locked: the two always fit together.
    snapshot: ArcSwap<Snapshot>,
    window: RwLock<Window>,
    /// Wakes cursors when there are events.
    pub(crate) bell: Arc<Bell>,
    /// States that lists asked for by revision, the last one last.
    past: Mutex<VecDeque<Snapshot>>,
    /// A key whose value is not an object.
    unreadable: Mutex<Option<Key>>,
    now: fn() -> Instant,
}

impl Cache {
    /// An empty cache at a revision.
    pub(crate) fn new(
        shape: Arc<Shape>,
        store: Arc<dyn Store>,
        progress: Progress,
        limits: Limits,
        now: fn() -> Instant,
    ) -> Cache {
        Cache {
            snapshot: ArcSwap::from_pointee(Snapshot::empty(shape.clone(), 0)),
            shape,
            store,
            progress,
            window: RwLock::new(Window::new(0, limits)),
            bell: Arc::default(),
            past: Mutex::default(),
            unreadable: Mutex::default(),
            now,
        }
    }

    /// What is known of the resource.
    pub fn shape(&self) -> &Arc<Shape> {
        &self.shape
    }

    /// The state the cache has reached. Its revision is that of the whole store: nothing in this resource has
    /// changed between the last change and it.
    pub fn snapshot(&self) -> Snapshot {
        // In this order: what was reached before the state was read is in the state.
        let reached = self.progress.reached();
        let mut snapshot = Snapshot::clone(&self.snapshot.load());
        if reached > snapshot.revision() {
            snapshot.set_revision(reached);
        }
        snapshot
    }

    /// The state with everything in it that was committed before the call.
    pub async fn current(&self) -> Result<Snapshot> {
        self.progress.wait_until(self.store.current_revision()).await?;
        Ok(self.snapshot())
    }

    /// The state at a revision or a later one.
    pub async fn not_older_than(&self, revision: Revision) -> Result<Snapshot> {
        self.progress.wait_until(revision).await?;
        Ok(self.snapshot())
    }

    /// The state as it was at exactly this revision: rolled back with the events at hand, or read from the
    /// store's history. Fails with [`Error::TooOld`] if the store has given that up.
    pub async fn at(&self, revision: Revision) -> Result<Snapshot> {
        self.progress.wait_until(revision).await?;
        let known = self.past.lock().iter().find(|past| past.revision() == revision).cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        let snapshot = match self.roll_back(revision) {
            Some(snapshot) => snapshot,
            None => self.load(revision).await?,
        };
        let mut past = self.past.lock();
        past.push_back(snapshot.clone());
        if past.len() > PAST {
            past.pop_front();
        }
        Ok(snapshot)
    }

    fn roll_back(&self, revision: Revision) -> Option<Snapshot> {
        let window = self.window.read();
        if revision < window.since() {
            return None;
        }
        let mut snapshot = Snapshot::clone(&self.snapshot.load());
        for event in window.back_to(revision) {
            snapshot.undo(event);
        }
        snapshot.set_revision(revision);
        Some(snapshot)
    }

    /// Reads the state at a revision from the store.
    async fn load(&self, revision: Revision) -> Result<Snapshot> {
        let mut snapshot = Snapshot::empty(self.shape.clone(), revision);
        let end = prefix_end(&self.shape.prefix);
        let mut start = self.shape.prefix.clone();
        loop {
            let answer =
                self.store.range(&start, &end, Some(revision), PAGE).await.map_err(|error| match error {
                    storage::Error::Compacted { requested, compacted } => {
                        Error::TooOld { requested, oldest: compacted }
                    }
                    error => Error::Store(error),
                })?;
            start = answer.kvs.last().map_or(String::new(), |last| format!("{}\0", last.key));
            for object in answer.kvs.into_iter().filter_map(|kv| self.object(kv)) {
                snapshot.insert(object);
            }
            if !answer.more {
                return Ok(snapshot);
            }
        }
    }

    /// The object of a value. One that is none is passed over, and remembered: it must not keep the others away.
    fn object(&self, kv: KeyValue) -> Option<Arc<Object>> {
        let key = kv.key.clone();
        let object = Object::new(self.shape.clone(), kv).ok().map(Arc::new);
        if object.is_none() {
            *self.unreadable.lock() = Some(key);
        }
        object
    }

    /// A key whose value was found not to be an object, if there is one.
    pub fn unreadable(&self) -> Option<Key> {
        self.unreadable.lock().clone()
    }

    /// A watch of what happens after a revision.
    pub fn watch(self: &Arc<Cache>, after: Revision, selection: Selection) -> Result<Cursor> {
        let window = self.window.read();
        let position =
            window.position_after(after).ok_or(Error::TooOld { requested: after, oldest: window.since() })?;
        Ok(Cursor::new(self.clone(), position, after, selection))
    }

    /// What a cursor needs: events from a position on, and the revision that is passed with the last of them.
    pub(crate) fn read(&self, position: u64, limit: usize) -> Result<(Vec<Arc<Event>>, Revision)> {
        let reached = self.progress.reached();
        let window = self.window.read();
        let events = window.read(position, limit).ok_or(Error::TooSlow)?;
        let at_end = position + events.len() as u64 == window.end();
        // Events of one revision may be divided: it is passed only with the last of them.
        let last = events.last().map_or(0, |last| last.revision);
        Ok((events, if at_end { reached.max(last) } else { last.saturating_sub(1) }))
    }

    /// Fills the cache: the state at `reached`, and as far as the store has them the events after `since`.
    pub(crate) async fn fill(&self, since: Revision, reached: Revision) -> Result<()> {
        let snapshot = self.load(since).await?;
        self.replace(snapshot);
        if since == reached {
            return Ok(());
        }
        let mut watch = self.store.watch(&self.shape.prefix, since + 1).await?;
        loop {
            let batch = watch.next().await?;
            let events = batch.events.iter().filter(|event| event.revision <= reached);
            self.apply(events.cloned().collect());
            if batch.revision >= reached {
                return Ok(());
            }
        }
    }

    fn replace(&self, snapshot: Snapshot) {
        let mut window = self.window.write();
        window.reset(snapshot.revision());
        self.snapshot.store(Arc::new(snapshot));
        let end = window.end();
        drop(window);
        self.past.lock().clear();
        self.bell.ring(end);
    }

    /// Carries out changes of the store.
    pub(crate) fn apply(&self, changes: Vec<storage::Event>) {
        let Some(last) = changes.last() else { return };
        let mut snapshot = Snapshot::clone(&self.snapshot.load());
        snapshot.set_revision(last.revision);
        let now = (self.now)();
        let mut events = Vec::with_capacity(changes.len());
        for change in changes {
            let current = change.current.and_then(|kv| self.object(kv));
            let previous = match &current {
                Some(object) => snapshot.insert(object.clone()),
                None => snapshot.remove(&change.key),
            };
            if current.is_some() || previous.is_some() {
                events.push(Arc::new(Event::new(change.revision, current, previous, now)));
            }
        }
        let mut window = self.window.write();
        events.into_iter().for_each(|event| window.push(event));
        self.snapshot.store(Arc::new(snapshot));
        let end = window.end();
        drop(window);
        self.bell.ring(end);
    }

    /// Drops what is too old.
    pub(crate) fn expire(&self) {
        self.window.write().expire((self.now)());
        let since = self.window.read().since();
        self.past.lock().retain(|past| past.revision() >= since);
    }

    /// Ends all watches.
    pub(crate) fn end(&self) {
        self.bell.end();
    }
}
