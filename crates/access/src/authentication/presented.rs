//! The certificates a client has sent, and what was found of them: a connection's requests all bring the same ones,
//! and checking a signature takes longer than answering most requests.

use std::fmt;
use std::sync::{Arc, OnceLock};

use meta::time::Clock;
use registry::User;
use rustls_pki_types::CertificateDer;
use x509_parser::parse_x509_certificate;

use super::certificate::{Authorities, Subject, subject};

/// The certificates that a client sent with its connection, its own first. They are unverified.
#[derive(Default)]
pub struct ClientCertificates {
    chain: Vec<CertificateDer<'static>>,
    user: OnceLock<Found<Arc<User>>>,
    proxy: OnceLock<Found<()>>,
}

/// A finding, and the last second of Unix time it is good for.
struct Found<T> {
    what: T,
    until: i64,
}

impl ClientCertificates {
    /// As they were sent; empty if none were.
    pub fn new(chain: Vec<CertificateDer<'static>>) -> ClientCertificates {
        ClientCertificates { chain, ..ClientCertificates::default() }
    }

    /// The client's own; nothing if none was sent.
    pub(super) fn own(&self) -> Option<&CertificateDer<'static>> {
        self.chain.first()
    }

    /// The user whom the certificate names, if one of `authorities` says so now.
    ///
    /// A user found once is found until a certificate expires: always ask with the same authorities.
    pub(super) fn user(&self, authorities: &Authorities, clock: &dyn Clock) -> Subject {
        if let Some(user) = known(&self.user, clock) {
            return Subject::User(Arc::clone(user));
        }
        let Some(own) = self.own().filter(|_| authorities.verify(&self.chain, clock)) else {
            return Subject::Unverified;
        };
        let found = subject(own);
        if let Subject::User(user) = &found {
            self.remember(&self.user, Arc::clone(user));
        }
        found
    }

    /// Whether the certificate is that of a proxy: one of `authorities` says that it is good, and `is_proxy` says
    /// that it is a proxy's. As [`ClientCertificates::user`], always ask the same.
    pub(super) fn proxy(
        &self,
        authorities: &Authorities,
        clock: &dyn Clock,
        is_proxy: impl FnOnce(&CertificateDer<'_>) -> bool,
    ) -> bool {
        if known(&self.proxy, clock).is_some() {
            return true;
        }
        let found = self.own().is_some_and(|own| authorities.verify(&self.chain, clock) && is_proxy(own));
        if found {
            self.remember(&self.proxy, ());
        }
        found
    }

    fn remember<T>(&self, place: &OnceLock<Found<T>>, what: T) {
        let expiries = self.chain.iter().map(|certificate| {
            parse_x509_certificate(certificate)
                .ok()
                .map(|(_, parsed)| parsed.validity().not_after.timestamp())
        });
        // Without an expiry that can be read it is found anew each time.
        if let Some(until) = expiries.min().flatten() {
            let _ = place.set(Found { what, until });
        }
    }
}

fn known<'f, T>(place: &'f OnceLock<Found<T>>, clock: &dyn Clock) -> Option<&'f T> {
    place.get().filter(|found| clock.now().unix() <= found.until).map(|found| &found.what)
}

impl fmt::Debug for ClientCertificates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} certificates", self.chain.len())
    }
}
