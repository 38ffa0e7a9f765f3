//! All ways to prove who one is, in the order of the original: front proxy, certificate, bearer token, WebSocket token.

use std::sync::Arc;

use meta::time::Clock;
use registry::{User, Warnings};

use super::bearer::{header_token, websocket_token};
use super::certificate::{Authorities, Subject};
use super::front_proxy::FrontProxy;
use super::{Authentication, Authenticator, Credentials, Tokens};
use crate::authorization::Answer;

/// Finds out who sent a request by its certificates and tokens.
///
/// The first credential that is good decides. If none is, one that is wrong fails the request; without any, the
/// request is nobody's.
pub struct Union {
    clock: Arc<dyn Clock>,
    front_proxy: Option<FrontProxy>,
    certificates: Option<Authorities>,
    tokens: Option<Arc<Tokens>>,
}

impl Union {
    /// That knows no credentials yet.
    pub fn new(clock: Arc<dyn Clock>) -> Union {
        Union { clock, front_proxy: None, certificates: None, tokens: None }
    }

    /// And takes the word of a proxy in front (`--requestheader-*`).
    pub fn with_front_proxy(mut self, proxy: FrontProxy) -> Union {
        self.front_proxy = Some(proxy);
        self
    }

    /// And certificates of these authorities (`--client-ca-file`).
    pub fn with_certificates(mut self, authorities: Authorities) -> Union {
        self.certificates = Some(authorities);
        self
    }

    /// And these tokens.
    pub fn with_tokens(mut self, tokens: Arc<Tokens>) -> Union {
        self.tokens = Some(tokens);
        self
    }

    /// Who a good certificate, of the client or of a proxy in front of it, says it is.
    fn by_certificate(&self, credentials: &Credentials<'_>) -> Authentication {
        if credentials.certificates.own().is_none() {
            return Authentication::Nobody;
        }
        let clock = &*self.clock;
        let proxied = self.front_proxy.as_ref().map(|proxy| proxy.authenticate(credentials, clock));
        if let Some(Authentication::User(user)) = proxied {
            return Authentication::User(user);
        }
        let Some(authorities) = &self.certificates else {
            return proxied.unwrap_or(Authentication::Nobody);
        };
        match credentials.certificates.user(authorities, clock) {
            Subject::User(user) => Authentication::User(user),
            Subject::Nobody => proxied.unwrap_or(Authentication::Nobody),
            Subject::Malformed | Subject::Unverified => Authentication::Failed,
        }
    }

    async fn by_token(
        &self,
        credentials: &Credentials<'_>,
        warnings: &mut Warnings,
    ) -> Result<Option<Arc<User>>, ()> {
        let Some(tokens) = &self.tokens else { return Ok(None) };
        let mut wrong = false;
        if let Some(token) = header_token(credentials.headers, warnings) {
            match tokens.authenticate(token, tokens.audiences()).await {
                Ok(found) => return Ok(Some(found.user)),
                Err(_) => wrong = true,
            }
        }
        if let Some(token) = websocket_token(credentials.headers)? {
            match tokens.authenticate(&token, tokens.audiences()).await {
                Ok(found) => return Ok(Some(found.user)),
                Err(_) => wrong = true,
            }
        }
        if wrong { Err(()) } else { Ok(None) }
    }
}

impl Authenticator for Union {
    fn authenticate<'a>(
        &'a self,
        credentials: &'a Credentials<'a>,
        warnings: &'a mut Warnings,
    ) -> Answer<'a, Authentication> {
        Box::pin(async move {
            let certificate = self.by_certificate(credentials);
            if matches!(certificate, Authentication::User(_)) {
                return certificate;
            }
            match self.by_token(credentials, warnings).await {
                Ok(Some(user)) => Authentication::User(user),
                Ok(None) => certificate,
                Err(()) => Authentication::Failed,
            }
        })
    }
}

#[cfg(test)]
#[path = "union_tests.rs"]
mod tests;
