//! What every kind has in common below its schema: group, version and kind names, quantities, times, label and
//! field selectors, the rules of names, generated names and uids.
//!
//! Everything here is a pure function of its input: times come from a [`Clock`], random bytes from a
//! [`Randomness`] that tests can drive.
//!
//! Invariants: what is parsed prints back as the API would print it; every message is the one clients know;
//! no input makes anything here panic, and the work is linear in the input's length.

mod generate;
mod group;
pub mod names;
mod quantity;
pub mod selector;
pub mod time;

pub use compact_str::CompactString as Text;
pub use generate::{Randomness, SystemRandomness, generate_name, new_uid};
pub use group::{
    GroupKind, GroupResource, GroupVersion, GroupVersionError, GroupVersionKind, GroupVersionResource,
};
pub use quantity::{Format, Quantity, QuantityError};
pub use selector::{FieldSelector, LabelSelector};
pub use time::{Clock, Duration, MicroTime, SystemClock, Time};
