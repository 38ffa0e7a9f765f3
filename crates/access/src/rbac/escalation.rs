//! Nobody hands on what they do not hold: the check of roles and bindings that are written.
//!
//! Source: "Privilege escalation prevention and bootstrapping" in "Using RBAC Authorization".

use std::sync::Arc;

use object::{Text, Value};
use registry::User;
use status::{Result, Status};

use super::binding::RoleRef;
use super::{GROUP, RbacAuthorizer, Rule, go_list};
use crate::authorization::{Attributes, Authorizer};
use crate::users;

/// Checks writes of roles and bindings.
pub struct Escalation {
    rbac: Arc<RbacAuthorizer>,
    authorizer: Arc<dyn Authorizer>,
}

/// A create or update of an object of this group, as it is about to be persisted, before the kind's rules run.
#[derive(Clone, Copy, Debug)]
pub struct Write<'a> {
    /// Who writes.
    pub user: &'a User,
    /// The plural.
    pub resource: &'a str,
    /// The namespace; empty for cluster-scoped objects.
    pub namespace: &'a str,
    /// The name in the request's path: empty for a POST.
    pub name: &'a str,
    /// The object.
    pub object: &'a Value,
    /// What it replaces.
    pub old: Option<&'a Value>,
}

impl Escalation {
    /// `rbac` says what users hold; `authorizer`, the server's own, whether they may `escalate` or `bind` beyond that.
    pub fn new(rbac: Arc<RbacAuthorizer>, authorizer: Arc<dyn Authorizer>) -> Escalation {
        Escalation { rbac, authorizer }
    }

    /// 403 if the object would grant what the user does not hold, 404 if a binding's role is not there. Other
    /// resources pass.
    pub async fn check(&self, write: &Write<'_>) -> Result<()> {
        let binding = match write.resource {
            "roles" | "clusterroles" => false,
            "rolebindings" | "clusterrolebindings" => true,
            _ => return Ok(()),
        };
        if users::in_group(write.user, users::MASTERS)
            || write.old.is_some_and(|old| changes_for_collection_only(write.object, old))
        {
            return Ok(());
        }
        if binding { self.check_binding(write).await } else { self.check_role(write).await }
    }

    async fn check_role(&self, write: &Write<'_>) -> Result<()> {
        let attributes = Attributes {
            version: "*",
            namespace: write.namespace,
            name: write.name,
            ..Attributes::resource(write.user, "escalate", GROUP, write.resource)
        };
        if self.authorizer.authorize(&attributes).await.is_allowed() {
            return Ok(());
        }
        self.check_held(write, &Rule::read_all(write.object))?;
        let aggregates = aggregates(write.object) || write.old.is_some_and(aggregates);
        if aggregates && self.not_held(write, &Rule::everything()).is_some() {
            return Err(refuse(write, "must have cluster-admin privileges to use the aggregationRule"));
        }
        Ok(())
    }

    async fn check_binding(&self, write: &Write<'_>) -> Result<()> {
        let role = RoleRef::read(write.object);
        let resource = match role.kind.as_str() {
            "Role" => "roles",
            "ClusterRole" => "clusterroles",
            _ => "",
        };
        let attributes = Attributes {
            version: "*",
            namespace: write.namespace,
            name: &role.name,
            ..Attributes::resource(write.user, "bind", write.object.str_at(["roleRef", "apiGroup"]), resource)
        };
        if !resource.is_empty() && self.authorizer.authorize(&attributes).await.is_allowed() {
            return Ok(());
        }
        let key = role.key(write.namespace).map_err(Status::unknown)?;
        let rules =
            self.rbac.role(&key).ok_or_else(|| Status::not_found(GROUP, write.resource, &key.name))?;
        self.check_held(write, &rules)
    }

    fn check_held(&self, write: &Write<'_>, rules: &[Rule]) -> Result<()> {
        match self.not_held(write, rules) {
            None => Ok(()),
            Some(why) => Err(refuse(write, &why)),
        }
    }

    /// What of `rules` the writer does not hold, in the words of the refusal.
    fn not_held(&self, write: &Write<'_>, rules: &[Rule]) -> Option<String> {
        let (held, errors) = self.rbac.rules_for(write.user, write.namespace);
        let missing: Vec<Rule> = rules
            .iter()
            .flat_map(Rule::break_down)
            .filter(|wanted| !held.iter().any(|rule| rule.covers(wanted)))
            .collect();
        if missing.is_empty() {
            return None;
        }
        let mut lines: Vec<String> = compact(missing).iter().map(Rule::describe).collect();
        lines.sort_unstable();
        lines.dedup();
        let mut why = format!(
            "user {} (groups={}) is attempting to grant RBAC permissions not currently held:\n{}",
            status::go_quote(&write.user.name),
            go_list(&write.user.groups),
            lines.join("\n")
        );
        if !errors.is_empty() {
            why.push_str(&format!("; resolution errors: [{}]", errors.join(" ")));
        }
        Some(why)
    }
}

fn refuse(write: &Write<'_>, why: &str) -> Box<Status> {
    Status::forbidden(GROUP, write.resource, write.object.str_at(["metadata", "name"]), why)
}

fn aggregates(role: &Value) -> bool {
    !role.items_at(["aggregationRule", "clusterRoleSelectors"]).is_empty()
}

/// Joins the verbs of rules on the same resource of the same group, by name.
fn compact(rules: Vec<Rule>) -> Vec<Rule> {
    let mut joined: Vec<Rule> = Vec::new();
    for rule in rules {
        let same = joined.iter_mut().find(|known| {
            known.paths.is_empty()
                && rule.paths.is_empty()
                && (&known.groups, &known.resources, &known.names)
                    == (&rule.groups, &rule.resources, &rule.names)
        });
        match same {
            Some(known) => {
                let new: Vec<Text> =
                    rule.verbs.into_iter().filter(|verb| !known.verbs.contains(verb)).collect();
                known.verbs.extend(new);
            }
            None => joined.push(rule),
        }
    }
    joined
}

/// Whether nothing changes but what garbage collection writes: owners and finalizers.
fn changes_for_collection_only(object: &Value, old: &Value) -> bool {
    let without = |value: &Value| {
        let mut value = value.clone();
        for field in ["ownerReferences", "finalizers", "managedFields"] {
            value.object_at("metadata").remove(field);
        }
        value
    };
    without(object) == without(old)
}

#[cfg(test)]
#[path = "escalation_tests.rs"]
mod tests;
