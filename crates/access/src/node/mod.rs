//! What kubelets may do: a fixed set of rules, and of the objects that hold secrets only those their pods use.
//!
//! Source: "Using Node Authorization" of the Kubernetes documentation.

mod authorizer;
mod graph;
mod references;
mod rules;

pub use authorizer::NodeAuthorizer;
