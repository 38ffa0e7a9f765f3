//! Capstan: the Kubernetes API server as one program, and as a library that starts it in process.
//!
//! The command line ([`flags`]) becomes [`Options`]; [`run::Running::start`] makes what is missing (certificates, keys),
//! opens the data and serves until it is stopped.

pub mod access;
mod control;
mod definitions;
pub mod flags;
mod front_proxy;
pub mod kubeconfig;
pub mod options;
pub mod pki;
pub mod run;
mod webhooks;

pub use options::Options;
