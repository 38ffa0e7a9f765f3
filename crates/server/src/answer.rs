//! What answers a request that may be answered: a page of the server's own, a discovery document, or a resource.

use std::sync::Arc;

use crate::exchange::Payload;
use access::service_account::Discovery;
use bytes::Bytes;
use http::Method;
use http::header::{CACHE_CONTROL, ETAG, HeaderValue, IF_NONE_MATCH, VARY};
use status::Status;

use crate::api::{Api, Served};
use crate::discovery::{self, Tagged};
use crate::exchange::Exchange;
use crate::health::Endpoint;
use crate::json::JsonWriter;
use crate::negotiate::{self, Format, Shapes};
use crate::respond::{self, Answer};
use crate::route::{self, Unrouted};
use crate::{aggregation, metrics, openapi, resource, version};

/// The answer.
pub async fn answer(api: &Arc<Api>, exchange: &mut Exchange, body: &mut Payload) -> Answer {
    let mut answer = match page(api, exchange) {
        Some(answer) => answer,
        None if aggregation::is_remote(api, exchange) => aggregation::answer(api, exchange, body).await,
        None if exchange.path.starts_with("/openapi/") => {
            openapi::answer(api, exchange).await.unwrap_or_else(respond::no_such_page)
        }
        None if exchange.info.resource_request => from_resource(api, exchange, body).await,
        None => respond::no_such_page(),
    };
    if exchange.parts.method == Method::HEAD {
        let length = answer.body().length();
        *answer.body_mut() = crate::body::Body::Empty;
        if let Some(length) = length {
            answer.headers_mut().insert(http::header::CONTENT_LENGTH, HeaderValue::from(length));
        }
    }
    answer
}

async fn from_resource(api: &Arc<Api>, exchange: &mut Exchange, body: &mut Payload) -> Answer {
    // Routes are found by exact text: a path that begins with two slashes leads nowhere.
    if !exchange.path.starts_with("/api/") && !exchange.path.starts_with("/apis/") {
        return respond::no_such_page();
    }
    let served = api.served().clone();
    let found =
        route::find(&served.catalog, &exchange.info, &exchange.parts.method, exchange.route_headers());
    match found {
        Ok(routed) => resource::answer(api, exchange, routed, body).await,
        Err(Unrouted::NoPage) => respond::no_such_page(),
        Err(Unrouted::Status(refusal)) => respond::status(&refusal, &exchange.view()),
    }
}

/// Prometheus' text format.
const METRICS_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8; escaping=underscores";

/// Where pages are that are no resource's.
const PATHS: &[&str] = &[
    "/.well-known/openid-configuration",
    "/healthz",
    "/livez",
    "/metrics",
    "/openapi/v2",
    "/openapi/v3",
    "/openid/v1/jwks",
    "/readyz",
    "/version",
];

/// The page at the request's path, if it is one.
fn page(api: &Api, exchange: &Exchange) -> Option<Answer> {
    let served = api.served();
    let path = exchange.path.as_str();
    if let Some((endpoint, check)) = Endpoint::of(path) {
        return Some(api.health().answer(endpoint, check, &exchange.query));
    }
    if path == "/" {
        return Some(respond::document(index(&served).into(), &exchange.view()));
    }
    let segments: Vec<&str> = path.strip_prefix('/')?.trim_end_matches('/').split('/').collect();
    match segments.as_slice() {
        ["metrics"] => Some(respond::raw(200, METRICS_TYPE, Bytes::from(metrics::page(api)))),
        ["version"] => Some(version_page(exchange)),
        [".well-known", "openid-configuration"] => {
            Some(token_page(exchange, "application/json", &api.token_discovery.configuration))
        }
        ["openid", "v1", "jwks"] => {
            Some(token_page(exchange, "application/jwk-set+json", &api.token_discovery.key_set))
        }
        ["api"] => {
            Some(get_only(exchange, negotiate::OBJECT_TYPES).unwrap_or_else(|| core(api, &served, exchange)))
        }
        ["apis"] => Some(groups(api, &served, exchange)),
        ["api", version] => group_version(api, &served, exchange, "", version),
        ["apis", group] => aggregation::discovery::group(api, &served, group)
            .map(|document| respond::document(document, &exchange.view())),
        ["apis", group, version] if !group.is_empty() => {
            group_version(api, &served, exchange, group, version)
        }
        _ => None,
    }
}

/// `/`: what there is to see.
fn index(served: &Served) -> String {
    let mut paths: Vec<String> = PATHS.iter().map(|path| (*path).to_owned()).collect();
    paths.push("/apis".to_owned());
    for group in served.catalog.groups() {
        let root = if group.name.is_empty() { "/api".to_owned() } else { format!("/apis/{}", group.name) };
        paths.extend(group.versions.iter().map(|version| format!("{root}/{}", version.name)));
        paths.push(root);
    }
    paths.sort();
    JsonWriter::document(|json| json.texts("paths", paths))
}

/// The refusal of a request that a GET-only page that `produces` these types can't answer.
fn get_only(exchange: &Exchange, produces: &[&str]) -> Option<Answer> {
    let refusal = if exchange.parts.method != Method::GET {
        Status::method_not_allowed()
    } else if !negotiate::route_accepts(exchange.route_headers().accept, produces) {
        Status::route_not_acceptable(produces)
    } else {
        return None;
    };
    Some(respond::status(&refusal, &exchange.view()))
}

fn version_page(exchange: &Exchange) -> Answer {
    get_only(exchange, &["application/json"]).unwrap_or_else(|| {
        respond::raw(
            200,
            Format::Json.media_type(),
            Bytes::from(object::json::indent(version::document().as_bytes())),
        )
    })
}

/// A page for those who verify service account tokens elsewhere.
fn token_page(exchange: &Exchange, content_type: &'static str, document: &[u8]) -> Answer {
    get_only(exchange, &[content_type]).unwrap_or_else(|| {
        let mut answer = respond::raw(200, content_type, Bytes::copy_from_slice(document));
        answer.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static(Discovery::CACHE_CONTROL));
        answer
    })
}

fn core(api: &Api, served: &Served, exchange: &Exchange) -> Answer {
    aggregated(exchange, &served.documents.aggregated_core).unwrap_or_else(|| {
        let document = discovery::core_versions(&api.settings.public_address);
        respond::document(document.into(), &exchange.view())
    })
}

fn groups(api: &Api, served: &Served, exchange: &Exchange) -> Answer {
    aggregated(exchange, &aggregation::discovery::aggregated(api, served))
        .unwrap_or_else(|| respond::document(aggregation::discovery::groups(api, served), &exchange.view()))
}

/// `/api/VERSION` and `/apis/GROUP/VERSION`; nothing if nobody knows the group.
fn group_version(
    api: &Api,
    served: &Served,
    exchange: &Exchange,
    group: &str,
    version: &str,
) -> Option<Answer> {
    let known = served.catalog.group(group)?;
    let document = served.documents.version.get(&format!("{group}/{version}"));
    if document.is_none() && aggregation::is_remote(api, exchange) {
        return None;
    }
    let custom = known.versions.iter().flat_map(|version| &version.resources).all(|resource| resource.custom);
    Some(match document {
        Some(document) => get_only(exchange, negotiate::OBJECT_TYPES)
            .unwrap_or_else(|| respond::document(document.clone(), &exchange.view())),
        None if custom => respond::no_such_page(),
        None => respond::status(&Status::no_such_resource(), &exchange.view()),
    })
}

/// The aggregated document, if the client asks for it: the only ones with a tag, and a 304 for who has it.
fn aggregated(exchange: &Exchange, document: &Tagged) -> Option<Answer> {
    let view = exchange.view();
    let output = negotiate::negotiate(view.accept, &[Format::Json, Format::Yaml], Shapes::Discovery)?;
    let content_type = match output.format {
        Format::Yaml => "application/yaml;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList",
        _ => "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList",
    };
    let mut answer = if exchange.header(IF_NONE_MATCH) == Some(document.etag.as_str()) {
        let mut answer = Answer::default();
        *answer.status_mut() = http::StatusCode::NOT_MODIFIED;
        answer
    } else {
        respond::raw(200, content_type, respond::encode(document.json.clone(), output.format, view.pretty))
    };
    let headers = answer.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("public"));
    headers.insert(VARY, HeaderValue::from_static("Accept"));
    if let Ok(etag) = HeaderValue::from_str(&document.etag) {
        headers.insert(ETAG, etag);
    }
    Some(answer)
}
