//! A watch: a position in history. It reads the last batches from memory and older changes from the index and
//! the files, so that a slow watcher costs nothing but its own time.

use std::sync::Arc;

use tokio::sync::watch;

use super::index::Change;
use super::state::{Located, Shared, Signal, unblocked};
use crate::{Batch, BoxFuture, Error, Event, EventType, Key, Result, Revision, Watch};

/// About how many changes are read from history at once.
const CHANGES: usize = 256;

/// See the module.
pub struct Watcher {
    shared: Arc<Shared>,
    prefix: String,
    /// The revision of the next change to deliver.
    next: Revision,
    signal: watch::Receiver<Signal>,
}

/// A change with what is needed to read its values.
struct Late {
    key: Key,
    revision: Revision,
    current: Option<Located>,
    previous: Option<Located>,
}

enum Ready {
    Batch(Batch),
    Late(Revision, Vec<Late>),
    NotYet,
}

impl Watcher {
    /// A watch of the keys with a prefix, beginning with a revision.
    pub fn new(shared: Arc<Shared>, prefix: &str, from: Revision) -> Watcher {
        let signal = shared.signal.subscribe();
        Watcher { shared, prefix: prefix.to_owned(), next: from, signal }
    }

    fn ready(&self) -> Result<Ready> {
        let state = self.shared.state.read();
        if self.next > state.index.current() {
            return Ok(Ready::NotYet);
        }
        if let Some(batch) = state.ring.batch_at(self.next) {
            return Ok(Ready::Batch(batch.clone()));
        }
        let changes = state.index.changes(self.next, CHANGES)?;
        let reached = changes.last().map_or(state.index.current(), |last| last.revision);
        let locate = |found: Option<_>| found.map(|found| state.segments.locate(found));
        let late = changes.into_iter().filter(|change| change.key.starts_with(&self.prefix)).map(
            |Change { revision, key, current, previous }| Late {
                key,
                revision,
                current: locate(current),
                previous: locate(previous),
            },
        );
        Ok(Ready::Late(reached, late.collect()))
    }

    /// The part of a batch that this watch is to see.
    fn select(&self, batch: Batch) -> Batch {
        let wanted =
            |event: &Event| event.revision >= self.next && event.key.starts_with(self.prefix.as_str());
        if batch.events.iter().all(wanted) {
            return batch;
        }
        let events: Vec<Event> = batch.events.iter().filter(|event| wanted(event)).cloned().collect();
        Batch { revision: batch.revision, events: events.into() }
    }

    async fn advance(&mut self) -> Result<Batch> {
        loop {
            let batch = match self.ready()? {
                Ready::Batch(batch) => self.select(batch),
                Ready::Late(revision, late) => Batch { revision, events: load(late).await? },
                Ready::NotYet => {
                    self.wait().await?;
                    continue;
                }
            };
            self.next = batch.revision + 1;
            return Ok(batch);
        }
    }

    async fn wait(&mut self) -> Result<()> {
        let next = self.next;
        let signal = self.signal.wait_for(|signal| signal.closed || signal.revision >= next).await;
        match signal {
            Ok(signal) if signal.revision >= next => Ok(()),
            _ => Err(Error::Unavailable("it is closed".to_owned())),
        }
    }
}

async fn load(late: Vec<Late>) -> Result<Arc<[Event]>> {
    let on_disk = |located: &Option<Located>| located.as_ref().is_some_and(Located::on_disk);
    let blocks = late.iter().any(|late| on_disk(&late.current) || on_disk(&late.previous));
    unblocked(blocks, || {
        late.into_iter()
            .map(|Late { key, revision, current, previous }| {
                let event_type = match (&current, &previous) {
                    (None, _) => EventType::Delete,
                    (Some(_), None) => EventType::Create,
                    (Some(_), Some(_)) => EventType::Put,
                };
                Ok(Event {
                    event_type,
                    key,
                    revision,
                    current: current.map(Located::load).transpose()?,
                    previous: previous.map(Located::load).transpose()?,
                })
            })
            .collect()
    })
    .await
}

impl Watch for Watcher {
    fn next(&mut self) -> BoxFuture<'_, Result<Batch>> {
        Box::pin(self.advance())
    }
}
