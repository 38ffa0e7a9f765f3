//! Whom to believe at the other end, and what this end proves itself with.

use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};

/// Where systems keep the authorities that everybody believes.
const SYSTEM: &[&str] = &[
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
];

/// Who signs the certificates of servers that are believed.
#[derive(Clone, Copy, Debug)]
pub enum Trust<'a> {
    /// Any certificate is taken.
    Anybody,
    /// The authorities that the system believes.
    System,
    /// These authorities, in PEM.
    Authorities(&'a [u8]),
}

/// What this end proves itself with, in PEM.
#[derive(Clone, Copy, Debug)]
pub struct ClientPair<'a> {
    /// The chain.
    pub certificates: &'a [u8],
    /// The key.
    pub key: &'a [u8],
}

/// A client's configuration, for HTTP/1.1.
///
/// # Errors
/// If a certificate or a key can't be read, or they do not belong together.
pub fn client_config(trust: Trust<'_>, client: Option<ClientPair<'_>>) -> Result<Arc<ClientConfig>, String> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let verifier: Arc<dyn ServerCertVerifier> = match trust {
        Trust::Anybody => Arc::new(Anybody(Arc::clone(&provider))),
        Trust::Authorities(pem) => verifier(pem, &provider)?,
        Trust::System => {
            let bundle = SYSTEM.iter().find_map(|path| std::fs::read(path).ok()).unwrap_or_default();
            match verifier(&bundle, &provider) {
                Ok(verifier) => verifier,
                Err(_) => Arc::new(Nobody(Arc::clone(&provider))),
            }
        }
    };
    let text = |error: Error| error.to_string();
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(text)?
        .dangerous()
        .with_custom_certificate_verifier(verifier);
    let mut config = match client {
        Some(pair) => {
            let chain = CertificateDer::pem_slice_iter(pair.certificates)
                .collect::<Result<Vec<_>, _>>()
                .map_err(|error| error.to_string())?;
            let key = PrivateKeyDer::from_pem_slice(pair.key).map_err(|error| error.to_string())?;
            builder.with_client_auth_cert(chain, key).map_err(text)?
        }
        None => builder.with_no_client_auth(),
    };
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

fn verifier(pem: &[u8], provider: &Arc<CryptoProvider>) -> Result<Arc<dyn ServerCertVerifier>, String> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem) {
        let certificate = certificate.map_err(|error| error.to_string())?;
        roots.add(certificate).map_err(|error| error.to_string())?;
    }
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider))
        .build()
        .map_err(|error| error.to_string())?;
    Ok(verifier)
}

/// What Go says of a handshake that failed.
pub(crate) fn words(error: &std::io::Error) -> String {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<Error>());
    let Some(Error::InvalidCertificate(why)) = inner else {
        return match inner {
            Some(Error::AlertReceived(alert)) => format!("remote error: tls: {alert:?}"),
            _ if error.kind() == std::io::ErrorKind::UnexpectedEof => "EOF".to_owned(),
            _ => format!("tls: {error}"),
        };
    };
    let why = match why {
        CertificateError::UnknownIssuer => "certificate signed by unknown authority".to_owned(),
        CertificateError::Expired
        | CertificateError::ExpiredContext { .. }
        | CertificateError::NotValidYet
        | CertificateError::NotValidYetContext { .. } => {
            "certificate has expired or is not yet valid".to_owned()
        }
        CertificateError::NotValidForNameContext { expected, presented } => {
            let presented: Vec<&str> = presented.iter().map(|name| plain_name(name)).collect();
            format!("certificate is valid for {}, not {}", presented.join(", "), expected.to_str())
        }
        other => format!("{other:?}"),
    };
    format!("tls: failed to verify certificate: x509: {why}")
}

/// The name in `DnsName("a")`, as names of certificates are printed.
fn plain_name(printed: &str) -> &str {
    printed.split_once("(\"").and_then(|(_, rest)| rest.strip_suffix("\")")).unwrap_or(printed)
}

/// Checks signatures, and of the certificates nothing.
#[derive(Debug)]
struct Anybody(Arc<CryptoProvider>);

/// Believes nobody: there are no authorities.
#[derive(Debug)]
struct Nobody(Arc<CryptoProvider>);

macro_rules! verifies {
    ($name:ident, $verdict:expr) => {
        impl ServerCertVerifier for $name {
            fn verify_server_cert(
                &self,
                _certificate: &CertificateDer<'_>,
                _intermediates: &[CertificateDer<'_>],
                _name: &ServerName<'_>,
                _ocsp: &[u8],
                _now: UnixTime,
            ) -> Result<ServerCertVerified, Error> {
                $verdict
            }

            fn verify_tls12_signature(
                &self,
                message: &[u8],
                certificate: &CertificateDer<'_>,
                signature: &DigitallySignedStruct,
            ) -> Result<HandshakeSignatureValid, Error> {
                let known = &self.0.signature_verification_algorithms;
                verify_tls12_signature(message, certificate, signature, known)
            }

            fn verify_tls13_signature(
                &self,
                message: &[u8],
                certificate: &CertificateDer<'_>,
                signature: &DigitallySignedStruct,
            ) -> Result<HandshakeSignatureValid, Error> {
                let known = &self.0.signature_verification_algorithms;
                verify_tls13_signature(message, certificate, signature, known)
            }

            fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
                self.0.signature_verification_algorithms.supported_schemes()
            }
        }
    };
}

verifies!(Anybody, Ok(ServerCertVerified::assertion()));
verifies!(Nobody, Err(Error::InvalidCertificate(CertificateError::UnknownIssuer)));
