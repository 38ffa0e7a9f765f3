//! Groups that other API servers serve: their requests are handed on with the identity of who asks, and what they
//! serve shows in this server's discovery.
//!
//! What is served here is never looked for elsewhere. An APIService is read when it is needed; nothing of it is kept
//! but what its server said of its resources when it was last asked ([`Remotes`]).

pub(crate) mod discovery;
mod identity;
mod probe;
mod service;

use std::collections::HashMap;
use std::sync::Arc;

use http::HeaderValue;
use http::header::HOST;
use object::Value;
use outgoing::{Trust, client_config};
use parking_lot::Mutex;
use registry::Lookup;
use rustls::ClientConfig;

use crate::api::Api;
use crate::exchange::{Exchange, Payload};
use crate::proxy::{forward, pair, pass_on, wants_upgrade};
use crate::respond::{self, Answer};
pub use service::service_target;
use service::{ApiService, GROUP, PLURAL};

/// What is remembered of other API servers.
#[derive(Default)]
pub(crate) struct Remotes {
    /// The `APIResourceList` of each APIService, by its name.
    resources: Mutex<HashMap<String, Value>>,
    /// Configurations by the authorities they believe.
    tls: Mutex<HashMap<Option<Vec<u8>>, Arc<ClientConfig>>>,
}

/// How many configurations are kept.
const KEPT: usize = 64;

impl Remotes {
    fn tls(&self, api: &Api, authorities: &Option<Vec<u8>>) -> Result<Arc<ClientConfig>, String> {
        if let Some(known) = self.tls.lock().get(authorities) {
            return Ok(Arc::clone(known));
        }
        let trust = match authorities {
            None => Trust::Anybody,
            Some(pem) if pem.is_empty() => Trust::System,
            Some(pem) => Trust::Authorities(pem),
        };
        let made = client_config(trust, api.backends.aggregated.client.as_ref().map(pair))?;
        let mut kept = self.tls.lock();
        if kept.len() >= KEPT {
            kept.clear();
        }
        kept.insert(authorities.clone(), Arc::clone(&made));
        Ok(made)
    }
}

/// The APIService that the path belongs to, if another server serves it.
fn remote(api: &Api, path: &str) -> Option<ApiService> {
    let mut segments = path.strip_prefix("/apis/")?.split('/');
    let (group, version) = (segments.next()?, segments.next().filter(|version| !version.is_empty())?);
    let served = api.served();
    let here = served.catalog.group(group);
    if here.is_some_and(|group| group.versions.iter().any(|one| one.name == version)) {
        return None;
    }
    let object = Lookup::get(&*api.registry, GROUP, PLURAL, "", &format!("{version}.{group}"))?;
    Some(ApiService::read(&object)).filter(|found| found.service.is_some())
}

/// Whether another server serves the path.
pub(crate) fn is_remote(api: &Api, exchange: &Exchange) -> bool {
    remote(api, &exchange.path).is_some()
}

fn unavailable() -> Answer {
    respond::text(503, "service unavailable\n")
}

/// The other server's answer to the request, or why there is none.
pub(crate) async fn answer(api: &Arc<Api>, exchange: &mut Exchange, body: &mut Payload) -> Answer {
    let Some(found) = remote(api, &exchange.path) else { return respond::no_such_page() };
    let path = exchange.parts.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
    let by_endpoints = api.backends.aggregated.by_endpoints;
    let target = found
        .service
        .as_ref()
        .filter(|_| found.available)
        .and_then(|service| service.resolve(&*api.registry, by_endpoints, &path));
    let Some(target) = target else { return unavailable() };
    let tls = match api.remotes.tls(api, &found.authorities) {
        Ok(tls) => tls,
        Err(why) => return respond::text(500, format!("{why}\n")),
    };
    let headers = &mut exchange.parts.headers;
    identity::set(headers, &exchange.user);
    if let Ok(host) = HeaderValue::from_str(&target.authority()) {
        headers.insert(HOST, host);
    }
    let upgrade = wants_upgrade(headers);
    match forward(&target, &tls, &mut exchange.parts, body, upgrade).await {
        Ok(forwarded) => pass_on(forwarded),
        Err(error) if upgrade => respond::text(503, format!("error dialing backend: {error}\n")),
        Err(error) => respond::text(503, format!("error trying to reach service: {error}\n")),
    }
}
