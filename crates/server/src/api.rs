//! What all requests share: the resources and their documents, who decides about access, limits, health.

use std::sync::Arc;

use access::authentication::Authenticator;
use access::authorization::Authorizer;
use access::impersonation::Impersonation;
use access::service_account::Discovery;
use arc_swap::ArcSwap;
use http::HeaderValue;
use registry::Registry;
use tokio::sync::watch;

use crate::aggregation::Remotes;
use crate::catalog::Catalog;
use crate::discovery::Documents;
use crate::health::Health;
use crate::limit::Limit;
use crate::metrics::Metrics;
use crate::openapi::OpenApi;
use crate::pipeline::uuid_header;
use crate::proxy::Backends;
use crate::settings::Settings;

/// A catalog with the documents made of it.
#[derive(Debug)]
pub struct Served {
    /// The resources.
    pub catalog: Catalog,
    /// Their discovery documents.
    pub documents: Documents,
    /// Their OpenAPI documents.
    pub(crate) openapi: OpenApi,
}

impl Served {
    fn new(catalog: Catalog) -> Served {
        Served { documents: Documents::new(&catalog), openapi: OpenApi::new(&catalog), catalog }
    }
}

/// The parts an [`Api`] is put together from.
pub struct Parts {
    /// Limits and switches.
    pub settings: Settings,
    /// Runs the verbs on resources; the ones it serves when the parts are put together are served at first.
    pub registry: Arc<Registry>,
    /// Finds out who asks.
    pub authenticator: Arc<dyn Authenticator>,
    /// Decides what they may do.
    pub authorizer: Arc<dyn Authorizer>,
    /// How other servers are spoken to.
    pub backends: Backends,
    /// What those need who verify service account tokens elsewhere.
    pub token_discovery: Discovery,
}

/// What all requests share.
pub struct Api {
    pub(crate) settings: Settings,
    pub(crate) registry: Arc<Registry>,
    pub(crate) authenticator: Arc<dyn Authenticator>,
    pub(crate) authorizer: Arc<dyn Authorizer>,
    pub(crate) impersonation: Impersonation,
    pub(crate) backends: Backends,
    pub(crate) remotes: Remotes,
    pub(crate) token_discovery: Discovery,
    pub(crate) health: Health,
    pub(crate) metrics: Metrics,
    pub(crate) reads: Limit,
    pub(crate) writes: Limit,
    pub(crate) flow_control: FlowControl,
    served: ArcSwap<Served>,
    stopping: watch::Sender<bool>,
}

/// The uids of the flow schema and the priority level that requests are answered under.
#[derive(Debug)]
pub(crate) struct FlowControl {
    pub(crate) flow_schema: HeaderValue,
    pub(crate) priority_level: HeaderValue,
}

impl Api {
    /// Puts the parts together.
    pub fn new(parts: Parts) -> Arc<Api> {
        Arc::new(Api {
            authenticator: parts.authenticator,
            impersonation: Impersonation::new(Arc::clone(&parts.authorizer)),
            authorizer: parts.authorizer,
            backends: parts.backends,
            remotes: Remotes::default(),
            token_discovery: parts.token_discovery,
            health: Health::default(),
            metrics: Metrics::default(),
            reads: Limit::new(parts.settings.max_requests_inflight),
            writes: Limit::new(parts.settings.max_mutating_requests_inflight),
            flow_control: FlowControl { flow_schema: uuid_header(), priority_level: uuid_header() },
            settings: parts.settings,
            served: ArcSwap::from_pointee(Served::new(Catalog::new(
                parts.registry.resources().iter().cloned(),
            ))),
            registry: parts.registry,
            stopping: watch::Sender::new(false),
        })
    }

    /// What is served now.
    pub fn served(&self) -> arc_swap::Guard<Arc<Served>> {
        self.served.load()
    }

    /// Serves other resources from now on.
    pub fn replace_catalog(&self, catalog: Catalog) {
        self.served.store(Arc::new(Served::new(catalog)));
    }

    /// What the health checks look at.
    pub fn health(&self) -> &Health {
        &self.health
    }

    /// Ends watches and idle connections; requests under way finish.
    pub fn stop(&self) {
        self.stopping.send_replace(true);
    }

    /// Whether [`Api::stop`] has been called.
    pub(crate) fn is_stopping(&self) -> bool {
        *self.stopping.borrow()
    }

    /// Completes once [`Api::stop`] has been called.
    pub async fn stopped(&self) {
        let mut stopping = self.stopping.subscribe();
        // The sender lives as long as `self`, so this can't fail.
        let _ = stopping.wait_for(|stopping| *stopping).await;
    }
}
