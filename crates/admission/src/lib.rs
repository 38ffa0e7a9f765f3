//! The admission chain: plugins that may change or refuse what is about to be written, in the original's order.
//!
//! A [`Plugin`] is one of kube-apiserver's admission plugins under its own name; [`chain`] puts the enabled ones
//! together as the registry's `Admission`.
//!
//! Invariants: a plugin sees an object after decoding and defaulting and before the kind's rules (mutating), or after
//! them (validating); it reads other objects through `registry::Lookup` only; on dry run it does the same.

mod chain;
mod in_use;
mod namespace_lifecycle;
mod node_restriction;
mod pod;
mod priority;
mod service_account;
mod taint_nodes;
mod tolerations;

pub use chain::{Chain, PLUGINS, Plugin, chain};
