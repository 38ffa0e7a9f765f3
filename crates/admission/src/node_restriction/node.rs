//! What a node may write of nodes: itself, without taints, owners or the labels that say where it may be used.

use std::collections::BTreeSet;

use object::Value;
use registry::Operation;
use status::Result;

use super::Write;

/// Labels of the `kubernetes.io` and `k8s.io` namespaces that a kubelet sets.
const KUBELET_LABELS: &[&str] = &[
    "beta.kubernetes.io/arch",
    "beta.kubernetes.io/instance-type",
    "beta.kubernetes.io/os",
    "failure-domain.beta.kubernetes.io/region",
    "failure-domain.beta.kubernetes.io/zone",
    "kubernetes.io/arch",
    "kubernetes.io/hostname",
    "kubernetes.io/os",
    "node.kubernetes.io/instance-type",
    "topology.kubernetes.io/region",
    "topology.kubernetes.io/zone",
];

/// Namespaces of labels that a kubelet may set, with those below.
const KUBELET_NAMESPACES: &[&str] = &["kubelet.kubernetes.io", "node.kubernetes.io"];

/// The namespace of labels that only administrators set.
const RESTRICTED: &str = "node-restriction.kubernetes.io";

pub(super) fn check(write: &Write<'_>) -> Result<()> {
    if let (Operation::Create | Operation::Update, Some(object)) = (write.operation(), write.object) {
        check_labels(write, object)?;
        let old = write.old.unwrap_or(&Value::Null);
        let same_taints = old.items_at(["spec", "taints"]) == object.items_at(["spec", "taints"]);
        write.require(same_taints || write.operation() == Operation::Create, |node| {
            format!("node {node} is not allowed to modify taints")
        })?;
        let path = ["metadata", "ownerReferences"];
        write.require(old.items_at(path) == object.items_at(path), |node| {
            format!("node {node} is not allowed to modify ownerReferences")
        })?;
    }
    let name = write.attributes.name;
    write.require(name == write.node, |node| {
        format!("node {node} is not allowed to modify node {}", status::go_quote(name))
    })
}

fn check_labels(write: &Write<'_>, object: &Value) -> Result<()> {
    let labels = |value: Option<&Value>, key: &str| {
        value.and_then(|it| it.at(["metadata", "labels", key])).and_then(Value::as_str).map(str::to_owned)
    };
    let keys = |value: Option<&Value>| -> BTreeSet<String> {
        let map = value.and_then(|it| it.at(["metadata", "labels"])).and_then(Value::as_object);
        map.into_iter().flat_map(|map| map.iter().map(|(key, _)| key.to_string())).collect()
    };
    let changed: Vec<String> = keys(Some(object))
        .union(&keys(write.old))
        .filter(|key| labels(Some(object), key) != labels(write.old, key) && forbidden(key))
        .cloned()
        .collect();
    let names = changed.join(", ");
    write.require(changed.is_empty(), |node| match write.operation() {
        Operation::Create => format!("node {node} is not allowed to set the following labels: {names}"),
        _ => format!("is not allowed to modify labels: {names}"),
    })
}

/// Whether a kubelet must leave the label alone.
fn forbidden(label: &str) -> bool {
    let namespace = label.split_once('/').map_or("", |(namespace, _)| namespace);
    let under = |domain: &str| {
        namespace.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    under(RESTRICTED)
        || ((under("kubernetes.io") || under("k8s.io"))
            && !KUBELET_LABELS.contains(&label)
            && !KUBELET_NAMESPACES.iter().any(|domain| under(domain)))
}

#[cfg(test)]
mod tests {
    use super::forbidden;

    #[test]
    fn labels_of_administrators_are_theirs() {
        for (label, theirs) in [
            ("custom", false),
            ("example.com/x", false),
            ("notkubernetes.io/x", false),
            ("kubernetes.io/os", false),
            ("a.node.kubernetes.io/x", false),
            ("kubernetes.io/other", true),
            ("x.k8s.io/y", true),
            ("node-restriction.kubernetes.io/x", true),
            ("a.node-restriction.kubernetes.io/x", true),
        ] {
            assert_eq!(forbidden(label), theirs, "{label}");
        }
    }
}
