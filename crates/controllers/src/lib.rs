//! The controllers an API server alone needs so that what it serves behaves as in a cluster: namespaces that are
//! deleted empty and go, dependents follow their owners, every namespace has its default service account and the
//! certificate to trust.
//!
//! Each is a task that follows the caches and writes through the registry like any client, under the user name the
//! original's has.
//!
//! Invariants: a controller holds no state that it could not make anew from the caches; doing its work twice does no
//! harm; it sleeps when nothing changes.

mod accounts;
mod api_services;
mod client;
mod flow_schemas;
mod garbage;
mod namespaces;

use std::sync::Arc;

pub use api_services::Probe;
use registry::Registry;
use tokio::task::JoinSet;

/// What the controllers need to know.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The certificate authority that clients in pods are to trust, PEM; published in every namespace.
    pub root_authority: String,
}

/// Controllers at work; they stop when this is dropped.
pub struct Controllers {
    _tasks: JoinSet<()>,
}

/// Starts those that every server has, whoever runs the others: they say of the server's own configuration what
/// becomes of it.
pub fn start_own(registry: &Arc<Registry>, probe: Arc<dyn Probe>) -> Controllers {
    let mut tasks = JoinSet::new();
    tasks.spawn(flow_schemas::run(client::Client::of_server(registry)));
    tasks.spawn(api_services::run(client::Client::of_server(registry), probe));
    Controllers { _tasks: tasks }
}

/// Starts those of a controller manager.
pub fn start(registry: &Arc<Registry>, settings: Settings) -> Controllers {
    let mut tasks = JoinSet::new();
    tasks.spawn(namespaces::run(client::Client::new(registry, "namespace-controller")));
    tasks.spawn(accounts::run(client::Client::new(registry, "service-account-controller"), settings));
    tasks.spawn(garbage::run(client::Client::new(registry, "generic-garbage-collector")));
    Controllers { _tasks: tasks }
}
