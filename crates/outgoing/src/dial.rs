//! Connections to other servers.

use std::io;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// How long a connection may take (Go's default dialer of the original).
const PATIENCE: Duration = Duration::from_secs(30);

/// Where a request is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Over TLS.
    pub secure: bool,
    /// A name or an address.
    pub host: String,
    /// The port as text: it may come from a request. Empty for that of the scheme.
    pub port: String,
    /// The name that the server's certificate must be for; nothing for the host.
    pub name: Option<String>,
    /// Path and query.
    pub path: String,
}

impl Target {
    /// The scheme.
    pub fn scheme(&self) -> &'static str {
        if self.secure { "https" } else { "http" }
    }

    /// Host and port, as a URL has them.
    pub fn authority(&self) -> String {
        let host = if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() };
        if self.port.is_empty() { host } else { format!("{host}:{}", self.port) }
    }

    fn port(&self) -> Result<u16, String> {
        match self.port.as_str() {
            "" => Ok(if self.secure { 443 } else { 80 }),
            text => text.parse().map_err(|_| format!("dial tcp: lookup tcp/{text}: unknown port")),
        }
    }

    /// Connects. The error is in the words of the original's dialer.
    ///
    /// # Errors
    /// Why there is no connection.
    pub async fn dial(&self, tls: &Arc<ClientConfig>) -> Result<Connection, String> {
        let port = self.port()?;
        let connected = tokio::time::timeout(PATIENCE, TcpStream::connect((self.host.as_str(), port))).await;
        let stream = match connected {
            Ok(Ok(stream)) => stream,
            Ok(Err(error)) => return Err(self.words(port, &error)),
            Err(_) => return Err(format!("{}: i/o timeout", self.dialed(port))),
        };
        let _ = stream.set_nodelay(true);
        if !self.secure {
            return Ok(Connection::Plain(stream));
        }
        let name = self.name.clone().unwrap_or_else(|| self.host.clone());
        let name = ServerName::try_from(name).map_err(|error| error.to_string())?;
        let shaken = TlsConnector::from(Arc::clone(tls)).connect(name, stream);
        match tokio::time::timeout(PATIENCE, shaken).await {
            Ok(Ok(stream)) => Ok(Connection::Tls(Box::new(stream))),
            Ok(Err(error)) => Err(crate::tls::words(&error)),
            Err(_) => Err("net/http: TLS handshake timeout".to_owned()),
        }
    }

    fn dialed(&self, port: u16) -> String {
        let host = if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() };
        format!("dial tcp {host}:{port}")
    }

    fn words(&self, port: u16, error: &io::Error) -> String {
        let why = match error.kind() {
            io::ErrorKind::ConnectionRefused => "connect: connection refused",
            io::ErrorKind::ConnectionReset => "connect: connection reset by peer",
            io::ErrorKind::HostUnreachable => "connect: no route to host",
            io::ErrorKind::NetworkUnreachable => "connect: network is unreachable",
            io::ErrorKind::TimedOut => "i/o timeout",
            _ if self.host.parse::<IpAddr>().is_err() => {
                return format!("dial tcp: lookup {}: no such host", self.host);
            }
            _ => return format!("{}: {error}", self.dialed(port)),
        };
        format!("{}: {why}", self.dialed(port))
    }
}

/// A connection.
pub enum Connection {
    /// Without TLS.
    Plain(TcpStream),
    /// Over TLS.
    Tls(Box<TlsStream<TcpStream>>),
}

impl AsyncRead for Connection {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Connection::Plain(stream) => Pin::new(stream).poll_read(context, buffer),
            Connection::Tls(stream) => Pin::new(stream).poll_read(context, buffer),
        }
    }
}

impl AsyncWrite for Connection {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Connection::Plain(stream) => Pin::new(stream).poll_write(context, bytes),
            Connection::Tls(stream) => Pin::new(stream).poll_write(context, bytes),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Connection::Plain(stream) => Pin::new(stream).poll_flush(context),
            Connection::Tls(stream) => Pin::new(stream).poll_flush(context),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Connection::Plain(stream) => Pin::new(stream).poll_shutdown(context),
            Connection::Tls(stream) => Pin::new(stream).poll_shutdown(context),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(host: &str, port: &str) -> Target {
        Target {
            secure: false,
            host: host.to_owned(),
            port: port.to_owned(),
            name: None,
            path: "/".to_owned(),
        }
    }

    #[test]
    fn authorities() {
        assert_eq!(target("10.0.0.1", "80").authority(), "10.0.0.1:80");
        assert_eq!(target("::1", "80").authority(), "[::1]:80");
        assert_eq!(target("a", "").authority(), "a");
    }

    #[tokio::test]
    async fn errors_are_in_the_originals_words() {
        let tls = crate::client_config(crate::Trust::Anybody, None).expect("no certificates are needed");
        let closed = std::net::TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
        let port = closed.expect("a free port").port().to_string();
        for (target, error) in [
            (target("127.0.0.1", &port), format!("dial tcp 127.0.0.1:{port}: connect: connection refused")),
            (target("127.0.0.1", "x"), "dial tcp: lookup tcp/x: unknown port".to_owned()),
        ] {
            assert_eq!(target.dial(&tls).await.err(), Some(error));
        }
    }
}
