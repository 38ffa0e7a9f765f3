//! One request to another server, and its answer read whole.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, HOST, HeaderMap, HeaderValue};
use http::{Request, StatusCode};
use http_body_util::{BodyExt, Full, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;

use crate::dial::Target;

/// An answer.
#[derive(Clone, Debug)]
pub struct Received {
    /// Its status code.
    pub code: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Bytes,
}

/// The URL of a target, for messages.
pub fn url(target: &Target) -> String {
    format!("{}://{}{}", target.scheme(), target.authority(), target.path)
}

/// Sends a request, whose URI is `target`'s, and reads an answer of at most `limit` bytes.
///
/// # Errors
/// In the words of Go's client: `Post "URL": why`; `why` is `context deadline exceeded` after `timeout`.
pub async fn send(
    target: &Target,
    tls: &Arc<ClientConfig>,
    request: Request<Bytes>,
    (timeout, limit): (Duration, usize),
) -> Result<Received, String> {
    let method = request.method().clone();
    let why = match tokio::time::timeout(timeout, exchange(target, tls, request, limit)).await {
        Ok(Ok(answer)) => return Ok(answer),
        Ok(Err(why)) => why,
        Err(_) => "context deadline exceeded".to_owned(),
    };
    let name = method.as_str();
    let name = name.get(..1).unwrap_or("").to_owned() + &name.get(1..).unwrap_or("").to_ascii_lowercase();
    Err(format!("{name} {}: {why}", status::go_quote(&url(target))))
}

async fn exchange(
    target: &Target,
    tls: &Arc<ClientConfig>,
    request: Request<Bytes>,
    limit: usize,
) -> Result<Received, String> {
    let connection = target.dial(tls).await?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(connection)).await.map_err(words)?;
    tokio::spawn(connection);
    let mut request = request.map(Full::new);
    *request.uri_mut() = target.path.parse().map_err(|error: http::uri::InvalidUri| error.to_string())?;
    let host = HeaderValue::from_str(&target.authority()).map_err(|error| error.to_string())?;
    request.headers_mut().entry(HOST).or_insert(host);
    request.headers_mut().entry(ACCEPT).or_insert(HeaderValue::from_static("application/json, */*"));
    let (parts, body) = sender.send_request(request).await.map_err(words)?.into_parts();
    let body = Limited::new(body, limit).collect().await.map_err(|error| error.to_string())?;
    Ok(Received { code: parts.status, headers: parts.headers, body: body.to_bytes() })
}

fn words(error: hyper::Error) -> String {
    if error.is_incomplete_message() { "EOF".to_owned() } else { error.to_string() }
}
