//! Who asks, and may they: the two questions the pipeline puts to whoever implements them.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use http::HeaderMap;
use registry::{User, Warnings};
use rustls::pki_types::CertificateDer;

/// An answer that may take I/O to find.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What a request brings to prove who sent it.
pub struct Credentials<'a> {
    /// The request's headers.
    pub headers: &'a HeaderMap,
    /// The certificates the client sent, its own first; empty without TLS or when it sent none. They are unverified.
    pub certificates: &'a [CertificateDer<'static>],
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

/// What is to be done to what by whom (`authorizer.Attributes`).
#[derive(Clone, Debug)]
pub struct Attributes<'a> {
    /// Who.
    pub user: &'a User,
    /// The verb: the API's for resources, the lower-cased method for other paths.
    pub verb: &'a str,
    /// A resource is meant, rather than a path.
    pub resource_request: bool,
    /// The path.
    pub path: &'a str,
    /// The API group.
    pub group: &'a str,
    /// The version.
    pub version: &'a str,
    /// The namespace; empty for all of them and for none.
    pub namespace: &'a str,
    /// The resource.
    pub resource: &'a str,
    /// The subresource.
    pub subresource: &'a str,
    /// The object's name.
    pub name: &'a str,
    /// The text of the field selector of a list, watch or deletecollection.
    pub field_selector: Option<&'a str>,
    /// The text of the label selector of a list, watch or deletecollection.
    pub label_selector: Option<&'a str>,
}

/// What an authorizer says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Go ahead.
    Allow,
    /// No, whatever others say.
    Deny(String),
    /// Not by me; the reason may be empty.
    NoOpinion(String),
}

/// Decides what a user may do (`authorizer.Authorizer`).
pub trait Authorizer: Send + Sync {
    /// The decision.
    fn authorize<'a>(&'a self, attributes: &'a Attributes<'a>) -> Answer<'a, Decision>;
}

/// Allows everything (`--authorization-mode AlwaysAllow`).
#[derive(Clone, Copy, Debug, Default)]
pub struct AlwaysAllow;

impl Authorizer for AlwaysAllow {
    fn authorize<'a>(&'a self, _attributes: &'a Attributes<'a>) -> Answer<'a, Decision> {
        Box::pin(std::future::ready(Decision::Allow))
    }
}
