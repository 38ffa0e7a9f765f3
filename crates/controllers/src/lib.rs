//! The controllers an API server alone needs so that what it serves behaves as in a cluster: namespaces that are
//! deleted empty and go, dependents follow their owners, every namespace has its default service account and the
//! certificate to trust, roles gather the rules of others, and events and old signing requests go.
//!
//! Each is a task that follows the caches and writes through the registry like any client, under the user name the
//! original's has.
//!
//! Invariants: a controller holds no state that it could not make anew from the caches; doing its work twice does no
//! harm; it sleeps when nothing changes.

mod accounts;
mod aggregation;
mod api_services;
mod client;
mod expire;
mod flow_schemas;
mod garbage;
mod namespaces;

use std::sync::Arc;
use std::time::Duration;

pub use api_services::Probe;
use registry::Registry;
use tokio::task::JoinSet;

/// What the controllers need to know.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The certificate authority that clients in pods are to trust, PEM; published in every namespace.
    pub root_authority: String,
    /// The names of controllers that don't run, as `--controllers` of kube-controller-manager has them.
    pub disabled: Vec<String>,
}

/// The names of the controllers that [`start`] starts, as kube-controller-manager has them.
pub const NAMES: [&str; 5] = [
    "certificatesigningrequest-cleaner-controller",
    "clusterrole-aggregation-controller",
    "garbage-collector-controller",
    "namespace-controller",
    "service-account-controller",
];

/// Controllers at work; they stop when this is dropped.
pub struct Controllers {
    _tasks: JoinSet<()>,
}

/// Starts those that every server has, whoever runs the others: they say of the server's own configuration what
/// becomes of it.
///
/// `event_time` is how long an event lives after it was last written.
pub fn start_own(registry: &Arc<Registry>, probe: Arc<dyn Probe>, event_time: Duration) -> Controllers {
    let mut tasks = JoinSet::new();
    tasks.spawn(flow_schemas::run(client::Client::of_server(registry)));
    tasks.spawn(api_services::run(client::Client::of_server(registry), probe));
    tasks.spawn(expire::events(client::Client::of_server(registry), event_time));
    Controllers { _tasks: tasks }
}

/// Starts those of a controller manager.
pub fn start(registry: &Arc<Registry>, settings: Settings) -> Controllers {
    let mut tasks = JoinSet::new();
    let client = |name: &str| client::Client::new(registry, name);
    let wanted = |name: &str| settings.disabled.iter().all(|disabled| disabled != name);
    if wanted("namespace-controller") {
        tasks.spawn(namespaces::run(client("namespace-controller")));
    }
    if wanted("service-account-controller") {
        tasks.spawn(accounts::run(client("service-account-controller"), settings.clone()));
    }
    if wanted("garbage-collector-controller") {
        tasks.spawn(garbage::run(client("generic-garbage-collector")));
    }
    if wanted("clusterrole-aggregation-controller") {
        tasks.spawn(aggregation::run(client("clusterrole-aggregation-controller")));
    }
    if wanted("certificatesigningrequest-cleaner-controller") {
        tasks.spawn(expire::signing_requests(client("certificate-controller")));
    }
    Controllers { _tasks: tasks }
}
