//! Asking another API server whether it answers, and what it serves.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, Request, header};
use object::{Value, json};
use registry::User;

use super::identity;
use super::service::ApiService;
use crate::api::Api;

/// How long it may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);
/// The longest answer that is read.
const LIMIT: usize = 8 << 20;

impl Api {
    /// Asks the server of an APIService for what it serves, and remembers the answer for discovery.
    ///
    /// # Errors
    /// Why it can't be relied on, as the condition `Available` tells it.
    pub async fn probe(&self, api_service: &Value) -> Result<(), String> {
        let found = ApiService::read(api_service);
        let Some(service) = &found.service else { return Ok(()) };
        let path = format!("/apis/{}/{}", found.group, found.version);
        let by_endpoints = self.backends.aggregated.by_endpoints;
        let target = service
            .resolve(&*self.registry, by_endpoints, &path)
            .ok_or_else(|| format!("service {}/{} has no address", service.namespace, service.name))?;
        let tls = self.remotes.tls(self, &found.authorities)?;
        let mut request = Request::new(Bytes::new());
        let aggregator = User {
            name: "system:kube-aggregator".to_owned(),
            groups: vec!["system:masters".to_owned()],
            ..User::default()
        };
        identity::set(request.headers_mut(), &aggregator);
        request.headers_mut().insert(header::ACCEPT, HeaderValue::from_static("application/json"));
        let url = outgoing::url(&target);
        let answer = outgoing::send(&target, &tls, request, (PATIENCE, LIMIT))
            .await
            .map_err(|why| format!("failing or missing response from {url}: {why}"))?;
        if !answer.code.is_success() {
            return Err(format!(
                "failing or missing response from {url}: bad status from {url}: {}",
                answer.code.as_u16()
            ));
        }
        if let Ok(list) = json::parse(&answer.body) {
            self.remotes.resources.lock().insert(found.name, list);
        }
        Ok(())
    }
}
