//! Patches: changes to an object that a client states in parts, over (schema, object).
//!
//! [`apply`] is server-side apply and the tracking of field ownership.
//!
//! Invariants: a patch either applies whole or changes nothing; no patch takes more than linear memory.

pub mod apply;
