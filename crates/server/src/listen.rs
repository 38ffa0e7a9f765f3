//! Sockets: connections are taken, spoken to in HTTP/1.1 or HTTP/2, and drained at the end.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use access::authentication::ClientCertificates;
use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use rustls::ServerConfig;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use crate::api::Api;
use crate::pipeline;
use crate::tasks::Tasks;

/// How long a client may take for the TLS handshake.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// How long a client may take for the head of a request.
const HEAD: Duration = Duration::from_secs(32);
/// How long to wait when no connection can be taken, for want of descriptors for instance.
const PAUSE: Duration = Duration::from_millis(50);
/// How long connections may take to end once the server stops.
const GRACE: Duration = Duration::from_secs(60);

/// A server: listens, and answers through its [`Api`].
pub struct Server {
    listener: TcpListener,
    tls: TlsAcceptor,
    api: Arc<Api>,
}

impl Server {
    /// Listens on `address`.
    ///
    /// # Errors
    /// If the address can't be listened on.
    pub async fn bind(address: SocketAddr, tls: Arc<ServerConfig>, api: Arc<Api>) -> io::Result<Server> {
        let listener = TcpListener::bind(address).await?;
        Ok(Server { listener, tls: TlsAcceptor::from(tls), api })
    }

    /// The address listened on (with the real port where 0 was asked for).
    ///
    /// # Errors
    /// If the system does not say.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Serves until [`Api::stop`] is called, then until every request under way is answered.
    pub async fn run(self) {
        let tasks = Tasks::default();
        loop {
            let stream = tokio::select! {
                accepted = self.listener.accept() => accepted,
                () = self.api.stopped() => break,
            };
            match stream {
                Ok((stream, _)) => {
                    tasks.spawn(connection(self.tls.clone(), Arc::clone(&self.api), stream));
                }
                Err(error) => {
                    tracing::warn!(%error, "can't take a connection");
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
        drop(self.listener);
        if tokio::time::timeout(GRACE, tasks.finished()).await.is_err() {
            tracing::warn!("connections are still open after {} s: leaving them", GRACE.as_secs());
        }
    }
}

async fn connection(tls: TlsAcceptor, api: Arc<Api>, stream: TcpStream) {
    let _ = stream.set_nodelay(true);
    let stream = match tokio::time::timeout(HANDSHAKE, tls.accept(stream)).await {
        Ok(Ok(stream)) => stream,
        Ok(Err(error)) => {
            tracing::debug!(%error, "TLS handshake failed");
            return;
        }
        Err(_) => return,
    };
    let session = stream.get_ref().1;
    let sent = session.peer_certificates().unwrap_or_default();
    let sent = sent.iter().map(|certificate| certificate.clone().into_owned()).collect();
    let certificates = Arc::new(ClientCertificates::new(sent));
    if session.alpn_protocol() == Some(b"h2") {
        http2(api, certificates, stream).await;
    } else {
        http1(api, certificates, stream).await;
    }
}

async fn http1(api: Arc<Api>, certificates: Arc<ClientCertificates>, stream: TlsStream<TcpStream>) {
    let service = service_fn(|request: hyper::Request<Incoming>| async {
        Ok::<_, std::convert::Infallible>(pipeline::handle(&api, &certificates, request).await)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    let mut connection = std::pin::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = api.stopped() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    note(ended);
}

async fn http2(api: Arc<Api>, certificates: Arc<ClientCertificates>, stream: TlsStream<TcpStream>) {
    let service = {
        let api = Arc::clone(&api);
        service_fn(move |request: hyper::Request<Incoming>| {
            let (api, certificates) = (Arc::clone(&api), Arc::clone(&certificates));
            async move { Ok::<_, std::convert::Infallible>(pipeline::handle(&api, &certificates, request).await) }
        })
    };
    let connection = http2::Builder::new(TokioExecutor::new())
        .timer(TokioTimer::new())
        .max_concurrent_streams(api.settings.http2_streams)
        .keep_alive_interval(Duration::from_secs(30))
        .keep_alive_timeout(Duration::from_secs(15))
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = std::pin::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = api.stopped() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    note(ended);
}

fn note(ended: hyper::Result<()>) {
    if let Err(error) = ended {
        tracing::debug!(%error, "connection ended");
    }
}
