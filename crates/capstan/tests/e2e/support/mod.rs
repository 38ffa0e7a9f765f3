//! The harness: servers, client programs, and running them with a limit.

pub mod clients;
mod directory;
pub mod kubectl;
mod program;
mod server;
pub mod wire;

pub use program::{Running, run};
pub use server::Server;
