//! How other servers are spoken to: their certificates, and ours.

use std::sync::Arc;

use outgoing::{ClientPair, Trust, client_config};
use rustls::ClientConfig;

use crate::tls::KeyPair;

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

/// How aggregated API servers are reached.
#[derive(Clone, Default)]
pub struct Aggregated {
    /// What this server proves itself with (`--proxy-client-cert-file`, `--proxy-client-key-file`).
    pub client: Option<KeyPair>,
    /// Services are resolved by their endpoints, not by their cluster IPs (`--enable-aggregator-routing`).
    pub by_endpoints: bool,
}

/// How other servers are spoken to.
#[derive(Clone)]
pub struct Backends {
    pub(crate) aggregated: Aggregated,
    pub(crate) address_types: Vec<String>,
    pub(crate) kubelet: Arc<ClientConfig>,
    /// Servers in pods: what they prove is not asked.
    pub(crate) anybody: Arc<ClientConfig>,
}

impl Backends {
    /// Of how kubelets and aggregated API servers are reached.
    ///
    /// # Errors
    /// If a certificate or a key can't be read, or they do not belong together.
    pub fn new(kubelets: &Kubelets, aggregated: Aggregated) -> Result<Backends, String> {
        let trust = kubelets.authority.as_deref().map_or(Trust::Anybody, Trust::Authorities);
        Ok(Backends {
            aggregated,
            address_types: kubelets.address_types.clone(),
            kubelet: client_config(trust, kubelets.client.as_ref().map(pair))?,
            anybody: client_config(Trust::Anybody, None)?,
        })
    }
}

/// A key pair as a client's.
pub(crate) fn pair(pair: &KeyPair) -> ClientPair<'_> {
    ClientPair { certificates: &pair.certificates, key: &pair.key }
}
