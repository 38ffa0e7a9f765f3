//! Client certificates: the common name is the user, the organizations are the groups.
//!
//! Source: "X509 client certificates" in "Authenticating" of the Kubernetes documentation; RFC 5280.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use meta::time::Clock;
use registry::User;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, TrustAnchor, UnixTime};
use webpki::{ALL_VERIFICATION_ALGS, EndEntityCert, KeyUsage, anchor_from_trusted_cert};
use x509_parser::parse_x509_certificate;
use x509_parser::x509::X509Name;

use crate::users;

/// The attribute of a subject that holds the user's uid, as dotted numbers.
const UID: &str = "1.3.6.1.4.1.57683.2";

/// The certificate authorities whose certificates are believed.
pub struct Authorities(Vec<TrustAnchor<'static>>);

impl Authorities {
    /// Of a PEM file (`--client-ca-file`).
    pub fn new(pem: &[u8]) -> Result<Authorities, String> {
        let mut anchors = Vec::new();
        for certificate in CertificateDer::pem_slice_iter(pem) {
            let certificate = certificate.map_err(|error| error.to_string())?;
            let anchor = anchor_from_trusted_cert(&certificate).map_err(|error| error.to_string())?;
            anchors.push(anchor.to_owned());
        }
        if anchors.is_empty() {
            return Err("there are no certificates".to_owned());
        }
        Ok(Authorities(anchors))
    }

    /// Whether the chain, the client's own certificate first, is good now for proving who a client is.
    pub fn verify(&self, chain: &[CertificateDer<'static>], clock: &dyn Clock) -> bool {
        let Some((own, intermediates)) = chain.split_first() else { return false };
        let seconds = u64::try_from(clock.now().unix()).unwrap_or(0);
        let now = UnixTime::since_unix_epoch(Duration::from_secs(seconds));
        let verified = EndEntityCert::try_from(own).and_then(|certificate| {
            let usage = KeyUsage::client_auth();
            certificate
                .verify_for_usage(ALL_VERIFICATION_ALGS, &self.0, intermediates, now, usage, None, None)
                .map(drop)
        });
        verified.is_ok()
    }
}

/// What the subject of a certificate says.
pub(super) enum Subject {
    /// A user.
    User(Arc<User>),
    /// It has no common name, and so names nobody.
    Nobody,
    /// It can't be read.
    Malformed,
    /// Nobody vouches for it.
    Unverified,
}

/// The user a verified certificate names.
pub(super) fn subject(certificate: &CertificateDer<'_>) -> Subject {
    let Ok((_, parsed)) = parse_x509_certificate(certificate) else { return Subject::Malformed };
    let subject = parsed.subject();
    let name = common_name(subject);
    if name.is_empty() {
        return Subject::Nobody;
    }
    let Ok(uid) = uid(subject) else { return Subject::Malformed };
    let groups = subject.iter_organization().filter_map(|entry| entry.as_str().ok());
    let mut fingerprint = "X509SHA256=".to_owned();
    for byte in digest(&SHA256, certificate).as_ref() {
        let _ = write!(fingerprint, "{byte:02x}");
    }
    let mut user = Arc::new(User {
        name: name.to_owned(),
        uid,
        groups: groups.map(str::to_owned).collect(),
        extra: vec![(users::CREDENTIAL_ID.to_owned(), vec![fingerprint])],
    });
    users::ensure_authenticated(&mut user);
    Subject::User(user)
}

/// The last common name, as Go reads it; empty if there is none.
pub(super) fn common_name<'c>(subject: &'c X509Name<'_>) -> &'c str {
    subject.iter_common_name().last().and_then(|entry| entry.as_str().ok()).unwrap_or("")
}

/// The uid; empty if there is none, an error if there are several or it is no text.
fn uid(subject: &X509Name<'_>) -> Result<String, ()> {
    let mut uids = subject.iter_attributes().filter(|entry| entry.attr_type().to_id_string() == UID);
    let Some(first) = uids.next() else { return Ok(String::new()) };
    let text = first.as_str().map_err(|_| ())?;
    if text.is_empty() || uids.next().is_some() { Err(()) } else { Ok(text.to_owned()) }
}
