//! The node authorizer.

use std::future::ready;
use std::sync::Arc;

use meta::selector::FieldSelector;
use registry::{Lookup, User};

use super::graph::Graph;
use super::references::{Kind, Target, claim_of};
use super::rules::rules;
use crate::authorization::{Answer, Attributes, Authorizer, Decision, RuleList};
use crate::rbac::Rule;
use crate::users;

/// Decides what nodes may do (`--authorization-mode=Node`); has no opinion on other users.
///
/// Which objects the pods of a node use is read when a node first asks and kept: whoever writes or receives a change of
/// a pod or PersistentVolume says so by [`NodeAuthorizer::changed`].
pub struct NodeAuthorizer {
    lookup: Arc<dyn Lookup>,
    graph: Graph,
    rules: Vec<Rule>,
}

/// Nothing against it, or the reason for having no opinion.
type Verdict = Result<(), String>;

impl NodeAuthorizer {
    /// Over the objects of `lookup`.
    pub fn new(lookup: Arc<dyn Lookup>) -> NodeAuthorizer {
        NodeAuthorizer { graph: Graph::new(lookup.clone()), lookup, rules: rules() }
    }

    /// An object of the core group has come, changed or gone: `resource` is its plural, `namespace` is empty for
    /// cluster-scoped ones. Other resources are passed over. Cheap; call it after the change can be read.
    pub fn changed(&self, resource: &str, namespace: &str, name: &str) {
        if matches!(resource, "pods" | "persistentvolumes") {
            self.graph.changed(namespace, name);
        }
    }

    /// Anything may have changed.
    pub fn changed_all(&self) {
        self.graph.changed_all();
    }

    /// The decision, without a future.
    pub fn decide(&self, attributes: &Attributes<'_>) -> Decision {
        let Some(node) = users::node_identity(attributes.user) else { return Decision::NOTHING };
        if node.is_empty() {
            let user = status::go_quote(&attributes.user.name);
            return Decision::NoOpinion(format!("unknown node for user {user}"));
        }
        let own = if attributes.resource_request { self.own(node, attributes) } else { None };
        match own {
            Some(Ok(())) => Decision::Allow(String::new()),
            Some(Err(reason)) => Decision::NoOpinion(reason),
            None if self.rules.iter().any(|rule| rule.allows(attributes)) => Decision::Allow(String::new()),
            None => Decision::NOTHING,
        }
    }

    /// What is said of resources of which a node may have some objects only; nothing of others.
    fn own(&self, node: &str, attributes: &Attributes<'_>) -> Option<Verdict> {
        let at = attributes;
        let uses = |kind| self.uses(node, kind, at);
        Some(match (at.group, at.resource) {
            ("", "secrets") => read_namespaced(at).and_then(|()| uses(Kind::Secret)),
            ("", "configmaps") => read_namespaced(at).and_then(|()| uses(Kind::ConfigMap)),
            ("", "persistentvolumeclaims") if at.subresource == "status" => {
                let good = matches!(at.verb, "update" | "patch");
                require(good, "can only get/update/patch this type")
                    .and_then(|()| uses(Kind::PersistentVolumeClaim))
            }
            ("", "persistentvolumeclaims") => get(at).and_then(|()| uses(Kind::PersistentVolumeClaim)),
            ("", "persistentvolumes") => get(at).and_then(|()| self.mounts(node, at)),
            ("resource.k8s.io", "resourceclaims") => get(at).and_then(|()| uses(Kind::ResourceClaim)),
            ("storage.k8s.io", "volumeattachments") => {
                get(at).and_then(|()| self.names_node(node, at, &["spec", "nodeName"]))
            }
            ("", "serviceaccounts") => self.service_account(node, at),
            ("coordination.k8s.io", "leases") => lease(node, at),
            ("storage.k8s.io", "csinodes") => csi_node(node, at),
            ("resource.k8s.io", "resourceslices") => self.resource_slice(node, at),
            ("", "nodes") => own_node(node, at),
            ("", "pods") => self.pod(node, at),
            _ => return None,
        })
    }

    /// Whether a pod of the node uses the object.
    fn uses(&self, node: &str, kind: Kind, at: &Attributes<'_>) -> Verdict {
        require(!at.name.is_empty(), "No Object name found")?;
        let target = Target::new(kind, at.namespace, at.name);
        related(self.graph.belongs(&target, node), node)
    }

    /// Whether a pod of the node uses the claim that a PersistentVolume is bound to.
    fn mounts(&self, node: &str, at: &Attributes<'_>) -> Verdict {
        require(!at.name.is_empty(), "No Object name found")?;
        let volume = self.lookup.get("", "persistentvolumes", "", at.name);
        let claim = volume.as_ref().and_then(claim_of);
        related(claim.is_some_and(|claim| self.graph.belongs(&claim, node)), node)
    }

    /// Whether the object names the node at `path`.
    fn names_node(&self, node: &str, at: &Attributes<'_>, path: &[&str]) -> Verdict {
        require(!at.name.is_empty(), "No Object name found")?;
        let object = self.lookup.get(at.group, at.resource, at.namespace, at.name);
        related(object.is_some_and(|object| object.str_at(path.iter().copied()) == node), node)
    }

    fn service_account(&self, node: &str, at: &Attributes<'_>) -> Verdict {
        if (at.verb, at.subresource) != ("get", "") {
            let good = at.verb == "create" && !at.name.is_empty();
            require(good, "can only create tokens for individual service accounts")?;
            require(at.subresource == "token", "can only create token subresource of serviceaccount")?;
        }
        self.uses(node, Kind::ServiceAccount, at)
    }

    fn resource_slice(&self, node: &str, at: &Attributes<'_>) -> Verdict {
        require(at.subresource.is_empty(), "cannot authorize ResourceSlice subresources")?;
        match at.verb {
            // Admission sees to it that a node makes slices of its own only.
            "create" => Ok(()),
            "get" | "update" | "patch" | "delete" => self.names_node(node, at, &["spec", "nodeName"]),
            "watch" | "list" | "deletecollection" => require(
                selects(at, "nodeName", node),
                "can only list/watch/deletecollection resourceslices with nodeName field selector",
            ),
            _ => Err("only the following verbs are allowed for a ResourceSlice: get, watch, list, create, update, \
                      patch, delete, deletecollection"
                .to_owned()),
        }
    }

    fn pod(&self, node: &str, at: &Attributes<'_>) -> Verdict {
        match (at.subresource, at.verb) {
            ("", "get") => self.names_node(node, at, &["spec", "nodeName"]),
            ("", "list" | "watch") if selects(at, "spec.nodeName", node) => Ok(()),
            ("", "list" | "watch") if at.name.is_empty() => {
                Err("can only list/watch pods with spec.nodeName field selector".to_owned())
            }
            ("", "list" | "watch") => self.names_node(node, at, &["spec", "nodeName"]),
            // Admission limits nodes to pods bound to them.
            ("", "create" | "delete") | ("status", "update" | "patch") | ("eviction", "create") => Ok(()),
            _ => Err(String::new()),
        }
    }
}

fn require(good: bool, reason: &str) -> Verdict {
    if good { Ok(()) } else { Err(reason.to_owned()) }
}

fn related(found: bool, node: &str) -> Verdict {
    if found { Ok(()) } else { Err(format!("no relationship found between node '{node}' and this object")) }
}

fn get(at: &Attributes<'_>) -> Verdict {
    require(at.verb == "get", "can only get individual resources of this type")?;
    require(at.subresource.is_empty(), "cannot get subresource")
}

fn read_namespaced(at: &Attributes<'_>) -> Verdict {
    require(matches!(at.verb, "get" | "list" | "watch"), "can only read resources of this type")?;
    require(at.subresource.is_empty(), "cannot read subresource")?;
    require(!at.namespace.is_empty(), "can only read namespaced object of this type")
}

/// Whether the request's field selector demands that `field` is `value`.
fn selects(at: &Attributes<'_>, field: &str, value: &str) -> bool {
    let selector = at.field_selector.and_then(|text| FieldSelector::parse(text).ok());
    selector.is_some_and(|selector| selector.exact_value(field) == Some(value))
}

fn lease(node: &str, at: &Attributes<'_>) -> Verdict {
    let good = matches!(at.verb, "get" | "create" | "update" | "patch" | "delete");
    require(good, "can only get, create, update, patch, or delete a node lease")?;
    let own = at.namespace == "kube-node-lease";
    require(own, "can only access leases in the \"kube-node-lease\" system namespace")?;
    // A create has no name yet; admission checks it.
    let named = at.verb == "create" || at.name == node;
    require(named, "can only access node lease with the same name as the requesting node")
}

fn csi_node(node: &str, at: &Attributes<'_>) -> Verdict {
    let good = matches!(at.verb, "get" | "create" | "update" | "patch" | "delete");
    require(good, "can only get, create, update, patch, or delete a CSINode")?;
    require(at.subresource.is_empty(), "cannot authorize CSINode subresources")?;
    let named = at.verb == "create" || at.name == node;
    require(named, "can only access CSINode with the same name as the requesting node")
}

fn own_node(node: &str, at: &Attributes<'_>) -> Verdict {
    match (at.subresource, at.verb) {
        // Admission limits nodes to their own objects.
        ("", "create" | "update" | "patch") | ("status", "update" | "patch") => Ok(()),
        ("", "get" | "list" | "watch") if at.name == node => Ok(()),
        ("", "get" | "list" | "watch") if at.name.is_empty() => {
            Err(format!("node '{node}' cannot read all nodes, only its own Node object"))
        }
        ("", "get" | "list" | "watch") => {
            Err(format!("node '{node}' cannot read '{}', only its own Node object", at.name))
        }
        _ => Err(String::new()),
    }
}

impl Authorizer for NodeAuthorizer {
    fn authorize<'a>(&'a self, attributes: &'a Attributes<'a>) -> Answer<'a, Decision> {
        Box::pin(ready(self.decide(attributes)))
    }

    fn rules(&self, user: &User, _namespace: &str) -> RuleList {
        match users::node_identity(user) {
            None => RuleList::default(),
            Some(_) => RuleList {
                incomplete: true,
                errors: vec!["node authorizer does not support user rule resolution".to_owned()],
                rules: Vec::new(),
            },
        }
    }
}

#[cfg(test)]
#[path = "authorizer_tests.rs"]
mod tests;
