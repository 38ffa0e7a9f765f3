//! A capstan server in process, a client of it, and a small TLS server that plays an extension.

#![allow(dead_code)] // Each test uses a part of this.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use capstan::flags::Flags;
use capstan::options::Options;
use capstan::pki::Pki;
use capstan::run::Running;
use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use object::{Value, json};
use outgoing::{ClientPair, Target, Trust, client_config};
use rcgen::{CertificateParams, KeyPair};
use rustls::pki_types::PrivateKeyDer;
use tokio::net::TcpListener;

/// A server with a data directory of its own, and its administrator.
pub struct Cluster {
    running: Running,
    directory: PathBuf,
    tls: Arc<rustls::ClientConfig>,
}

impl Cluster {
    pub async fn start(name: &str) -> Cluster {
        let directory = std::env::temp_dir().join(format!("capstan-{name}-{}", std::process::id()));
        let line = ["--secure-port=0".to_owned(), format!("--data-dir={}", directory.display())];
        let flags = Flags::parse(line).expect("flags");
        let running = Running::start(Options::serve(&flags).expect("options")).await.expect("a start");
        let pki = Pki::open(&directory.join("pki")).expect("a directory");
        let authority = pki.authority().expect("a CA");
        let (certificate, key) = pki.administrator().expect("a certificate");
        let pair = ClientPair { certificates: certificate.as_bytes(), key: key.as_bytes() };
        let tls = client_config(Trust::Authorities(authority.as_bytes()), Some(pair)).expect("certificates");
        Cluster { running, directory, tls }
    }

    pub fn directory(&self) -> &PathBuf {
        &self.directory
    }

    /// Sends a request with a JSON body (none if it is empty).
    pub async fn send(&self, method: Method, path: &str, body: &str) -> (StatusCode, Bytes) {
        let media_type =
            if method == Method::PATCH { "application/merge-patch+json" } else { "application/json" };
        let request = Request::builder()
            .method(method)
            .header("content-type", media_type)
            .body(Bytes::copy_from_slice(body.as_bytes()))
            .expect("a request");
        self.request(path, request).await
    }

    pub async fn request(&self, path: &str, request: Request<Bytes>) -> (StatusCode, Bytes) {
        let limits = (Duration::from_secs(30), 64 << 20);
        let answer = outgoing::send(&self.target(path), &self.tls, request, limits).await.expect("an answer");
        (answer.code, answer.body)
    }

    /// A connection to the server, as the administrator.
    pub async fn connect(&self) -> outgoing::Connection {
        self.target("/").dial(&self.tls).await.expect("a connection")
    }

    fn target(&self, path: &str) -> Target {
        let address = self.running.address();
        Target {
            secure: true,
            host: address.ip().to_string(),
            port: address.port().to_string(),
            name: None,
            path: path.to_owned(),
        }
    }

    pub async fn get(&self, path: &str) -> (StatusCode, Value) {
        let (code, body) = self.send(Method::GET, path, "").await;
        (code, json::parse(&body).unwrap_or_default())
    }

    /// Sends a body that must be taken.
    pub async fn must(&self, method: Method, path: &str, body: &str) -> Value {
        let (code, answer) = self.send(method, path, body).await;
        assert!(code.is_success(), "{path}: {code} {}", String::from_utf8_lossy(&answer));
        json::parse(&answer).expect("JSON")
    }

    /// Reads an object until it is as it should be.
    pub async fn until(&self, path: &str, what: impl Fn(&Value) -> bool) -> Value {
        let begun = Instant::now();
        loop {
            let (_, object) = self.get(path).await;
            if what(&object) {
                return object;
            }
            assert!(begun.elapsed() < Duration::from_secs(20), "{path}: {object:?}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    pub async fn stop(self) {
        self.running.stop().await;
        std::fs::remove_dir_all(&self.directory).expect("the directory goes");
    }
}

/// What an extension is asked, and what it answers.
pub type Handler = dyn Fn(&http::request::Parts, &[u8]) -> Response<Full<Bytes>> + Send + Sync;

/// A TLS server on a port of this machine.
pub struct Extension {
    pub address: SocketAddr,
    /// The CA of its certificate, PEM.
    pub authority: String,
    task: tokio::task::JoinHandle<()>,
}

impl Extension {
    /// Serves as `name`; who connects must prove themselves to `clients` (PEM) if that is given.
    pub async fn start(name: &str, clients: Option<String>, handler: Arc<Handler>) -> io::Result<Extension> {
        let key = KeyPair::generate().expect("a key");
        let params = CertificateParams::new(vec![name.to_owned()]).expect("a name");
        let certificate = params.self_signed(&key).expect("a certificate");
        let builder = rustls::ServerConfig::builder_with_provider(Arc::new(
            rustls::crypto::aws_lc_rs::default_provider(),
        ))
        .with_safe_default_protocol_versions()
        .expect("versions");
        let builder = match clients {
            None => builder.with_no_client_auth(),
            Some(pem) => {
                use rustls::pki_types::{CertificateDer, pem::PemObject};
                let mut roots = rustls::RootCertStore::empty();
                roots.add(CertificateDer::from_pem_slice(pem.as_bytes()).expect("PEM")).expect("a CA");
                let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
                let verifier =
                    rustls::server::WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
                builder.with_client_cert_verifier(verifier.build().expect("a verifier"))
            }
        };
        let key_der = PrivateKeyDer::try_from(key.serialize_der()).expect("a key");
        let config = builder.with_single_cert(vec![certificate.der().clone()], key_der).expect("a pair");
        let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (acceptor, handler) = (acceptor.clone(), Arc::clone(&handler));
                tokio::spawn(async move {
                    let Ok(stream) = acceptor.accept(stream).await else { return };
                    let service = service_fn(|request| answer(request, Arc::clone(&handler)));
                    let connection = hyper::server::conn::http1::Builder::new();
                    let served = connection.serve_connection(TokioIo::new(stream), service).with_upgrades();
                    let _ = served.await;
                });
            }
        });
        Ok(Extension { address, authority: certificate.pem(), task })
    }
}

impl Drop for Extension {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Upgrades to `echo` are granted and echoed; everything else is the handler's.
async fn answer(
    request: Request<Incoming>,
    handler: Arc<Handler>,
) -> Result<Response<Full<Bytes>>, hyper::Error> {
    if request.headers().get("upgrade").is_some_and(|value| value == "echo") {
        let upgraded = hyper::upgrade::on(request);
        tokio::spawn(async move {
            let Ok(stream) = upgraded.await else { return };
            let (mut reader, mut writer) = tokio::io::split(TokioIo::new(stream));
            let _ = tokio::io::copy(&mut reader, &mut writer).await;
        });
        let mut answer = Response::new(Full::default());
        *answer.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
        for (name, value) in [("connection", "Upgrade"), ("upgrade", "echo")] {
            answer.headers_mut().insert(name, http::HeaderValue::from_static(value));
        }
        return Ok(answer);
    }
    let (parts, body) = request.into_parts();
    let body = body.collect().await?.to_bytes();
    Ok(handler(&parts, &body))
}
