//! Authorizers that look at nothing but the request.

use std::future::ready;

use registry::User;

use super::{Answer, Attributes, Authorizer, Decision, RuleList};
use crate::rbac::Rule;
use crate::users;

/// Allows everything (`--authorization-mode=AlwaysAllow`).
#[derive(Clone, Copy, Debug, Default)]
pub struct AlwaysAllow;

impl Authorizer for AlwaysAllow {
    fn authorize<'a>(&'a self, _attributes: &'a Attributes<'a>) -> Answer<'a, Decision> {
        Box::pin(ready(Decision::Allow(String::new())))
    }

    fn rules(&self, _user: &User, _namespace: &str) -> RuleList {
        RuleList { rules: Rule::everything(), ..RuleList::default() }
    }
}

/// Has no opinion on anything, and says why (`--authorization-mode=AlwaysDeny`).
#[derive(Clone, Copy, Debug, Default)]
pub struct AlwaysDeny;

impl Authorizer for AlwaysDeny {
    fn authorize<'a>(&'a self, _attributes: &'a Attributes<'a>) -> Answer<'a, Decision> {
        Box::pin(ready(Decision::NoOpinion("Everything is forbidden.".to_owned())))
    }

    fn rules(&self, _user: &User, _namespace: &str) -> RuleList {
        RuleList::default()
    }
}

/// Allows everything to the members of `system:masters`; the API server asks it before any other authorizer.
#[derive(Clone, Copy, Debug, Default)]
pub struct PrivilegedGroup;

impl Authorizer for PrivilegedGroup {
    fn authorize<'a>(&'a self, attributes: &'a Attributes<'a>) -> Answer<'a, Decision> {
        let privileged = users::in_group(attributes.user, users::MASTERS);
        Box::pin(ready(if privileged { Decision::Allow(String::new()) } else { Decision::NOTHING }))
    }

    fn rules(&self, _user: &User, _namespace: &str) -> RuleList {
        RuleList::default()
    }
}
