//! A load tool for Kubernetes API servers: `capstan bench`. It knows the API and nothing of Capstan's insides, so that
//! it measures any server by its URL; without one it starts the program it is part of on an empty directory, and
//! then also measures starting, memory and recovery.
//!
//! Invariants:
//! - A request counts if the server answered it as it should; anything else ends the run with the server's words.
//! - A rate is that of whole requests, from the first one sent to the last answer read.
//! - What it makes lies in one namespace of its own and is removed at the end.

mod bare;
mod client;
mod crash;
mod kubeconfig;
mod load;
mod loads;
mod mixed;
mod options;
mod process;
mod report;
mod requests;
mod run;
mod target;
mod watches;

pub use client::{Connection, Reply};
pub use crash::{Outcome, crash};
pub use options::USAGE;
pub use process::Process;
pub use run::main;
pub use target::Target;
