//! The way of a request: each step is a function of its own, in the order of the original's handler chain.
//!
//! identify (audit id) -> panics are 500 -> parse -> deadline -> cross-origin -> authenticate -> impersonate -> limit
//! -> authorize -> answer.

use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::{Duration, Instant};

use access::authentication::{Authentication, ClientCertificates, Credentials, strip_websocket_token};
use access::authorization::{self, Attributes, Decision};
use access::{impersonation, users};
use http::header::{ACCEPT_ENCODING, CONNECTION, HeaderName, HeaderValue, RETRY_AFTER};
use http::{HeaderMap, Request, request};
use http_body_util::BodyExt;
use hyper::body::{Body, Incoming};
use registry::{User, Warnings};
use status::Status;

use crate::api::Api;
use crate::exchange::{Exchange, Payload};
use crate::health::Endpoint;
use crate::request_info::RequestInfo;
use crate::respond::{self, Answer};
use crate::url::{Query, decode_path};
use crate::{answer, compress, cors, duration, warning};

const AUDIT_ID: HeaderName = HeaderName::from_static("audit-id");
const FLOW_SCHEMA: HeaderName = HeaderName::from_static("x-kubernetes-pf-flowschema-uid");
const PRIORITY_LEVEL: HeaderName = HeaderName::from_static("x-kubernetes-pf-prioritylevel-uid");

/// Answers `request`, which came over a connection whose client sent `certificates`.
pub async fn handle(api: &Arc<Api>, certificates: &ClientCertificates, request: Request<Incoming>) -> Answer {
    let (parts, body) = request.into_parts();
    let mut body = Some(body);
    let audit_id = parts.headers.get(AUDIT_ID).cloned().unwrap_or_else(uuid_header);
    let mut answer = match survive(serve(api, certificates, parts, &mut body)).await {
        Some(answer) => answer,
        None => {
            tracing::error!(audit_id = audit_id.to_str().unwrap_or(""), "a request handler panicked");
            respond::text(500, "This request caused apiserver to panic. Look in the logs for details.\n")
        }
    };
    answer.headers_mut().insert(AUDIT_ID, audit_id);
    drain(body).await;
    answer
}

/// Reads what is left of a body, so that the connection can be used again; a long one is not worth it.
async fn drain(body: Payload) {
    const WORTH: usize = 256 * 1024;
    let Some(mut body) = body else { return };
    let mut read = 0;
    while !body.is_end_stream() && read < WORTH {
        match tokio::time::timeout(Duration::from_secs(1), body.frame()).await {
            Ok(Some(Ok(frame))) => read += frame.data_ref().map_or(0, |data| data.len()),
            _ => return,
        }
    }
}

/// A new random UUID as a header's value.
pub(crate) fn uuid_header() -> HeaderValue {
    HeaderValue::try_from(meta::new_uid(&meta::SystemRandomness).as_str())
        .unwrap_or(HeaderValue::from_static(""))
}

/// The future's output, or nothing if it panics.
async fn survive<T>(future: impl Future<Output = T>) -> Option<T> {
    let mut future = pin!(future);
    poll_fn(|context| match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context))) {
        Ok(poll) => poll.map(Some),
        Err(_) => Poll::Ready(None),
    })
    .await
}

async fn serve(
    api: &Arc<Api>,
    certificates: &ClientCertificates,
    parts: request::Parts,
    body: &mut Payload,
) -> Answer {
    let mut exchange = match parse(parts) {
        Ok(exchange) => exchange,
        Err(answer) => return *answer,
    };
    let start = Instant::now();
    let mut answer = match open(api, &exchange).and_then(|()| deadline(api, &exchange)) {
        Err(refusal) => respond::status(&refusal, &exchange.view()),
        Ok(Some(time)) => {
            match tokio::time::timeout(time, cross_origin(api, certificates, &mut exchange, body)).await {
                Ok(answer) => answer,
                Err(_) => respond::status(
                    &Status::timeout("request did not complete within the allotted timeout", 0),
                    &exchange.view(),
                ),
            }
        }
        Ok(None) => cross_origin(api, certificates, &mut exchange, body).await,
    };
    warning::add_headers(&mut answer, &exchange.warnings);
    respond::forbid_caching(&mut answer);
    api.metrics.answered(&exchange, &api.served(), answer.status().as_u16(), start.elapsed());
    compress::compress(exchange.header(ACCEPT_ENCODING), &mut answer);
    answer
}

/// Reads the head. What can't be read is refused before anything else is looked at.
fn parse(parts: request::Parts) -> Result<Exchange, Box<Answer>> {
    let Some(path) = decode_path(parts.uri.path()).map(|path| path.into_owned()) else {
        let mut answer =
            respond::raw(400, "text/plain; charset=utf-8", bytes::Bytes::from("400 Bad Request"));
        answer.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        return Err(Box::new(answer));
    };
    let query = Query::parse(parts.uri.query().unwrap_or(""));
    match RequestInfo::parse(&parts.method, &path, &query) {
        Ok(info) => Ok(Exchange {
            parts,
            path,
            query,
            info,
            user: Arc::new(User::default()),
            warnings: Warnings::default(),
        }),
        Err(_) => {
            let target = parts.uri.path_and_query().map_or("", |target| target.as_str());
            Err(Box::new(respond::text(
                500,
                format!(
                    "Internal Server Error: {}: failed to create RequestInfo: unable to determine kind and \
                     namespace from url, {target}\n",
                    status::go_quote(target)
                ),
            )))
        }
    }
}

/// Refuses what comes before the start is over or after the end has begun, health checks apart.
fn open(api: &Api, exchange: &Exchange) -> Result<(), Box<Status>> {
    let why = match (api.health.is_started(), api.is_stopping()) {
        (true, false) => return Ok(()),
        _ if Endpoint::of(&exchange.path).is_some() => return Ok(()),
        (_, true) => "apiserver is shutting down",
        (false, _) => "apiserver is not ready",
    };
    Err(Status::service_unavailable(why).with_retry_after(1))
}

/// How long the request may take; nothing for watches and streams.
fn deadline(api: &Api, exchange: &Exchange) -> Result<Option<Duration>, Box<Status>> {
    if exchange.info.long_running() {
        return Ok(None);
    }
    let limit = api.settings.request_timeout;
    let asked = match exchange.query.get("timeout").filter(|text| !text.is_empty()) {
        None => Duration::ZERO,
        Some(text) => duration::parse(text).map_err(|error| {
            Status::bad_request(format!("invalid timeout specified in the request URL - {error}"))
        })?,
    };
    Ok(Some(if asked.is_zero() { limit } else { asked.min(limit) }))
}

async fn cross_origin(
    api: &Arc<Api>,
    certificates: &ClientCertificates,
    exchange: &mut Exchange,
    body: &mut Payload,
) -> Answer {
    let origin = cors::allowed_origin(&api.settings.cors_allowed_origins, &exchange.parts.headers);
    let preflight = origin.as_ref().and_then(|_| cors::preflight(&exchange.parts.method));
    let mut answer = match preflight {
        Some(answer) => answer,
        None => admit(api, certificates, exchange, body).await,
    };
    if let Some(origin) = origin {
        cors::add_headers(&mut answer, origin);
    }
    answer
}

/// Who is it, is there room, may they: then the answer.
async fn admit(
    api: &Arc<Api>,
    certificates: &ClientCertificates,
    exchange: &mut Exchange,
    body: &mut Payload,
) -> Answer {
    match authenticate(api, certificates, &exchange.parts.headers, &mut exchange.warnings).await {
        Some(user) => exchange.user = user,
        None => return respond::status(&Status::unauthorized(), &exchange.view()),
    }
    exchange.parts.headers.remove(http::header::AUTHORIZATION);
    strip_websocket_token(&mut exchange.parts.headers);
    if let Err(refusal) = impersonate(api, exchange).await {
        return respond::forbidden(&refusal, &exchange.view());
    }
    let limit = if exchange.read_only() { &api.reads } else { &api.writes };
    let place = (!exchange.info.long_running()).then(|| limit.enter());
    if let Some(None) = place {
        return too_many();
    }
    let mut answer = match authorize(api, &exchange.attributes()).await {
        Ok(()) => answer::answer(api, exchange, body).await,
        Err(refusal) => respond::forbidden(&refusal, &exchange.view()),
    };
    let headers = answer.headers_mut();
    headers.insert(FLOW_SCHEMA, api.flow_control.flow_schema.clone());
    headers.insert(PRIORITY_LEVEL, api.flow_control.priority_level.clone());
    answer
}

/// Who sent the request; nothing if the credentials are wrong, or missing where anonymous requests are not taken.
async fn authenticate(
    api: &Api,
    certificates: &ClientCertificates,
    headers: &HeaderMap,
    warnings: &mut Warnings,
) -> Option<Arc<User>> {
    let credentials = Credentials { headers, certificates };
    match api.authenticator.authenticate(&credentials, warnings).await {
        Authentication::User(user) => Some(user),
        Authentication::Failed => None,
        Authentication::Nobody => api.settings.anonymous.then(|| Arc::new(users::anonymous())),
    }
}

/// Makes the request that of the user it asks to be made as, if its sender may act as them.
async fn impersonate(api: &Api, exchange: &mut Exchange) -> status::Result<()> {
    if let Some(wanted) = impersonation::wanted_user(&mut exchange.parts.headers)? {
        let found = api.impersonation.impersonate(&wanted, &exchange.attributes()).await?;
        exchange.user = Arc::new(found.user);
    }
    Ok(())
}

fn too_many() -> Answer {
    let mut answer = respond::text(429, "Too many requests, please try again later.\n");
    answer.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
    answer
}

/// Whether the user may do what `attributes` say; the refusal if not.
async fn authorize(api: &Api, attributes: &Attributes<'_>) -> status::Result<()> {
    match api.authorizer.authorize(attributes).await {
        Decision::Allow(_) => Ok(()),
        Decision::Deny(reason) | Decision::NoOpinion(reason) => {
            Err(authorization::forbidden(attributes, &reason))
        }
    }
}
