//! Connections to other servers: webhooks, aggregated API servers, kubelets, and what pods and services serve.
//!
//! [`Target`] says where, [`client_config`] whom to believe, and [`send`] sends one request and reads the answer. Errors
//! are in the words of Go's HTTP client, for the original's messages quote them.
//!
//! Invariants: connecting, shaking hands and answering have deadlines; answers that are read whole have a limit.

mod dial;
mod send;
mod tls;

pub use dial::{Connection, Target};
pub use send::{Received, send, url};
pub use tls::{ClientPair, Trust, client_config};
