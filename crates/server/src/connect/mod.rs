//! What leads out of this server: logs, exec, attach and port-forward of pods, and requests proxied to pods, services
//! and nodes.
//!
//! First it is found out where to, with all the refusals that can come of that; then the request is handed on.

mod log_options;
mod nodes;
mod pods;
mod query;
mod services;
mod target_id;

use std::sync::Arc;

use access::authorization::{Attributes, Decision};
use object::Value;
use registry::{Lookup, Request, Verb};
use status::{Result, Status};

use crate::api::Api;
use crate::exchange::{Exchange, Payload};
use crate::proxy::{ForwardError, Target, forward, pass_on, wants_upgrade};
use crate::respond::{self, Answer};
use crate::route::Routed;

/// The answer to a request that leads out of this server.
pub(crate) async fn answer(
    api: &Arc<Api>,
    exchange: &mut Exchange,
    routed: &Routed,
    body: &mut Payload,
) -> Answer {
    let subresource = routed.subresource.as_ref().map_or("", |subresource| subresource.name.as_str());
    let answered = match (routed.resource.resource.as_str(), subresource) {
        ("pods", "log") => log(api, exchange, body).await,
        ("pods", "exec" | "attach" | "portforward") => stream(api, exchange, routed, body).await,
        (_, "proxy") => proxied(api, exchange, routed, body).await,
        _ => Err(Status::no_such_resource()),
    };
    answered.unwrap_or_else(|refusal| respond::status(&refusal, &exchange.view()))
}

/// Where to, and with which certificates.
struct Way {
    target: Target,
    kubelet: bool,
}

async fn log(api: &Arc<Api>, exchange: &mut Exchange, body: &mut Payload) -> Result<Answer> {
    let options = log_options::read(&exchange.query, &exchange.info.name)?;
    let info = &exchange.info;
    let Some(target) = pods::log(api, (&info.namespace, &info.name), &options)? else {
        let mut nothing = Answer::default();
        *nothing.status_mut() = http::StatusCode::NO_CONTENT;
        return Ok(nothing);
    };
    let url = format!("{}://{}{}", target.scheme(), target.authority(), target.path);
    let forwarded = forward(&target, &api.backends.kubelet, &mut exchange.parts, body, false)
        .await
        .map_err(|error| Status::unknown(format_args!("Get {}: {error}", status::go_quote(&url))))?;
    let code = forwarded.response.status();
    if !code.is_success() {
        return Err(Status::internal(format_args!("the kubelet answered {code}")));
    }
    let mut answer = pass_on(forwarded);
    answer.headers_mut().insert(http::header::CONTENT_TYPE, http::HeaderValue::from_static("text/plain"));
    Ok(answer)
}

async fn stream(
    api: &Arc<Api>,
    exchange: &mut Exchange,
    routed: &Routed,
    body: &mut Payload,
) -> Result<Answer> {
    let info = &exchange.info;
    let kind = pods::StreamKind::of(&info.subresource);
    let options = kind.options(&exchange.query)?;
    admit(api, exchange, routed, options.clone()).await?;
    if exchange.parts.method == http::Method::GET {
        check_create(api, exchange).await?;
    }
    let info = &exchange.info;
    let target = pods::stream(api, (&info.namespace, &info.name), kind, &options)?;
    if !wants_upgrade(&exchange.parts.headers) {
        return Err(Status::bad_request("Upgrade request required"));
    }
    let forwarded = forward(&target, &api.backends.kubelet, &mut exchange.parts, body, true).await;
    match forwarded {
        Ok(forwarded) => Ok(pass_on(forwarded)),
        Err(ForwardError::Dial(why)) => Err(Status::unknown(format_args!("error dialing backend: {why}"))),
        Err(error) => Err(Status::unknown(format_args!("error sending request: {error}"))),
    }
}

/// Opening a stream is creating one, whatever the method: a GET needs that right, too.
async fn check_create(api: &Api, exchange: &Exchange) -> Result<()> {
    let asked = Attributes { verb: "create", ..exchange.attributes() };
    match api.authorizer.authorize(&asked).await {
        Decision::Allow(_) => Ok(()),
        Decision::Deny(reason) | Decision::NoOpinion(reason) => {
            Err(Status::forbidden(asked.group, asked.resource, asked.name, reason))
        }
    }
}

async fn proxied(
    api: &Arc<Api>,
    exchange: &mut Exchange,
    routed: &Routed,
    body: &mut Payload,
) -> Result<Answer> {
    let path = below_proxy(&exchange.path, routed.resource.namespaced);
    let (resource, kind) = match routed.resource.resource.as_str() {
        "pods" => (Proxied::Pod, "PodProxyOptions"),
        "services" => (Proxied::Service, "ServiceProxyOptions"),
        _ => (Proxied::Node, "NodeProxyOptions"),
    };
    let mut options = query::options(kind);
    if !path.is_empty() {
        options.set("path", path.as_str());
    }
    admit(api, exchange, routed, options).await?;
    let info = &exchange.info;
    let mut way = match resource {
        Proxied::Pod => pods::proxy(&*api.registry, &info.namespace, &info.name)?,
        Proxied::Service => services::proxy(&*api.registry, &info.namespace, &info.name)?,
        Proxied::Node => nodes::proxy(api, &info.name)?,
    };
    let upgrade = wants_upgrade(&exchange.parts.headers);
    if path.is_empty() && !upgrade {
        return Ok(to_root(exchange));
    }
    way.target.path = query::target(&path, exchange.parts.uri.query());
    let tls = if way.kubelet { &api.backends.kubelet } else { &api.backends.anybody };
    match forward(&way.target, tls, &mut exchange.parts, body, upgrade).await {
        Ok(forwarded) => Ok(pass_on(forwarded)),
        Err(error) if upgrade => Err(Status::unknown(format_args!("error dialing backend: {error}"))),
        Err(error) => Err(Status::service_unavailable(format!("error trying to reach service: {error}"))),
    }
}

/// What requests are proxied to.
enum Proxied {
    Pod,
    Service,
    Node,
}

/// What follows `/proxy` in the path, with its leading slash.
fn below_proxy(path: &str, namespaced: bool) -> String {
    // "", api, v1, [namespaces, NAMESPACE,] RESOURCE, NAME, proxy
    let segments = if namespaced { 8 } else { 6 };
    path.splitn(segments + 1, '/').nth(segments).map_or(String::new(), |rest| format!("/{rest}"))
}

/// Sends the client to the root of what is proxied: relative links lead nowhere without the slash.
fn to_root(exchange: &Exchange) -> Answer {
    let place = query::target(&format!("{}/", exchange.path), exchange.parts.uri.query());
    let mut answer = Answer::default();
    *answer.status_mut() = http::StatusCode::MOVED_PERMANENTLY;
    if let Ok(place) = http::HeaderValue::from_str(&place) {
        answer.headers_mut().insert(http::header::LOCATION, place);
    }
    answer
}

/// Asks admission about the stream or proxied request that `options` describe.
async fn admit(api: &Api, exchange: &mut Exchange, routed: &Routed, options: Value) -> Result<()> {
    let info = &exchange.info;
    let request = Request {
        verb: Verb::Create,
        resource: Arc::clone(&routed.resource),
        subresource: routed.subresource.clone(),
        namespace: if routed.resource.namespaced { info.namespace.clone() } else { "".into() },
        name: info.name.clone(),
        user: Arc::clone(&exchange.user),
        user_agent: exchange.header(http::header::USER_AGENT).unwrap_or("").into(),
    };
    api.registry.admit_connect(&request, options, &mut exchange.warnings).await
}

/// An object of the core group, or 404.
fn find(lookup: &dyn Lookup, resource: &str, namespace: &str, name: &str) -> Result<Value> {
    lookup.get("", resource, namespace, name).ok_or_else(|| Status::not_found("", resource, name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_below_keeps_its_slashes() {
        for (path, namespaced, below) in [
            ("/api/v1/namespaces/n/pods/p/proxy", true, ""),
            ("/api/v1/namespaces/n/pods/p/proxy/", true, "/"),
            ("/api/v1/namespaces/n/services/p/proxy/a/proxy/", true, "/a/proxy/"),
            ("/api/v1/nodes/n/proxy", false, ""),
            ("/api/v1/nodes/n/proxy/stats/x", false, "/stats/x"),
        ] {
            assert_eq!(below_proxy(path, namespaced), below, "{path}");
        }
    }
}
