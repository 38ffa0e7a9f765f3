//! A proxy in front of the server has authenticated the client and says so in headers.
//!
//! Source: "Authenticating proxy" in "Authenticating" of the Kubernetes documentation.

use std::sync::Arc;

use http::HeaderMap;
use meta::time::Clock;
use registry::User;
use rustls_pki_types::CertificateDer;
use x509_parser::parse_x509_certificate;

use super::certificate::{Authorities, common_name};
use super::{Authentication, Credentials};
use crate::impersonation::unescape_extra_key;
use crate::users;

/// Believes the headers of proxies with certificates of certain authorities.
pub struct FrontProxy {
    /// Who signs the certificates of proxies (`--requestheader-client-ca-file`).
    pub authorities: Authorities,
    /// The common names proxies have; empty: any (`--requestheader-allowed-names`).
    pub allowed_names: Vec<String>,
    /// The headers with the user's name; the first that is there counts.
    pub username_headers: Vec<String>,
    /// The headers with the user's uid; the first that is there counts.
    pub uid_headers: Vec<String>,
    /// The headers with groups; all count.
    pub group_headers: Vec<String>,
    /// What the names of headers with extra attributes begin with.
    pub extra_prefixes: Vec<String>,
}

impl FrontProxy {
    /// Who the proxy says it is; nobody if the certificate is not a proxy's.
    pub(super) fn authenticate(&self, credentials: &Credentials<'_>, clock: &dyn Clock) -> Authentication {
        if !credentials.certificates.proxy(&self.authorities, clock, |own| self.allows(own)) {
            return Authentication::Failed;
        }
        match self.user(credentials.headers) {
            Some(user) => Authentication::User(user),
            None => Authentication::Nobody,
        }
    }

    /// Whether the certificate has the name of a proxy.
    fn allows(&self, certificate: &CertificateDer<'_>) -> bool {
        parse_x509_certificate(certificate).is_ok_and(|(_, parsed)| {
            let name = common_name(parsed.subject());
            self.allowed_names.is_empty() || self.allowed_names.iter().any(|known| known == name)
        })
    }

    fn user(&self, headers: &HeaderMap) -> Option<Arc<User>> {
        let first = |names: &[String]| {
            let values = names.iter().filter_map(|name| headers.get(name)?.to_str().ok());
            values.map(str::to_owned).find(|value| !value.is_empty())
        };
        let all = self.group_headers.iter().flat_map(|name| headers.get_all(name));
        let mut user = Arc::new(User {
            name: first(&self.username_headers)?,
            uid: first(&self.uid_headers).unwrap_or_default(),
            groups: all.filter_map(|value| value.to_str().ok()).map(str::to_owned).collect(),
            extra: self.extra(headers),
        });
        users::ensure_authenticated(&mut user);
        Some(user)
    }

    fn extra(&self, headers: &HeaderMap) -> Vec<(String, Vec<String>)> {
        let mut extra: Vec<(String, Vec<String>)> = Vec::new();
        for (name, value) in headers {
            let key = self.extra_prefixes.iter().find_map(|prefix| {
                name.as_str().strip_prefix(prefix.to_ascii_lowercase().as_str()).map(unescape_extra_key)
            });
            let (Some(key), Ok(value)) = (key, value.to_str()) else { continue };
            match extra.iter_mut().find(|(known, _)| *known == key) {
                Some((_, values)) => values.push(value.to_owned()),
                None => extra.push((key, vec![value.to_owned()])),
            }
        }
        extra.sort();
        extra
    }
}
