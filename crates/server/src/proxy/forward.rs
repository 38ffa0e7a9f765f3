//! One request to another server, and its answer.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;
use http::header::HOST;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode};
use http_body::Body as _;
use http_body_util::{BodyExt, Empty, combinators::BoxBody};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;

use outgoing::Target;

use super::headers;
use crate::body::Body;
use crate::exchange::Payload;
use crate::respond::Answer;

/// Why there is no answer.
#[derive(Debug)]
pub(crate) enum ForwardError {
    /// No connection could be made.
    Dial(String),
    /// It broke before an answer came.
    Broken(String),
}

impl std::fmt::Display for ForwardError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (ForwardError::Dial(why) | ForwardError::Broken(why)) = self;
        f.write_str(why)
    }
}

/// The other server's answer, and the client's end if it asked to upgrade.
pub(crate) struct Forwarded {
    /// The answer.
    pub(crate) response: Response<Incoming>,
    client: Option<OnUpgrade>,
}

/// Sends the request with the head `parts` and `body` to `target`. With `upgrade` the client's wish to upgrade is
/// passed on.
pub(crate) async fn forward(
    target: &Target,
    tls: &Arc<ClientConfig>,
    parts: &mut Parts,
    body: &mut Payload,
    upgrade: bool,
) -> Result<Forwarded, ForwardError> {
    let connection = target.dial(tls).await.map_err(ForwardError::Dial)?;
    let broken = |error: hyper::Error| ForwardError::Broken(words(&error));
    let (mut sender, connection) = http1::handshake(TokioIo::new(connection)).await.map_err(broken)?;
    tokio::spawn(async move {
        if let Err(error) = connection.with_upgrades().await {
            tracing::debug!(%error, "a proxied connection ended");
        }
    });
    let mut request = Request::new(match body.take() {
        Some(body) if !body.is_end_stream() => body.boxed(),
        _ => Empty::new().map_err(|never| match never {}).boxed(),
    });
    *request.method_mut() = parts.method.clone();
    *request.uri_mut() = target
        .path
        .parse()
        .map_err(|error: http::uri::InvalidUri| ForwardError::Broken(error.to_string()))?;
    *request.headers_mut() = request_headers(target, parts, upgrade);
    let client = upgrade.then(|| parts.extensions.remove::<OnUpgrade>()).flatten();
    let response = sender.send_request(request as Request<BoxBody<Bytes, hyper::Error>>).await;
    Ok(Forwarded { response: response.map_err(broken)?, client })
}

fn request_headers(target: &Target, parts: &Parts, upgrade: bool) -> HeaderMap {
    let mut sent = parts.headers.clone();
    headers::strip(&mut sent, upgrade);
    // HTTP/2 has the host in the URI.
    let authority = parts.uri.authority().and_then(|one| HeaderValue::from_str(one.as_str()).ok());
    let host = sent.get(HOST).cloned().or(authority);
    headers::add_origin(&mut sent, &parts.uri, host.clone());
    let fallback = || HeaderValue::from_str(&target.authority()).ok();
    if let Some(host) = host.or_else(fallback) {
        sent.insert(HOST, host);
    }
    sent
}

fn words(error: &hyper::Error) -> String {
    if error.is_incomplete_message() { "EOF".to_owned() } else { error.to_string() }
}

/// The answer for the client: streamed as it comes, or the tunnel if both ends have agreed to one.
pub(crate) fn pass_on(forwarded: Forwarded) -> Answer {
    let Forwarded { mut response, client } = forwarded;
    if response.status() == StatusCode::SWITCHING_PROTOCOLS
        && let Some(client) = client
    {
        let backend = hyper::upgrade::on(&mut response);
        tokio::spawn(tunnel(client, backend));
        let mut answer = Answer::default();
        *answer.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
        *answer.headers_mut() = response.headers().clone();
        return answer;
    }
    let (parts, body) = response.into_parts();
    let mut answer = Answer::new(if body.is_end_stream() { Body::Empty } else { Body::stream(Passed(body)) });
    *answer.status_mut() = parts.status;
    *answer.headers_mut() = parts.headers;
    headers::strip(answer.headers_mut(), false);
    answer
}

/// Passes bytes both ways until both ends are done, or one is gone.
async fn tunnel(client: OnUpgrade, backend: OnUpgrade) {
    let (Ok(client), Ok(backend)) = tokio::join!(client, backend) else { return };
    let (mut client, mut backend) = (TokioIo::new(client), TokioIo::new(backend));
    if let Err(error) = tokio::io::copy_bidirectional(&mut client, &mut backend).await {
        tracing::debug!(%error, "a tunnel broke");
    }
}

/// Another server's body as ours; it ends where it breaks.
struct Passed(Incoming);

impl Stream for Passed {
    type Item = Bytes;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Bytes>> {
        let body = &mut self.get_mut().0;
        loop {
            match ready!(Pin::new(&mut *body).poll_frame(context)) {
                Some(Ok(frame)) => {
                    if let Ok(bytes) = frame.into_data() {
                        return Poll::Ready(Some(bytes));
                    }
                }
                Some(Err(_)) | None => return Poll::Ready(None),
            }
        }
    }
}
