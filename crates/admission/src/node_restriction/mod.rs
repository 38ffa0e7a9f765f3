//! NodeRestriction: a kubelet changes its own node and what belongs to its pods, nothing else.
//!
//! Nodes are the users of the group `system:nodes`; the node authorizer says what they may reach, this plugin what they
//! may write there. Off unless asked for, as in kube-apiserver.

mod node;
mod pods;
mod tokens;

use object::Value;
use registry::{Attributes, Operation, Warnings};
use status::{Result, Status, go_quote};

use crate::Plugin;

/// See the module.
pub(crate) struct NodeRestriction;

/// A write of a node.
struct Write<'a> {
    attributes: &'a Attributes<'a>,
    /// The node's name.
    node: &'a str,
    /// What is written; absent for deletes.
    object: Option<&'a Value>,
    /// What is there now; absent for creates.
    old: Option<&'a Value>,
}

impl Plugin for NodeRestriction {
    fn name(&self) -> &'static str {
        "NodeRestriction"
    }

    fn mutate(
        &self,
        attributes: &Attributes<'_>,
        object: &mut Value,
        old: Option<&Value>,
        _warnings: &mut Warnings,
    ) -> Result<()> {
        check(attributes, Some(object), old)
    }

    fn validate(
        &self,
        attributes: &Attributes<'_>,
        _object: Option<&Value>,
        old: Option<&Value>,
        _warnings: &mut Warnings,
    ) -> Result<()> {
        // Deletes alone have not been checked as they were about to be changed.
        if attributes.operation == Operation::Delete { check(attributes, None, old) } else { Ok(()) }
    }
}

fn check(attributes: &Attributes<'_>, object: Option<&Value>, old: Option<&Value>) -> Result<()> {
    let Some(node) = access::users::node_identity(&attributes.request.user) else {
        return Ok(());
    };
    let write = Write { attributes, node, object, old };
    if node.is_empty() {
        let user = go_quote(&attributes.request.user.name);
        return Err(write.forbidden(format!("could not determine node from user {user}")));
    }
    let resource = &attributes.request.resource;
    match (resource.group.as_str(), resource.resource.as_str()) {
        ("", "pods") => pods::check(&write),
        ("", "nodes") => node::check(&write),
        ("", "persistentvolumeclaims") => write.check_claim(),
        ("", "serviceaccounts") => tokens::check(&write),
        ("coordination.k8s.io", "leases") => write.check_lease(),
        ("storage.k8s.io", "csinodes") => write.check_own_name(),
        ("resource.k8s.io", "resourceslices") => write.check_slice(),
        _ => Ok(()),
    }
}

impl Write<'_> {
    fn forbidden(&self, why: impl std::fmt::Display) -> Box<Status> {
        let resource = &self.attributes.request.resource;
        Status::forbidden(&resource.group, &resource.resource, self.attributes.name, why)
    }

    /// `Ok` if `allowed`, else a refusal for the reason that `why` makes.
    fn require(&self, allowed: bool, why: impl FnOnce(&str) -> String) -> Result<()> {
        if allowed { Ok(()) } else { Err(self.forbidden(why(&go_quote(self.node)))) }
    }

    fn operation(&self) -> Operation {
        self.attributes.operation
    }

    fn subresource(&self) -> &str {
        self.attributes.request.subresource.as_ref().map_or("", |subresource| &subresource.name)
    }

    /// A field of what is written.
    fn written(&self, path: [&str; 2]) -> &str {
        self.object.map_or("", |object| object.str_at(path))
    }

    fn check_claim(&self) -> Result<()> {
        self.require(self.subresource() == "status", |_| "may only update PVC status".to_owned())?;
        let (Some(object), Some(old)) = (self.object, self.old) else {
            return Err(self.forbidden("unexpected operation"));
        };
        // A kubelet reports the progress of a resize; everything else must stay.
        let rest = |claim: &Value| {
            let mut rest = claim.clone();
            rest.object_at("metadata").remove("managedFields");
            let status = rest.object_at("status");
            for field in ["capacity", "conditions", "allocatedResources", "allocatedResourceStatuses"] {
                status.remove(field);
            }
            rest
        };
        self.require(rest(object) == rest(old), |node| {
            format!(
                "node {node} is not allowed to update fields other than status.quantity and status.conditions"
            )
        })
    }

    fn check_lease(&self) -> Result<()> {
        const NAMESPACE: &str = "kube-node-lease";
        let namespace = self.attributes.request.namespace.as_str();
        self.require(namespace == NAMESPACE, |_| {
            format!("can only access leases in the {} system namespace", go_quote(NAMESPACE))
        })?;
        self.require(self.attributes.name == self.node, |_| {
            "can only access node lease with the same name as the requesting node".to_owned()
        })
    }

    fn check_own_name(&self) -> Result<()> {
        self.require(self.attributes.name == self.node, |_| {
            "can only access CSINode with the same name as the requesting node".to_owned()
        })
    }

    fn check_slice(&self) -> Result<()> {
        let own = self.operation() != Operation::Create || self.written(["spec", "nodeName"]) == self.node;
        self.require(own, |_| {
            "can only create ResourceSlice with the same NodeName as the requesting node".to_owned()
        })
    }
}
