//! Capstan: the Kubernetes API server as one program, and as a library that starts it in process.
//!
//! The command line ([`flags`]) becomes [`Options`]; [`run::Running::start`] makes what is missing (certificates, keys),
//! opens the data and serves until it is stopped.

mod authorization;
mod control;
pub mod flags;
pub mod kubeconfig;
pub mod options;
pub mod pki;
pub mod run;
mod tokens;

pub use options::Options;
