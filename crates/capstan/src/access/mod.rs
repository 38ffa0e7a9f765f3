//! Who is it, and may they: the ways that the options allow, put together over the objects of the registry.

mod authentication;
mod authorization;
mod guard;
mod options;
mod reviews;

use std::io;
use std::sync::Arc;

use ::access::authentication::{Authenticator, Tokens};
use ::access::authorization::Authorizer;
use ::access::rbac::Escalation;
use ::access::service_account::{Discovery, TokenIssuer};
use registry::{Admission, Registry};

pub use options::{AccessOptions, FrontProxyOptions, ServiceAccountOptions};

use crate::pki::Pki;

/// What answers the questions of access.
pub(crate) struct Access {
    /// Who sent a request.
    pub(crate) authenticator: Arc<dyn Authenticator>,
    /// What they may do.
    pub(crate) authorizer: Arc<dyn Authorizer>,
    /// What is published of the keys of service account tokens.
    pub(crate) token_discovery: Discovery,
    tokens: Arc<Tokens>,
    issuer: Arc<TokenIssuer>,
    escalation: Escalation,
}

impl Access {
    /// What `options` ask for; `public_address` is where clients reach the server.
    ///
    /// # Errors
    /// If a file can't be read or makes no sense; the text names the file.
    pub(crate) fn new(
        options: &AccessOptions,
        pki: &Pki,
        public_address: &str,
        registry: &Arc<Registry>,
    ) -> io::Result<Access> {
        let keys = authentication::Keys::read(&options.service_accounts, pki)?;
        let tokens = Arc::new(authentication::tokens(options, &keys, registry)?);
        let (authorizer, rbac) = authorization::authorizer(&options.authorization_modes, registry);
        Ok(Access {
            authenticator: Arc::new(authentication::authenticator(options, pki, Arc::clone(&tokens))?),
            token_discovery: keys.discovery(&options.service_accounts, public_address),
            issuer: Arc::new(keys.issuer(&options.service_accounts, registry)),
            escalation: Escalation::new(rbac, Arc::clone(&authorizer)),
            authorizer,
            tokens,
        })
    }

    /// Has reviews and token requests answered, and guards `admission` against escalation.
    pub(crate) fn put_in_place(self, registry: &Registry, admission: Arc<dyn Admission>) {
        reviews::register(registry, Arc::clone(&self.authorizer), self.tokens, self.issuer);
        registry.set_admission(Arc::new(guard::Guard::new(admission, self.escalation, self.authorizer)));
    }
}
