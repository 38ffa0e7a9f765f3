//! Patches: changes to an object that a client states in parts, over (schema, object).
//!
//! [`apply`] is server-side apply and the tracking of field ownership. [`json_patch`] and [`merge_patch`] work on JSON,
//! since what they leave alone stays as it was written and messages quote the result; [`strategic_merge_patch`] works on
//! trees, whose types tell it how to merge.
//!
//! Invariants: a patch either applies whole or changes nothing; no patch takes more than linear memory.

pub mod apply;
mod document;
mod json;
mod merge;
mod patched;
mod strategic;
#[cfg(test)]
mod testing;

pub use json::json_patch;
pub use merge::merge_patch;
pub(crate) use patched::utf8;
pub use patched::{Patched, refuse};
pub use strategic::{Merged, strategic_merge_patch};
