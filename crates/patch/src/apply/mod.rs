//! Server-side apply and the tracking of field ownership (KEP-555), over (schema, object) alone.
//!
//! A [`Set`] says which fields a manager owns; an object carries one per manager in `metadata.managedFields`
//! ([`Entry`]). Every write goes through [`update`] or [`apply`], which compare the live object with the new one by
//! the merge rules of its schema and move ownership of what changed to the writer.
//!
//! Invariants: a field belongs to who last changed it, and to all who applied the same value since; nobody owns an
//! object's identity or what its resource resets; applying the same configuration twice changes nothing.

mod cap;
mod compare;
mod conflict;
mod element;
mod fields_v1;
mod last_applied;
mod managed;
mod manager;
mod merge;
mod name;
mod node;
mod ownership;
#[cfg(test)]
mod properties;
mod remove;
mod scale;
mod set;
#[cfg(test)]
mod tests;
mod to_set;
mod validate;
mod versions;

pub use element::Element;
pub(crate) use element::{MOST_NESTED, nests_deeper};
pub use managed::{Entry, Operation, decode, encode, keep_times};
pub use manager::{Context, apply, update};
pub use name::{manager_from_user_agent, validate_managed_fields, validate_manager};
pub use scale::{SCALE_VERSION, ScaleMapping};
pub use set::Set;
pub use versions::{SingleVersion, Versions};
