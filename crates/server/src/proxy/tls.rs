//! How other servers are spoken to: their certificates, and ours.

use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};

use crate::tls::{KeyPair, TlsError};

/// How kubelets are reached.
#[derive(Clone, Default)]
pub struct Kubelets {
    /// The kinds of node addresses to use, the best first (`--kubelet-preferred-address-types`).
    pub address_types: Vec<String>,
    /// Who signs their certificates, PEM; any certificate is taken if nothing is said (`--kubelet-certificate-authority`).
    pub authority: Option<Vec<u8>>,
    /// What this server proves itself with (`--kubelet-client-certificate`, `--kubelet-client-key`).
    pub client: Option<KeyPair>,
}

/// How other servers are spoken to.
#[derive(Clone, Debug)]
pub struct Backends {
    pub(crate) address_types: Vec<String>,
    pub(crate) kubelet: Arc<ClientConfig>,
    /// Servers in pods: what they prove is not asked.
    pub(crate) anybody: Arc<ClientConfig>,
}

impl Backends {
    /// Of how kubelets are reached.
    ///
    /// # Errors
    /// If a certificate or a key can't be read, or they do not belong together.
    pub fn new(kubelets: &Kubelets) -> Result<Backends, TlsError> {
        Ok(Backends {
            address_types: kubelets.address_types.clone(),
            kubelet: config(kubelets.authority.as_deref(), kubelets.client.as_ref())?,
            anybody: config(None, None)?,
        })
    }
}

/// A client's configuration that believes servers of `authority`, or all.
fn config(authority: Option<&[u8]>, client: Option<&KeyPair>) -> Result<Arc<ClientConfig>, TlsError> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let verifier: Arc<dyn ServerCertVerifier> = match authority {
        Some(pem) => {
            let mut roots = RootCertStore::empty();
            for certificate in CertificateDer::pem_slice_iter(pem) {
                roots.add(certificate?)?;
            }
            WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
                .build()
                .map_err(|error| rustls::Error::General(error.to_string()))?
        }
        None => Arc::new(Anybody(Arc::clone(&provider))),
    };
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(verifier);
    let mut config = match client {
        Some(pair) => {
            let chain = CertificateDer::pem_slice_iter(&pair.certificates).collect::<Result<Vec<_>, _>>()?;
            builder.with_client_auth_cert(chain, PrivateKeyDer::from_pem_slice(&pair.key)?)?
        }
        None => builder.with_no_client_auth(),
    };
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

/// Takes any certificate, as the original does of servers in pods and of kubelets without an authority.
#[derive(Debug)]
struct Anybody(Arc<CryptoProvider>);

impl ServerCertVerifier for Anybody {
    fn verify_server_cert(
        &self,
        _certificate: &CertificateDer<'_>,
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
