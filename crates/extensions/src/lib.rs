//! Custom resources: from a CustomResourceDefinition to descriptions that the registry serves like any other.
//!
//! [`Definition`] is what a definition says, [`Definitions`] all of them with the resources they become, and
//! [`names`] decides which names a definition gets. A resource's rules, schemas and CEL rules are compiled when it is
//! first used and shared by all requests.
//!
//! Invariants: nothing here knows HTTP or storage; reading a definition never fails, whatever was stored; a
//! definition that has no accepted names serves nothing.

mod conditions;
pub mod conversion;
mod custom;
mod definition;
mod definitions;
mod metadata;
pub mod names;
mod resources;
mod scale;
mod strategy;
mod version_order;

pub use conditions::{condition, is_true, set_condition};
pub use definition::{Definition, FINALIZER};
pub use definitions::Definitions;
pub use version_order::compare as compare_versions;
