use super::*;
use crate::testing::{Objects, user};

fn node() -> User {
    user("system:node:n1", &[users::NODES])
}

/// What the node `n1` is told: nothing if it is allowed.
fn told(nodes: &NodeAuthorizer, attributes: Attributes<'_>) -> Option<String> {
    match nodes.decide(&attributes) {
        Decision::Allow(_) => None,
        other => Some(other.reason().to_owned()),
    }
}

#[test]
fn nodes_have_their_own_objects() {
    let nodes = NodeAuthorizer::new(Arc::new(Objects::default()));
    let node = node();
    let unrelated = "no relationship found between node 'n1' and this object";
    for (verb, group, resource, subresource, namespace, name, reason) in [
        ("get", "", "nodes", "", "", "n1", None),
        ("get", "", "nodes", "", "", "n2", Some("node 'n1' cannot read 'n2', only its own Node object")),
        ("list", "", "nodes", "", "", "", Some("node 'n1' cannot read all nodes, only its own Node object")),
        ("patch", "", "nodes", "status", "", "n2", None),
        ("delete", "", "nodes", "", "", "n1", Some("")),
        ("update", "coordination.k8s.io", "leases", "", "kube-node-lease", "n1", None),
        ("create", "coordination.k8s.io", "leases", "", "kube-node-lease", "", None),
        (
            "update",
            "coordination.k8s.io",
            "leases",
            "",
            "kube-node-lease",
            "n2",
            Some("can only access node lease with the same name as the requesting node"),
        ),
        (
            "update",
            "coordination.k8s.io",
            "leases",
            "",
            "ns",
            "n1",
            Some("can only access leases in the \"kube-node-lease\" system namespace"),
        ),
        ("get", "storage.k8s.io", "csinodes", "", "", "n1", None),
        (
            "get",
            "storage.k8s.io",
            "csinodes",
            "",
            "",
            "n2",
            Some("can only access CSINode with the same name as the requesting node"),
        ),
        ("list", "", "secrets", "", "ns", "", Some("No Object name found")),
        ("get", "", "secrets", "", "", "x", Some("can only read namespaced object of this type")),
        ("create", "", "secrets", "", "ns", "", Some("can only read resources of this type")),
        ("get", "", "configmaps", "", "ns", "x", Some(unrelated)),
        (
            "list",
            "",
            "persistentvolumeclaims",
            "",
            "ns",
            "",
            Some("can only get individual resources of this type"),
        ),
        ("create", "", "serviceaccounts", "token", "ns", "x", Some(unrelated)),
        ("list", "", "pods", "", "", "", Some("can only list/watch pods with spec.nodeName field selector")),
        ("get", "", "pods", "", "ns", "x", Some(unrelated)),
        ("create", "", "pods", "eviction", "ns", "x", None),
        ("get", "", "pods", "exec", "ns", "x", Some("")),
        ("list", "", "services", "", "", "", None),
        ("create", "events.k8s.io", "events", "", "default", "", None),
        ("create", "certificates.k8s.io", "certificatesigningrequests", "", "", "", None),
        ("list", "apps", "deployments", "", "", "", Some("")),
    ] {
        let attributes =
            Attributes { subresource, namespace, name, ..Attributes::resource(&node, verb, group, resource) };
        let expected = reason.map(str::to_owned);
        assert_eq!(told(&nodes, attributes), expected, "{verb} {resource}/{subresource} {namespace}/{name}");
    }
}

#[test]
fn only_named_nodes_are_known() {
    let nodes = NodeAuthorizer::new(Arc::new(Objects::default()));
    for (name, groups, reason) in [
        ("system:node:", &[users::NODES][..], "unknown node for user \"system:node:\""),
        ("system:node:n1", &[], ""),
        ("n1", &[users::NODES], ""),
    ] {
        let user = user(name, groups);
        let decision = nodes.decide(&Attributes::resource(&user, "list", "", "services"));
        assert_eq!(decision, Decision::NoOpinion(reason.to_owned()));
    }
    assert!(nodes.rules(&node(), "ns").incomplete);
}

#[test]
fn a_field_selector_may_name_the_node() {
    let nodes = NodeAuthorizer::new(Arc::new(Objects::default()));
    let node = node();
    for (group, resource, selector, allowed) in [
        ("", "pods", "spec.nodeName=n1", true),
        ("", "pods", "spec.nodeName=n2", false),
        ("", "pods", "spec.nodeName!=n1", false),
        ("", "pods", "a=b,spec.nodeName==n1", true),
        ("", "pods", "a b c", false),
        ("resource.k8s.io", "resourceslices", "nodeName=n1", true),
        ("resource.k8s.io", "resourceslices", "driver=x", false),
    ] {
        let attributes = Attributes {
            field_selector: Some(selector),
            ..Attributes::resource(&node, "watch", group, resource)
        };
        assert_eq!(told(&nodes, attributes).is_none(), allowed, "{resource} {selector}");
    }
}

const POD: &str = r#"{"metadata":{"namespace":"ns","name":"p"},"spec":{"nodeName":"n1","serviceAccountName":"sa",
    "imagePullSecrets":[{"name":"pull"}],
    "containers":[{"env":[{"valueFrom":{"secretKeyRef":{"name":"env"}}}],"envFrom":[{"configMapRef":{"name":"from"}}]}],
    "volumes":[{"secret":{"secretName":"mounted"}},{"projected":{"sources":[{"configMap":{"name":"ca"}}]}},
        {"persistentVolumeClaim":{"claimName":"claim"}},{"name":"scratch","ephemeral":{}}],
    "resourceClaims":[{"resourceClaimName":"gpu"}]}}"#;

fn gets(nodes: &NodeAuthorizer, group: &str, resource: &str, name: &str) -> bool {
    let node = node();
    let namespace =
        if resource == "persistentvolumes" || resource == "volumeattachments" { "" } else { "ns" };
    let attributes = Attributes { namespace, name, ..Attributes::resource(&node, "get", group, resource) };
    told(nodes, attributes).is_none()
}

#[test]
fn nodes_read_what_their_pods_use() {
    let objects = Arc::new(Objects::default());
    objects.put("pods", POD);
    let volume = r#"{"metadata":{"name":"pv"},"spec":{"claimRef":{"namespace":"ns","name":"claim"},
        "csi":{"nodeStageSecretRef":{"namespace":"ns","name":"stage"},"controllerPublishSecretRef":{"namespace":"ns","name":"not"}}}}"#;
    objects.put("persistentvolumes", volume);
    objects.put("volumeattachments.storage.k8s.io", r#"{"metadata":{"name":"va"},"spec":{"nodeName":"n1"}}"#);
    let nodes = NodeAuthorizer::new(objects.clone());
    for (group, resource, name, allowed) in [
        ("", "secrets", "pull", true),
        ("", "secrets", "env", true),
        ("", "secrets", "mounted", true),
        ("", "secrets", "stage", true),
        ("", "secrets", "not", false),
        ("", "secrets", "other", false),
        ("", "configmaps", "from", true),
        ("", "configmaps", "ca", true),
        ("", "configmaps", "env", false),
        ("", "persistentvolumeclaims", "claim", true),
        ("", "persistentvolumeclaims", "p-scratch", true),
        ("", "persistentvolumes", "pv", true),
        ("", "persistentvolumes", "other", false),
        ("", "serviceaccounts", "sa", true),
        ("", "serviceaccounts", "default", false),
        ("resource.k8s.io", "resourceclaims", "gpu", true),
        ("storage.k8s.io", "volumeattachments", "va", true),
        ("", "pods", "p", true),
    ] {
        assert_eq!(gets(&nodes, group, resource, name), allowed, "{resource} {name}");
    }
    objects.put("pods", &POD.replace("mounted", "changed"));
    nodes.changed("pods", "ns", "p");
    assert!(gets(&nodes, "", "secrets", "changed") && !gets(&nodes, "", "secrets", "mounted"));
    objects.remove("pods", "ns", "p");
    nodes.changed("pods", "ns", "p");
    for (resource, name) in [("secrets", "changed"), ("secrets", "stage"), ("persistentvolumes", "pv")] {
        assert!(!gets(&nodes, "", resource, name), "{resource} {name}");
    }
}

#[test]
fn mirror_pods_give_nothing() {
    let objects = Arc::new(Objects::default());
    let mirror = r#""namespace":"ns","annotations":{"kubernetes.io/config.mirror":"x"}"#;
    objects.put("pods", &POD.replace(r#""namespace":"ns""#, mirror));
    let nodes = NodeAuthorizer::new(objects);
    assert!(!gets(&nodes, "", "secrets", "pull") && gets(&nodes, "", "pods", "p"));
}
