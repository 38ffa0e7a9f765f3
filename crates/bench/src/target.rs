//! The server under load: where it is, how it is verified, and who asks.

use std::fmt;
use std::io;
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};

/// A client's certificate chain and its key, both in PEM.
#[derive(Clone)]
pub(crate) struct Identity {
    pub certificate: Vec<u8>,
    pub key: Vec<u8>,
}

/// A server, and the client that it is to see. Cheap to clone.
#[derive(Clone)]
pub struct Target {
    /// `host:port`.
    pub(crate) authority: String,
    pub(crate) token: Option<String>,
    pub(crate) name: ServerName<'static>,
    pub(crate) tls: Arc<ClientConfig>,
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "https://{}", self.authority)
    }
}

impl Target {
    /// The server at an `https://host[:port]` URL, of whom a bearer token is all that is known: its certificate is
    /// not verified.
    ///
    /// # Errors
    /// If the URL is none of that form.
    pub fn with_token(url: &str, token: &str) -> io::Result<Target> {
        Target::new(url, None, None, Some(token.to_owned()))
    }

    /// The server at a URL; verified against `authority` (PEM) if there is one.
    pub(crate) fn new(
        url: &str,
        authority: Option<&[u8]>,
        identity: Option<Identity>,
        token: Option<String>,
    ) -> io::Result<Target> {
        let host = url.strip_prefix("https://").map(|rest| rest.trim_end_matches('/'));
        let host = host.filter(|host| !host.is_empty() && !host.contains('/')).ok_or_else(|| {
            io::Error::new(io::ErrorKind::InvalidInput, format!("{url:?} is not https://HOST[:PORT]"))
        })?;
        let has_port = host.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
        let authority_text = if has_port { host.to_owned() } else { format!("{host}:443") };
        let name = authority_text.rsplit_once(':').map_or("", |(name, _)| name).trim_matches(['[', ']']);
        let name = ServerName::try_from(name.to_owned()).map_err(io::Error::other)?;
        let tls = Arc::new(client_config(authority, identity)?);
        Ok(Target { authority: authority_text, token, name, tls })
    }
}

fn client_config(authority: Option<&[u8]>, identity: Option<Identity>) -> io::Result<ClientConfig> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .map_err(io::Error::other)?;
    let builder = match authority {
        Some(pem) => {
            let mut roots = RootCertStore::empty();
            for certificate in CertificateDer::pem_slice_iter(pem) {
                roots.add(certificate.map_err(io::Error::other)?).map_err(io::Error::other)?;
            }
            builder.with_root_certificates(roots)
        }
        None => builder.dangerous().with_custom_certificate_verifier(Arc::new(AnyCertificate { provider })),
    };
    let Some(identity) = identity else { return Ok(builder.with_no_client_auth()) };
    let chain = CertificateDer::pem_slice_iter(&identity.certificate)
        .collect::<Result<Vec<_>, _>>()
        .map_err(io::Error::other)?;
    let key = PrivateKeyDer::from_pem_slice(&identity.key).map_err(io::Error::other)?;
    builder.with_client_auth_cert(chain, key).map_err(io::Error::other)
}

/// Takes whatever certificate the server has: for a load test on one's own machine.
#[derive(Debug)]
struct AnyCertificate {
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for AnyCertificate {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _name: &ServerName<'_>,
        _ocsp: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let known = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signature, known)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let known = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, known)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls() {
        for (url, authority) in [
            ("https://127.0.0.1:6443", Some("127.0.0.1:6443")),
            ("https://example.com/", Some("example.com:443")),
            ("https://[::1]:6443", Some("[::1]:6443")),
            ("http://127.0.0.1", None),
            ("https://a/b", None),
            ("https://", None),
        ] {
            let target = Target::with_token(url, "t").ok();
            assert_eq!(target.as_ref().map(|target| target.authority.as_str()), authority, "{url}");
        }
    }
}
