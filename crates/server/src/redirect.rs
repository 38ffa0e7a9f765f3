//! Plain HTTP, for those who forgot the `s`: a 307 to the TLS address, which keeps method and body (RFC 9110, 15.4.8).

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use http::header::{CONNECTION, HOST, LOCATION};
use http::{HeaderValue, Request};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

use crate::api::Api;
use crate::respond::{self, Answer};

/// How long a client may take for the head of its request.
const HEAD: Duration = Duration::from_secs(10);
/// How many clients are spoken to at a time; more wait.
const CLIENTS: usize = 256;
/// How long to wait when no connection can be taken.
const PAUSE: Duration = Duration::from_millis(50);

/// Listens in plain HTTP and sends everybody to the TLS port.
pub struct Redirect {
    listener: TcpListener,
    port: u16,
    api: Arc<Api>,
}

impl Redirect {
    /// Listens on `address` for requests that belong to `port` on the same host.
    ///
    /// # Errors
    /// If the address can't be listened on.
    pub async fn bind(address: SocketAddr, port: u16, api: Arc<Api>) -> io::Result<Redirect> {
        Ok(Redirect { listener: TcpListener::bind(address).await?, port, api })
    }

    /// Redirects until [`Api::stop`] is called.
    pub async fn run(self) {
        let clients = Arc::new(Semaphore::new(CLIENTS));
        loop {
            let accepted = tokio::select! {
                accepted = self.listener.accept() => accepted,
                () = self.api.stopped() => return,
            };
            let (Ok((stream, _)), Ok(place)) = (accepted, Arc::clone(&clients).acquire_owned().await) else {
                tokio::time::sleep(PAUSE).await;
                continue;
            };
            let port = self.port;
            tokio::spawn(async move {
                let _place = place;
                connection(stream, port).await;
            });
        }
    }
}

/// Answers one request, and closes.
async fn connection(stream: TcpStream, port: u16) {
    let service =
        service_fn(|request: Request<Incoming>| async move { Ok::<_, Infallible>(answer(&request, port)) });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .keep_alive(false)
        .serve_connection(TokioIo::new(stream), service);
    if let Err(error) = connection.await {
        tracing::debug!(%error, "a redirected connection ended");
    }
}

fn answer<B>(request: &Request<B>, port: u16) -> Answer {
    let host = request.headers().get(HOST).and_then(|host| host.to_str().ok());
    let location = host.and_then(|host| location(host, port, request.uri()));
    let mut answer = match location {
        Some(location) => {
            let mut answer = Answer::default();
            *answer.status_mut() = http::StatusCode::TEMPORARY_REDIRECT;
            answer.headers_mut().insert(LOCATION, location);
            answer
        }
        None => respond::text(
            400,
            "This server speaks TLS, and the request does not say to which host it came.\n",
        ),
    };
    answer.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    answer
}

/// Where a request to `host` (with a port or without) belongs.
fn location(host: &str, port: u16, uri: &http::Uri) -> Option<HeaderValue> {
    let name = host.parse::<http::uri::Authority>().ok()?.host().to_owned();
    let target = uri.path_and_query().map_or("/", |target| target.as_str());
    HeaderValue::try_from(format!("https://{name}:{port}{target}")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_stays_and_the_port_changes() {
        for (host, target, expected) in [
            ("a.b:80", "/api/v1?x=y", Some("https://a.b:6443/api/v1?x=y")),
            ("127.0.0.1", "/", Some("https://127.0.0.1:6443/")),
            ("[::1]:8080", "/a%20b", Some("https://[::1]:6443/a%20b")),
            ("a b", "/", None),
            ("", "/", None),
        ] {
            let found = location(host, 6443, &target.parse().unwrap());
            assert_eq!(found.as_ref().and_then(|value| value.to_str().ok()), expected, "{host}");
        }
    }
}
