//! A watcher: a position among the events of a resource. It has no queue; if it falls behind by more than the
//! cache keeps, it is told so and has to begin anew.

use std::sync::Arc;

use storage::Revision;
use tokio::sync::watch;

use crate::bell::Wake;
use crate::{Cache, Error, Result, Selected, Selection};

/// How many events are looked at together.
const BATCH: usize = 128;

/// See the module.
pub struct Cursor {
    cache: Arc<Cache>,
    position: u64,
    /// Events up to this revision are not for this watch: it may have begun ahead of the cache.
    after: Revision,
    passed: Revision,
    selection: Selection,
    wake: watch::Receiver<Wake>,
}

impl Cursor {
    pub(crate) fn new(cache: Arc<Cache>, position: u64, after: Revision, selection: Selection) -> Cursor {
        let wake = cache.bell.listen();
        Cursor { cache, position, after, passed: after, selection, wake }
    }

    /// The next events of the selection: what there is, or the first to come. Cancel-safe.
    ///
    /// Fails with [`Error::TooSlow`] when events are gone that were not read, and with [`Error::Ended`] when
    /// the resource is.
    pub async fn next(&mut self) -> Result<Vec<Selected>> {
        loop {
            let selected = self.poll()?;
            if !selected.is_empty() {
                return Ok(selected);
            }
            let position = self.position;
            let wake = self.wake.wait_for(|wake| wake.ended || wake.end > position).await;
            if !wake.is_ok_and(|wake| wake.end > position) {
                return Err(Error::Ended);
            }
        }
    }

    /// What there is now of the selection; nothing if it has all been read.
    pub fn poll(&mut self) -> Result<Vec<Selected>> {
        loop {
            let (events, passed) = self.cache.read(self.position, BATCH)?;
            self.position += events.len() as u64;
            self.passed = self.passed.max(passed);
            let selected: Vec<Selected> = events
                .iter()
                .filter(|event| event.revision > self.after)
                .filter_map(|event| event.select(&self.selection))
                .collect();
            if !selected.is_empty() || events.is_empty() {
                return Ok(selected);
            }
        }
    }

    /// Everything up to this revision has been read: what a bookmark may carry. It moves with the events that
    /// are read, whether selected or not, and, once [`Cursor::poll`] found nothing, with the whole store.
    pub fn passed(&self) -> Revision {
        self.passed
    }
}
