//! A server that does nothing but answer: hyper and rustls with an object's bytes at hand. What it reaches in the same
//! run, on the same machine and with the same client, is what any server of this kind could at most.

use std::convert::Infallible;
use std::io;
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::net::TcpListener;
use tokio::process::{Child, Command};
use tokio_rustls::TlsAcceptor;

use crate::Target;

/// A bare server in a process of its own. Killed when dropped.
pub struct Bare {
    /// How to reach it.
    pub target: Target,
    child: Child,
}

impl Bare {
    /// Its process id.
    pub fn id(&self) -> Option<u32> {
        self.child.id()
    }

    /// Starts this program as one.
    pub async fn start(program: &Path, length: usize) -> io::Result<Bare> {
        let mut child = Command::new(program)
            .args(["bench", "--bare", &length.to_string()])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let output = child.stdout.take().ok_or_else(|| io::Error::other("the bare server has no output"))?;
        let line = BufReader::new(output).lines().next_line().await?.unwrap_or_default();
        Ok(Bare { target: Target::with_token(&line, "none")?, child })
    }
}

/// Serves `length` bytes for ever, at a free port of this machine; prints the URL.
pub async fn serve(length: usize) -> io::Result<Infallible> {
    let tls = TlsAcceptor::from(Arc::new(server_config()?));
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("https://{}", listener.local_addr()?);
    let body = Bytes::from(vec![b'x'; length]);
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let (tls, body) = (tls.clone(), body.clone());
        tokio::spawn(async move {
            let Ok(stream) = tls.accept(stream).await else { return };
            let service = service_fn(|_: Request<Incoming>| {
                let mut answer = Response::new(Full::new(body.clone()));
                answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
                async move { Ok::<_, Infallible>(answer) }
            });
            // Whoever hangs up ends it; nobody needs to know.
            let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

fn server_config() -> io::Result<ServerConfig> {
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).map_err(io::Error::other)?;
    let certificate = CertificateDer::from(made.cert);
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(vec![certificate], key))
        .map_err(io::Error::other)
}
