//! Role-based access control: roles and bindings decide who may do what, and who may hand it on.
//!
//! Source: "Using RBAC Authorization" of the Kubernetes documentation.

mod authorizer;
mod binding;
mod escalation;
mod index;
mod rule;

pub use authorizer::RbacAuthorizer;
pub use escalation::{Escalation, Write};
pub use rule::Rule;

pub(crate) use rule::go_list;

/// The API group of roles and bindings.
pub const GROUP: &str = "rbac.authorization.k8s.io";
