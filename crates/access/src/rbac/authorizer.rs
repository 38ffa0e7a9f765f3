//! The RBAC authorizer.

use std::future::ready;
use std::sync::Arc;

use registry::{Lookup, User};

use super::binding::{Binding, RoleKey};
use super::index::Index;
use super::{GROUP, Rule};
use crate::authorization::{Answer, Attributes, Authorizer, Decision, RuleList};

/// Decides by the roles and bindings in memory (`--authorization-mode=RBAC`).
///
/// Objects are read when they are first needed and kept: whoever writes or receives a change of this group's objects
/// says so by [`RbacAuthorizer::changed`].
pub struct RbacAuthorizer {
    index: Index,
}

/// A role that applies to a user, or why it can't be found.
type Found<'b> = Result<(&'b Binding, Arc<[Rule]>), String>;

impl RbacAuthorizer {
    /// Over the objects of `lookup`.
    pub fn new(lookup: Arc<dyn Lookup>) -> RbacAuthorizer {
        RbacAuthorizer { index: Index::new(lookup) }
    }

    /// An object of the group has come, changed or gone: `resource` is its plural, `namespace` is empty for
    /// cluster-scoped ones. Other resources are passed over. Cheap; call it after the change can be read.
    pub fn changed(&self, resource: &str, namespace: &str, name: &str) {
        self.index.changed(resource, namespace, name);
    }

    /// Anything may have changed.
    pub fn changed_all(&self) {
        self.index.clear();
    }

    /// The decision, without a future.
    pub fn decide(&self, attributes: &Attributes<'_>) -> Decision {
        let mut errors: Vec<String> = Vec::new();
        let mut reason = None;
        self.visit(attributes.user, attributes.namespace, |found| {
            match found {
                Ok((binding, rules)) if rules.iter().any(|rule| rule.allows(attributes)) => {
                    reason = binding.reason(attributes.user);
                }
                Ok(_) => {}
                Err(error) => errors.push(error),
            }
            reason.is_none()
        });
        match reason {
            Some(reason) => Decision::Allow(reason),
            None if errors.is_empty() => Decision::NOTHING,
            None => Decision::NoOpinion(format!("RBAC: {}", aggregate(&errors))),
        }
    }

    /// All rules that apply to a user in a namespace, and what could not be resolved.
    pub fn rules_for(&self, user: &User, namespace: &str) -> (Vec<Rule>, Vec<String>) {
        let (mut rules, mut errors) = (Vec::new(), Vec::new());
        self.visit(user, namespace, |found| {
            match found {
                Ok((_, found)) => rules.extend(found.iter().cloned()),
                Err(error) => errors.push(error),
            }
            true
        });
        (rules, errors)
    }

    /// The rules of the role `key` names.
    pub(crate) fn role(&self, key: &RoleKey) -> Option<Arc<[Rule]>> {
        self.index.role(key)
    }

    /// Shows the roles that apply to a user, the cluster's bindings first, until `more` says no.
    fn visit(&self, user: &User, namespace: &str, mut more: impl FnMut(Found<'_>) -> bool) {
        let scopes: &[&str] = if namespace.is_empty() { &[""] } else { &["", namespace] };
        for scope in scopes {
            let bindings = self.index.bindings(scope);
            for binding in bindings.of(user) {
                let rules = binding
                    .role_key()
                    .map_err(Clone::clone)
                    .and_then(|key| self.role(key).ok_or_else(|| missing(key)));
                if !more(rules.map(|rules| (binding, rules))) {
                    return;
                }
            }
        }
    }
}

fn missing(key: &RoleKey) -> String {
    let resource = if key.namespace.is_empty() { "clusterrole" } else { "role" };
    status::Status::not_found(GROUP, resource, &key.name).message
}

/// Several errors as one text, each once.
fn aggregate(errors: &[String]) -> String {
    let mut unique: Vec<&str> = Vec::new();
    for error in errors {
        if !unique.contains(&error.as_str()) {
            unique.push(error);
        }
    }
    match unique.as_slice() {
        [one] => (*one).to_owned(),
        many => format!("[{}]", many.join(", ")),
    }
}

impl Authorizer for RbacAuthorizer {
    fn authorize<'a>(&'a self, attributes: &'a Attributes<'a>) -> Answer<'a, Decision> {
        Box::pin(ready(self.decide(attributes)))
    }

    fn rules(&self, user: &User, namespace: &str) -> RuleList {
        let (rules, errors) = self.rules_for(user, namespace);
        RuleList { rules, errors, incomplete: false }
    }
}

#[cfg(test)]
#[path = "authorizer_tests.rs"]
mod tests;
