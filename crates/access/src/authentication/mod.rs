//! Who is it: credentials, and what an authenticator answers.

mod bearer;
mod certificate;
mod csv;
mod front_proxy;
mod presented;
mod token;
mod token_file;
mod union;

use std::sync::Arc;

use http::HeaderMap;
use registry::{User, Warnings};

use crate::authorization::Answer;

pub use bearer::strip_websocket_token;
pub use certificate::Authorities;
pub use front_proxy::FrontProxy;
pub use presented::ClientCertificates;
pub use token::{TokenAuthenticator, TokenUser, TokenVerdict, Tokens};
pub use token_file::TokenFile;
pub use union::Union;

pub(crate) use token::intersect;

/// What a request brings to prove who sent it.
pub struct Credentials<'a> {
    /// The request's headers.
    pub headers: &'a HeaderMap,
    /// The certificates the client sent.
    pub certificates: &'a ClientCertificates,
}

/// Who the credentials say it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Authentication {
    /// There are no credentials of a known kind.
    Nobody,
    /// This user.
    User(Arc<User>),
    /// There are credentials, and they are wrong: 401.
    Failed,
}

/// Finds out who sent a request (`authenticator.Request`).
pub trait Authenticator: Send + Sync {
    /// Who sent it; `warnings` are sent back with the answer.
    fn authenticate<'a>(
        &'a self,
        credentials: &'a Credentials<'a>,
        warnings: &'a mut Warnings,
    ) -> Answer<'a, Authentication>;
}
