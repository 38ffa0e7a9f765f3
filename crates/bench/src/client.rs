//! One connection that sends one request after the other: HTTP/1.1 over TLS, as little as can be.

use std::io;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HOST};
use hyper::{Method, Request};
use hyper_util::rt::TokioIo;
use object::{Value, json, scan};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::Target;

/// How long an answer may take to begin.
const PATIENCE: Duration = Duration::from_secs(60);

/// A connection to a server. Used by one task at a time.
pub struct Connection {
    sender: SendRequest<Full<Bytes>>,
    target: Target,
}

/// An answer whose body is read whole.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The HTTP status code.
    pub code: u16,
    /// The body.
    pub body: Bytes,
}

impl Reply {
    /// The body as JSON; null if it is none.
    pub fn json(&self) -> Value {
        json::parse(&self.body).unwrap_or_default()
    }

    /// The `metadata` of the list that the body is; null if it is none. The items are not read.
    pub(crate) fn list_metadata(&self) -> Value {
        scan::find(&self.body, &["metadata"]).and_then(|json| json::parse(json).ok()).unwrap_or_default()
    }
}

/// A request as load is made of them.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub method: Method,
    pub path: String,
    /// The media type of the body; empty without one.
    pub content_type: &'static str,
    pub body: Bytes,
}

impl Call {
    pub(crate) fn get(path: String) -> Call {
        Call { method: Method::GET, path, content_type: "", body: Bytes::new() }
    }
}

impl Connection {
    /// Connects.
    ///
    /// # Errors
    /// If the server can't be reached or the TLS handshake fails.
    pub async fn open(target: &Target) -> io::Result<Connection> {
        let stream = TcpStream::connect(&target.authority).await?;
        stream.set_nodelay(true)?;
        let stream = TlsConnector::from(target.tls.clone()).connect(target.name.clone(), stream).await?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await.map_err(io::Error::other)?;
        // It ends when the sender is dropped; an error is seen by whoever waits for an answer.
        tokio::spawn(connection);
        Ok(Connection { sender, target: target.clone() })
    }

    /// Sends a request and reads the whole answer.
    ///
    /// # Errors
    /// If the connection breaks, or no answer comes within a minute.
    pub async fn request(
        &mut self,
        method: &str,
        path: &str,
        content_type: &'static str,
        body: Bytes,
    ) -> io::Result<Reply> {
        let method = method.parse().map_err(io::Error::other)?;
        let (code, body) = self.begin(&Call { method, path: path.to_owned(), content_type, body }).await?;
        let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
        Ok(Reply { code, body })
    }

    /// Sends a request; answers its code and the body, which is still to be read.
    pub(crate) async fn begin(&mut self, call: &Call) -> io::Result<(u16, Incoming)> {
        self.sender.ready().await.map_err(io::Error::other)?;
        let mut request = Request::builder()
            .method(&call.method)
            .uri(&call.path)
            .header(HOST, &self.target.authority)
            .header(ACCEPT, "application/json");
        if let Some(token) = &self.target.token {
            request = request.header(AUTHORIZATION, format!("Bearer {token}"));
        }
        if !call.content_type.is_empty() {
            request = request.header(CONTENT_TYPE, call.content_type);
        }
        let request = request.body(Full::new(call.body.clone())).map_err(io::Error::other)?;
        let answer = tokio::time::timeout(PATIENCE, self.sender.send_request(request)).await;
        let answer =
            answer.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))?.map_err(io::Error::other)?;
        let (head, body) = answer.into_parts();
        Ok((head.status.as_u16(), body))
    }

    /// Sends a request, expects success, and counts the bytes of the body without keeping them.
    pub(crate) async fn count(&mut self, call: &Call) -> io::Result<u64> {
        let (code, mut body) = self.begin(call).await?;
        if !(200..300).contains(&code) {
            let words = body.collect().await.map_err(io::Error::other)?.to_bytes();
            return Err(refused(call, code, &words));
        }
        let mut length = 0;
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(io::Error::other)?;
            length += frame.data_ref().map_or(0, |data| data.len() as u64);
        }
        Ok(length)
    }
}

/// The error of an answer that is none of success.
pub(crate) fn refused(call: &Call, code: u16, words: &[u8]) -> io::Error {
    let words = String::from_utf8_lossy(words);
    let words: String = words.chars().take(500).collect();
    io::Error::other(format!("{} {}: {code}: {words}", call.method, call.path))
}
