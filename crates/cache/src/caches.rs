//! All caches, and the one task that feeds them from the store's stream of changes.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::RwLock;
use storage::{Batch, Key, Revision, Store};
use tokio::task::JoinHandle;

use crate::progress::Progress;
use crate::window::Limits;
use crate::{Cache, Error, Object, Result, Shape};

/// How caches are kept.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// How much of the past each resource keeps.
    pub limits: Limits,
    /// How many revisions of the past a cache begins with, as far as the store has them: a watch that was
    /// interrupted by a restart goes on.
    pub history: u64,
    /// How long a read waits for the revision it needs.
    pub patience: Duration,
    /// The clock.
    pub now: fn() -> Instant,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            limits: Limits::default(),
            history: 10_000,
            patience: Duration::from_secs(3),
            now: Instant::now,
        }
    }
}

/// How often what is too old is dropped.
const EXPIRY: Duration = Duration::from_secs(10);
/// How long the task waits after the store has failed.
const RETRY: Duration = Duration::from_millis(200);

/// See the module. Dropping it ends the task; the caches stay as they are.
pub struct Caches {
    inner: Arc<Inner>,
    task: JoinHandle<()>,
}

struct Inner {
    store: Arc<dyn Store>,
    options: Options,
    progress: Progress,
    caches: RwLock<BTreeMap<String, Arc<Cache>>>,
    /// Held while a batch is carried out or a cache is filled, so that each sees the other's work whole.
    turn: tokio::sync::Mutex<()>,
    /// Why the task could not go on, if it could not.
    problem: RwLock<Option<Error>>,
}

impl Caches {
    /// Begins to follow a store. Must be called in a Tokio runtime.
    pub fn follow(store: Arc<dyn Store>, options: Options) -> Caches {
        let reached = store.current_revision();
        let inner = Arc::new(Inner {
            store,
            options,
            progress: Progress::new(reached, options.patience),
            caches: RwLock::default(),
            turn: tokio::sync::Mutex::default(),
            problem: RwLock::default(),
        });
        let task = tokio::spawn(run(inner.clone()));
        Caches { inner, task }
    }

    /// Makes the cache of a resource, filled. Its prefix must end with a slash and not lie within another's.
    pub async fn register(&self, shape: Shape) -> Result<Arc<Cache>> {
        let Inner { store, options, progress, .. } = &*self.inner;
        let prefix = shape.prefix.clone();
        let cache = Cache::new(Arc::new(shape), store.clone(), progress.clone(), options.limits, options.now);
        let cache = Arc::new(cache);
        let _turn = self.inner.turn.lock().await;
        self.inner.fill(&cache, progress.reached()).await?;
        if let Some(before) = self.inner.caches.write().insert(prefix, cache.clone()) {
            before.end();
        }
        Ok(cache)
    }

    /// Gives the cache of a resource up, and ends its watches.
    pub fn unregister(&self, prefix: &str) {
        if let Some(cache) = self.inner.caches.write().remove(prefix) {
            cache.end();
        }
    }

    /// The objects of all resources that name this uid among their owners.
    pub fn owned_by(&self, uid: &str) -> Vec<Arc<Object>> {
        let caches: Vec<Arc<Cache>> = self.inner.caches.read().values().cloned().collect();
        caches.iter().flat_map(|cache| cache.snapshot().owned_by(uid)).collect()
    }

    /// The revision all caches have reached.
    pub fn reached(&self) -> Revision {
        self.inner.progress.reached()
    }

    /// Waits until all caches have reached a revision: what a commit answered is seen after this.
    pub async fn wait_until(&self, revision: Revision) -> Result<()> {
        self.inner.progress.wait_until(revision).await
    }

    /// Why the caches do not follow the store at the moment, or which value of it they can't read.
    pub fn problem(&self) -> Option<Error> {
        let unreadable = || self.inner.caches.read().values().find_map(|cache| cache.unreadable());
        self.inner.problem.read().clone().or_else(|| unreadable().map(Error::NotAnObject))
    }
}

impl Drop for Caches {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Follows the store for as long as it is there.
async fn run(inner: Arc<Inner>) {
    loop {
        let Err(error) = inner.follow().await;
        let compacted = matches!(error, Error::Store(storage::Error::Compacted { .. }));
        *inner.problem.write() = Some(error);
        if compacted && let Err(error) = inner.refill().await {
            *inner.problem.write() = Some(error);
        }
        tokio::time::sleep(RETRY).await;
    }
}

impl Inner {
    async fn follow(&self) -> Result<std::convert::Infallible> {
        let mut watch = self.store.watch("", self.progress.reached() + 1).await?;
        *self.problem.write() = None;
        let mut expiry = tokio::time::interval(EXPIRY);
        loop {
            tokio::select! {
                batch = watch.next() => {
                    let batch = batch?;
                    let _turn = self.turn.lock().await;
                    self.dispatch(batch);
                }
                _ = expiry.tick() => self.caches.read().values().for_each(|cache| cache.expire()),
            }
        }
    }

    fn dispatch(&self, batch: Batch) {
        let caches = self.caches.read();
        let mut changes: BTreeMap<&str, (&Arc<Cache>, Vec<storage::Event>)> = BTreeMap::new();
        for event in batch.events.iter() {
            if let Some((prefix, cache)) = cache_of(&caches, &event.key) {
                changes.entry(prefix).or_insert_with(|| (cache, Vec::new())).1.push(event.clone());
            }
        }
        for (cache, events) in changes.into_values() {
            cache.apply(events);
        }
        self.progress.advance(batch.revision);
    }

    /// Fills a cache with the state at a revision and some of the past before it.
    async fn fill(&self, cache: &Cache, reached: Revision) -> Result<()> {
        loop {
            let oldest = self.store.compacted_revision();
            let since = oldest.max(reached.saturating_sub(self.options.history)).min(reached);
            match cache.fill(since, reached).await {
                // A compaction has overtaken it.
                Err(Error::TooOld { .. } | Error::Store(storage::Error::Compacted { .. }))
                    if self.store.compacted_revision() > oldest && oldest < reached => {}
                result => return result,
            }
        }
    }

    /// Fills all caches anew: changes were compacted before they were seen.
    async fn refill(&self) -> Result<()> {
        let _turn = self.turn.lock().await;
        let reached = self.store.current_revision();
        let caches: Vec<Arc<Cache>> = self.caches.read().values().cloned().collect();
        for cache in caches {
            self.fill(&cache, reached).await?;
        }
        self.progress.advance(reached);
        Ok(())
    }
}

/// The cache a key belongs to: that with the longest prefix of it, which is the last before it in order.
fn cache_of<'a>(caches: &'a BTreeMap<String, Arc<Cache>>, key: &Key) -> Option<(&'a str, &'a Arc<Cache>)> {
    let (prefix, cache) = caches.range::<str, _>((Bound::Unbounded, Bound::Included(&**key))).next_back()?;
    key.starts_with(prefix.as_str()).then_some((prefix.as_str(), cache))
}
