//! Who is it, and may they: authentication, authorization, impersonation, and the reviews that ask about them.
//!
//! - [`authentication`]: from credentials to a [`registry::User`]; one authenticator per kind of credential and the
//!   union of them in the order of the original.
//! - [`authorization`]: attributes, decisions, chains; [`rbac`] decides by roles, [`node`] what kubelets may.
//! - [`service_account`]: tokens of service accounts: their keys, how they are made and verified.
//! - [`impersonation`]: from the headers that ask for it to the user a request is then made by.
//! - [`review`]: the objects that ask about all this.
//!
//! Invariants:
//! - Nothing here is a server's: no sockets, no bodies. Objects are read through [`registry::Lookup`].
//! - What fails is refused: an error never allows, a malformed rule or token grants nothing.
//! - Secrets are compared by their digests; no error text holds one.

pub mod authentication;
pub mod authorization;
pub mod impersonation;
pub mod node;
pub mod rbac;
pub mod review;
pub mod service_account;
pub mod users;

#[cfg(test)]
mod testing;
