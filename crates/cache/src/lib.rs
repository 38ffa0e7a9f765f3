//! The objects of each resource in memory, in order, as encoded bytes; and their last events.
//!
//! [`Caches`] follows the store with one task and keeps a [`Cache`] per resource. A [`Snapshot`] of it is taken in
//! no time and answers gets, lists and counts; a [`Cursor`] reads events. An [`Object`] is the store's own bytes
//! ([`Encoded`]) and the [`Facts`] that selectors need.
//!
//! Invariants:
//! - An object is in memory once, in the bytes the store holds; no read decodes it.
//! - A snapshot is the exact state at its revision. A list, then a watch after its revision, misses and repeats
//!   nothing.
//! - A frame is made once for each event and encoding, however many watch.
//! - A watcher costs a position. One that is too slow is told so; nothing grows for it.
//! - What is kept of the past is bounded by count, bytes and age.

mod bell;
mod cached;
mod caches;
mod cursor;
mod encoded;
mod error;
mod event;
mod facts;
mod progress;
mod resource;
mod selection;
mod snapshot;
mod tree;
mod window;

#[cfg(test)]
mod tests;

pub use cached::{Object, Shape};
pub use caches::{Caches, Options};
pub use cursor::Cursor;
pub use encoded::{Encoded, NotSealed, seal};
pub use error::{Error, Result};
pub use event::{Event, EventType, Selected};
pub use facts::{Extract, Facts, FactsBuilder, Paths, metadata};
pub use resource::Cache;
pub use selection::Selection;
pub use snapshot::{Page, Snapshot};
pub use window::Limits;
