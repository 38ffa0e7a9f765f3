//! Asking webhooks that convert custom resources.
//!
//! Conversion is asked for in the middle of reading an object. The thread that waits for a webhook gives its place among
//! the async threads to another.

use std::fmt;
use std::sync::{Arc, Weak};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use extensions::conversion::{Caller, Place, Webhook};
use http::header::{CONTENT_TYPE, HOST, HeaderValue};
use http::{Method, Request, Uri};
use object::{Value, json};
use outgoing::{Received, Target, Trust, client_config};
use registry::Registry;
use tokio::runtime::{Handle, RuntimeFlavor};

/// How long a webhook may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// The longest answer that is read.
const LIMIT: usize = 64 << 20;

/// Asks webhooks by URL, and by the services of the cluster.
pub struct Webhooks {
    registry: Weak<Registry>,
    by_endpoints: bool,
    runtime: Handle,
}

impl fmt::Debug for Webhooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Webhooks")
    }
}

impl Webhooks {
    /// Finds services in `registry`, by their endpoints or by their own address. Must be called within a runtime, in
    /// which webhooks are asked.
    pub fn new(registry: &Arc<Registry>, by_endpoints: bool) -> Webhooks {
        Webhooks { registry: Arc::downgrade(registry), by_endpoints, runtime: Handle::current() }
    }

    /// Where a webhook is, and the host by which it is known.
    fn target(&self, place: &Place) -> Result<(Target, String), String> {
        match place {
            Place::Url(url) => {
                let uri: Uri =
                    url.parse().map_err(|error| format!("parse {}: {error}", status::go_quote(url)))?;
                let target = Target {
                    secure: uri.scheme_str() != Some("http"),
                    host: uri.host().unwrap_or("").trim_matches(['[', ']']).to_owned(),
                    port: uri.port_u16().map_or(String::new(), |port| port.to_string()),
                    name: None,
                    path: with_timeout(uri.path()),
                };
                let known = target.authority();
                Ok((target, known))
            }
            Place::Service { namespace, name, port, path } => {
                let path = with_timeout(if path.is_empty() { "/" } else { path });
                let known = format!("{name}.{namespace}.svc:{port}");
                let registry = self.registry.upgrade();
                let target = registry.and_then(|registry| {
                    let service = (namespace.as_str(), name.as_str(), *port);
                    server::service_target(&*registry, service, self.by_endpoints, &path)
                });
                let url = status::go_quote(&format!("https://{known}{path}"));
                let target = target
                    .ok_or_else(|| format!("Post {url}: service {} not found", status::go_quote(name)))?;
                Ok((target, known))
            }
        }
    }

    async fn ask(&self, webhook: &Webhook, review: &Value) -> Result<Value, String> {
        let (target, known) = self.target(&webhook.place)?;
        let bundle = STANDARD.decode(webhook.authorities.as_str()).map_err(|error| error.to_string())?;
        let trust = if bundle.is_empty() { Trust::System } else { Trust::Authorities(&bundle) };
        let tls = client_config(trust, None)?;
        let mut request = Request::new(Bytes::from(json::to_vec(review)));
        *request.method_mut() = Method::POST;
        request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let host = HeaderValue::from_str(&known).map_err(|error| error.to_string())?;
        request.headers_mut().insert(HOST, host);
        let answer = outgoing::send(&target, &tls, request, (PATIENCE, LIMIT)).await;
        // Messages have the name by which the webhook is known, not the address it was found at.
        let answer = answer.map_err(|why| why.replacen(&target.authority(), &known, 1))?;
        read(&answer)
    }
}

fn with_timeout(path: &str) -> String {
    format!("{path}?timeout={}s", PATIENCE.as_secs())
}

/// The document in an answer.
fn read(answer: &Received) -> Result<Value, String> {
    let document = json::parse(&answer.body);
    if answer.code.is_success() {
        return document.map_err(|error| format!("couldn't get version/kind; json parse error: {error}"));
    }
    if let Some(status) = document.ok().filter(|document| document.str_at(["kind"]) == "Status") {
        return Err(status.str_at(["message"]).to_owned());
    }
    let said = String::from_utf8_lossy(&answer.body);
    Err(match answer.code.as_u16() {
        400 => "the server rejected our request for an unknown reason".to_owned(),
        401 => "the server has asked for the client to provide credentials".to_owned(),
        404 => "the server could not find the requested resource".to_owned(),
        405 => "the server does not allow this method on the requested resource".to_owned(),
        429 => "the server has received too many requests and has asked us to try again later".to_owned(),
        500 => {
            let said = status::go_quote(said.trim());
            format!("an error on the server ({said}) has prevented the request from succeeding")
        }
        503 => "the server is currently unable to handle the request".to_owned(),
        504 => "the server was unable to return a response in the time allotted, but may still be processing the \
                request"
            .to_owned(),
        code => format!("the server responded with the status code {code} but did not return more information"),
    })
}

impl Caller for Webhooks {
    fn call(&self, webhook: &Webhook, review: &Value) -> Result<Value, String> {
        let ask = || self.runtime.block_on(self.ask(webhook, review));
        match Handle::try_current().map(|handle| handle.runtime_flavor()) {
            Ok(RuntimeFlavor::CurrentThread) => {
                Err("webhooks that convert need a server with more than one thread".to_owned())
            }
            Ok(_) => tokio::task::block_in_place(ask),
            Err(_) => ask(),
        }
    }

    fn new_uid(&self) -> String {
        meta::new_uid(&meta::SystemRandomness).to_string()
    }
}
