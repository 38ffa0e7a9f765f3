//! The store: revisioned keys with get, range, transaction, watch and compaction, behind [`Store`].
//!
//! Invariants:
//! - A commit that answered is durable: no crash takes it back. Nothing is visible before it is durable.
//! - Revisions are one strictly increasing sequence, beginning with 1, across restarts too.
//! - A read at a revision is a consistent state; a watch from the revision after it misses and repeats nothing.
//! - Damage to what was acknowledged is an error that names the file and the offset, never a silent loss.
//! - Values are opaque bytes; nothing here knows what an object is.

mod compactor;
mod embedded;
mod error;
mod store;

#[cfg(any(test, feature = "suite"))]
pub mod suite;

pub use compactor::Compactor;
pub use embedded::{CutTail, Embedded, Options, Progress, ProgressCallback, Statistics};
pub use error::{Error, Result};
pub use store::{
    Batch, BoxFuture, Compare, Event, EventType, Key, KeyValue, Outcome, RangeAnswer, Revision, Store, Txn,
    Watch, Write, prefix_end,
};

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::{Embedded, Options, suite};

    #[tokio::test(flavor = "multi_thread")]
    async fn the_store_in_memory_passes_the_suite() {
        suite::run(|| Arc::new(Embedded::open(Options::ephemeral()).unwrap())).await;
    }
}
