//! Sockets: connections are taken, spoken to in HTTP/1.1 or HTTP/2, and drained at the end.

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
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
use crate::respond::Answer;
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
                    tasks.spawn(accept(self.tls.clone(), Arc::clone(&self.api), stream, tasks.clone()));
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

/// Shakes hands, then leaves the connection to a task of its own: a handshake needs much more memory than what
/// follows, and tasks are as large as the largest part of them.
async fn accept(tls: TlsAcceptor, api: Arc<Api>, stream: TcpStream, tasks: Tasks) {
    let _ = stream.set_nodelay(true);
    let stream = match tokio::time::timeout(HANDSHAKE, tls.accept(stream)).await {
        Ok(Ok(stream)) => stream,
        Ok(Err(error)) => {
            api.metrics.handshake_errors.add();
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
        tasks.spawn(http2(api, certificates, stream));
    } else {
        tasks.spawn(http1(api, certificates, stream));
    }
}

/// Answers requests over HTTP/1.1.
fn http1(
    api: Arc<Api>,
    certificates: Arc<ClientCertificates>,
    stream: TlsStream<TcpStream>,
) -> impl Future<Output = ()> + Send {
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .serve_connection(TokioIo::new(stream), service_fn(answers(&api, certificates)))
        .with_upgrades();
    until_stopped(api, connection, |connection| connection.graceful_shutdown())
}

/// Answers requests over HTTP/2.
fn http2(
    api: Arc<Api>,
    certificates: Arc<ClientCertificates>,
    stream: TlsStream<TcpStream>,
) -> impl Future<Output = ()> + Send {
    let connection = http2::Builder::new(TokioExecutor::new())
        .timer(TokioTimer::new())
        .max_concurrent_streams(api.settings.http2_streams)
        .keep_alive_interval(Duration::from_secs(30))
        .keep_alive_timeout(Duration::from_secs(15))
        .serve_connection(TokioIo::new(stream), service_fn(answers(&api, certificates)));
    until_stopped(api, connection, |connection| connection.graceful_shutdown())
}

/// Runs a connection to its end, which it is asked to come to when the server stops.
fn until_stopped<C>(
    api: Arc<Api>,
    connection: C,
    shut_down: fn(Pin<&mut C>),
) -> impl Future<Output = ()> + Send
where
    C: Future<Output = hyper::Result<()>> + Send,
{
    let mut connection = Box::pin(connection);
    async move {
        let ended = tokio::select! {
            ended = connection.as_mut() => ended,
            () = api.stopped() => {
                shut_down(connection.as_mut());
                connection.await
            }
        };
        note(ended);
    }
}

/// What answers the requests of a connection.
fn answers(
    api: &Arc<Api>,
    certificates: Arc<ClientCertificates>,
) -> impl Fn(hyper::Request<Incoming>) -> Answering + use<> {
    let api = Arc::clone(api);
    move |request| {
        let (api, certificates) = (Arc::clone(&api), Arc::clone(&certificates));
        Box::pin(async move { Ok(pipeline::handle(&api, &certificates, request).await) })
    }
}

/// A request that is being answered. In a box: a connection waits for requests most of its time, and would keep the
/// room for one.
type Answering = Pin<Box<dyn Future<Output = Result<Answer, Infallible>> + Send>>;

fn note(ended: hyper::Result<()>) {
    if let Err(error) = ended {
        tracing::debug!(%error, "connection ended");
    }
}
