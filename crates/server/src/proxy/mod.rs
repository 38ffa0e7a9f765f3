//! Handing requests on to other servers: kubelets, and whatever pods and services serve.
//!
//! A request is sent over a connection of its own; its answer is passed on as it comes. One that asks to upgrade becomes
//! a tunnel of bytes between the two ends once the other server has agreed.

mod forward;
mod headers;
mod tls;

pub(crate) use forward::{ForwardError, forward, pass_on};
pub(crate) use headers::wants_upgrade;
pub(crate) use outgoing::Target;
pub(crate) use tls::pair;
pub use tls::{Aggregated, Backends, Kubelets};
