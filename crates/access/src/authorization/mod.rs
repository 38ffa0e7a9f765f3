//! May they: attributes, decisions, and the authorizers that do not read objects.

mod chain;
mod forbidden;
mod simple;

use std::future::Future;
use std::pin::Pin;

use registry::User;

pub use chain::Chain;
pub use forbidden::forbidden;
pub use simple::{AlwaysAllow, AlwaysDeny, PrivilegedGroup};

/// An answer that may take I/O to find.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What is to be done to what by whom (`authorizer.Attributes`).
#[derive(Clone, Copy, Debug)]
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
    /// The text of the field selector of a list, watch or deletecollection. One that can't be read selects nothing.
    pub field_selector: Option<&'a str>,
    /// The text of the label selector of a list, watch or deletecollection.
    pub label_selector: Option<&'a str>,
}

impl<'a> Attributes<'a> {
    /// That `user` does `verb` to a resource at the cluster's scope; the other fields are for the caller to set.
    pub fn resource(user: &'a User, verb: &'a str, group: &'a str, resource: &'a str) -> Attributes<'a> {
        Attributes {
            user,
            verb,
            resource_request: true,
            path: "",
            group,
            version: "",
            namespace: "",
            resource,
            subresource: "",
            name: "",
            field_selector: None,
            label_selector: None,
        }
    }

    /// That `user` does `verb` to a path that is no resource's.
    pub fn path(user: &'a User, verb: &'a str, path: &'a str) -> Attributes<'a> {
        Attributes { resource_request: false, path, ..Attributes::resource(user, verb, "", "") }
    }
}

/// What an authorizer says. The reason may be empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Go ahead.
    Allow(String),
    /// No, whatever others say.
    Deny(String),
    /// Not by me.
    NoOpinion(String),
}

impl Decision {
    /// Whether it is [`Decision::Allow`].
    pub fn is_allowed(&self) -> bool {
        matches!(self, Decision::Allow(_))
    }

    /// Why.
    pub fn reason(&self) -> &str {
        match self {
            Decision::Allow(reason) | Decision::Deny(reason) | Decision::NoOpinion(reason) => reason,
        }
    }

    /// Not by me, and I say nothing about it.
    pub const NOTHING: Decision = Decision::NoOpinion(String::new());
}

/// What a user may do, as a SelfSubjectRulesReview lists it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleList {
    /// The rules, of resources and of paths.
    pub rules: Vec<crate::rbac::Rule>,
    /// There may be more.
    pub incomplete: bool,
    /// What went wrong on the way.
    pub errors: Vec<String>,
}

/// Decides what a user may do (`authorizer.Authorizer`).
pub trait Authorizer: Send + Sync {
    /// The decision.
    fn authorize<'a>(&'a self, attributes: &'a Attributes<'a>) -> Answer<'a, Decision>;

    /// What the user may do in a namespace, as far as it can be listed.
    fn rules(&self, user: &User, namespace: &str) -> RuleList;
}
