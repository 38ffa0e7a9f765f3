//! TLS: the serving certificate, certificates for other names, and client certificates, which are optional and are
//! judged by authentication, not by the handshake.

use std::fmt;
use std::sync::Arc;

use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::server::{ClientHello, ResolvesServerCert, ServerConfig};
use rustls::sign::CertifiedKey;
use rustls::{DigitallySignedStruct, DistinguishedName, SignatureScheme};

/// A certificate chain and its key, in PEM.
#[derive(Clone)]
pub struct KeyPair {
    /// The chain, the server's own certificate first.
    pub certificates: Vec<u8>,
    /// The private key.
    pub key: Vec<u8>,
    /// The names it is for, `*.` at the front standing for one label; none for the default certificate.
    pub names: Vec<String>,
}

/// Why TLS can't be set up.
#[derive(Debug)]
pub enum TlsError {
    /// A certificate or key can't be read.
    Pem(rustls::pki_types::pem::Error),
    /// They can't be used.
    Unusable(rustls::Error),
}

impl fmt::Display for TlsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TlsError::Pem(error) => write!(f, "can't read the serving certificate or key: {error}"),
            TlsError::Unusable(error) => write!(f, "can't use the serving certificate or key: {error}"),
        }
    }
}

impl std::error::Error for TlsError {}

impl From<rustls::pki_types::pem::Error> for TlsError {
    fn from(error: rustls::pki_types::pem::Error) -> TlsError {
        TlsError::Pem(error)
    }
}

impl From<rustls::Error> for TlsError {
    fn from(error: rustls::Error) -> TlsError {
        TlsError::Unusable(error)
    }
}

/// The server's TLS configuration; the first key pair serves clients that name no other's.
///
/// # Errors
/// If a certificate or a key can't be read, or they do not belong together.
pub fn server_config(key_pairs: &[KeyPair]) -> Result<Arc<ServerConfig>, TlsError> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let mut certified = Vec::new();
    for pair in key_pairs {
        let chain = CertificateDer::pem_slice_iter(&pair.certificates).collect::<Result<Vec<_>, _>>()?;
        let key = PrivateKeyDer::from_pem_slice(&pair.key)?;
        let key = CertifiedKey::from_der(chain, key, &provider)?;
        certified.push((pair.names.clone(), Arc::new(key)));
    }
    let mut config = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()?
        .with_client_cert_verifier(Arc::new(AnyCertificate(provider)))
        .with_cert_resolver(Arc::new(ByName(certified)));
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    config.send_tls13_tickets = 1;
    Ok(Arc::new(config))
}

/// Chooses the certificate by the name the client asks for.
#[derive(Debug)]
struct ByName(Vec<(Vec<String>, Arc<CertifiedKey>)>);

impl ResolvesServerCert for ByName {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let asked = hello.server_name().unwrap_or("");
        let named = self.0.iter().find(|(names, _)| names.iter().any(|name| covers(name, asked)));
        named.or(self.0.first()).map(|(_, key)| Arc::clone(key))
    }
}

fn covers(name: &str, asked: &str) -> bool {
    match name.strip_prefix("*.") {
        Some(domain) => asked.split_once('.').is_some_and(|(_, rest)| rest.eq_ignore_ascii_case(domain)),
        None => name.eq_ignore_ascii_case(asked),
    }
}

/// Takes any certificate whose key the client has: a bad one is a 401, not a broken handshake.
#[derive(Debug)]
struct AnyCertificate(Arc<CryptoProvider>);

impl ClientCertVerifier for AnyCertificate {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn client_auth_mandatory(&self) -> bool {
        false
    }

    fn verify_client_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _now: UnixTime,
    ) -> Result<ClientCertVerified, rustls::Error> {
        Ok(ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signature, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signature, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cover_one_label() {
        for (name, asked, covered) in
            [("a.b", "A.b", true), ("*.b", "a.b", true), ("*.b", "c.a.b", false), ("*.b", "b", false)]
        {
            assert_eq!(covers(name, asked), covered, "{name} {asked}");
        }
    }
}
