//! What a node may write of pods: mirror pods of its own, the status of those it runs, their eviction.

use object::Value;
use registry::Operation;
use status::{Result, go_quote};

use super::Write;

const MIRROR: &str = "kubernetes.io/config.mirror";

pub(super) fn check(write: &Write<'_>) -> Result<()> {
    match (write.subresource(), write.operation()) {
        ("", Operation::Create) => check_mirror_pod(write),
        ("", Operation::Delete) => write.require(runs_here(write, write.old), |node| {
            format!("node {node} can only delete pods with spec.nodeName set to itself")
        }),
        ("", operation) => {
            let node = go_quote(write.node);
            let operation = go_quote(operation_name(operation));
            Err(write.forbidden(format!(
                "unexpected operation {operation}, node {node} can only create and delete mirror pods"
            )))
        }
        ("status", Operation::Update) => check_status(write),
        ("eviction", Operation::Create) => check_eviction(write),
        ("status" | "eviction", operation) => {
            let operation = go_quote(operation_name(operation));
            Err(write.forbidden(format!("unexpected operation {operation}")))
        }
        (other, _) => Err(write.forbidden(format!(
            "unexpected pod subresource {}, only 'status' and 'eviction' are allowed",
            go_quote(other)
        ))),
    }
}

fn operation_name(operation: Operation) -> &'static str {
    match operation {
        Operation::Create => "CREATE",
        Operation::Update => "UPDATE",
        Operation::Delete => "DELETE",
        Operation::Connect => "CONNECT",
    }
}

fn runs_here(write: &Write<'_>, pod: Option<&Value>) -> bool {
    pod.is_some_and(|pod| pod.str_at(["spec", "nodeName"]) == write.node)
}

/// A mirror pod stands for one that a kubelet runs of its own accord: bound to the node, owned by it, and naming
/// nothing that would let a kubelet read more than its pods need.
fn check_mirror_pod(write: &Write<'_>) -> Result<()> {
    let pod = write.object.unwrap_or(&Value::Null);
    write.require(pod.at(["metadata", "annotations", MIRROR]).is_some(), |node| {
        let mirror = go_quote(MIRROR);
        format!("pod does not have {mirror} annotation, node {node} can only create mirror pods")
    })?;
    write.require(runs_here(write, write.object), |node| {
        format!("node {node} can only create pods with spec.nodeName set to itself")
    })?;
    check_owner(write, pod)?;
    for (what, named) in references(pod) {
        write.require(!named, |node| format!("node {node} can not create pods that reference {what}"))?;
    }
    Ok(())
}

fn check_owner(write: &Write<'_>, pod: &Value) -> Result<()> {
    let owners = pod.items_at(["metadata", "ownerReferences"]);
    write.require(owners.len() < 2, |node| {
        format!("node {node} can only create pods with a single owner reference set to itself")
    })?;
    let itself =
        |node: &str| format!("node {node} can only create pods with an owner reference set to itself");
    let Some(owner) = owners.first() else {
        return Err(write.forbidden(itself(&go_quote(write.node))));
    };
    let node = [("apiVersion", "v1"), ("kind", "Node"), ("name", write.node)];
    write.require(node.iter().all(|(field, value)| owner.str_at([*field]) == *value), itself)?;
    write.require(owner.get("controller") == Some(&Value::Bool(true)), |node| {
        format!("node {node} can only create pods with a controller owner reference set to itself")
    })?;
    write.require(owner.get("blockOwnerDeletion") != Some(&Value::Bool(true)), |node| {
        format!("node {node} must not set blockOwnerDeletion on an owner reference")
    })?;
    let found = write.attributes.lookup.get("", "nodes", "", write.node).unwrap_or(Value::Null);
    let (expected, got) = (found.str_at(["metadata", "uid"]), owner.str_at(["uid"]));
    write.require(expected == got, |_| {
        format!("node {} UID mismatch: expected {expected} got {got}", write.node)
    })
}

/// What else a pod can name, and whether this one does.
fn references(pod: &Value) -> [(&'static str, bool); 6] {
    let spec = pod.get("spec").unwrap_or(&Value::Null);
    [
        ("a service account", !spec.str_at(["serviceAccountName"]).is_empty()),
        ("secrets", names(spec, &["secretRef", "secretKeyRef", "secret", "imagePullSecrets"])),
        ("configmaps", names(spec, &["configMapRef", "configMapKeyRef", "configMap"])),
        ("clustertrustbundles", names(spec, &["clusterTrustBundle"])),
        ("persistentvolumeclaims", names(spec, &["persistentVolumeClaim"])),
        ("resourceclaims", names(spec, &["resourceClaims"])),
    ]
}

/// Whether one of the fields is set anywhere in a value.
fn names(value: &Value, fields: &[&str]) -> bool {
    match value {
        Value::Object(map) => map.iter().any(|(key, inner)| {
            (fields.contains(&key) && !matches!(inner, Value::Null)) || names(inner, fields)
        }),
        Value::Array(items) => items.iter().any(|item| names(item, fields)),
        _ => false,
    }
}

fn check_status(write: &Write<'_>) -> Result<()> {
    write.require(runs_here(write, write.old), |node| {
        format!("node {node} can only update pod status for pods with spec.nodeName set to itself")
    })?;
    let same = |path: [&str; 2]| {
        write.object.and_then(|object| object.at(path)) == write.old.and_then(|old| old.at(path))
    };
    write.require(same(["metadata", "labels"]), |node| {
        format!("node {node} can not update labels through pod status")
    })?;
    write.require(same(["status", "resourceClaimStatuses"]), |node| {
        format!("node {node} cannot update resource claim statuses")
    })
}

fn check_eviction(write: &Write<'_>) -> Result<()> {
    let named = match write.attributes.name {
        "" => write.written(["metadata", "name"]),
        name => name,
    };
    write.require(!named.is_empty(), |_| "could not determine pod from request data".to_owned())?;
    let pod = write.attributes.lookup.get("", "pods", &write.attributes.request.namespace, named);
    // An absent pod is the eviction's own error.
    write.require(pod.is_none() || runs_here(write, pod.as_ref()), |_| {
        format!("node {} can only evict pods with spec.nodeName set to itself", write.node)
    })
}
