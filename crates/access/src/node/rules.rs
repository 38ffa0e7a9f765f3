//! What all nodes may do alike: the rules of the role `system:node`.

use crate::rbac::Rule;

const READ: &[&str] = &["get", "list", "watch"];
const WRITE_EVENTS: &[&str] = &["create", "patch", "update"];

/// Group, resources and verbs. Resources of which a node may have some objects only have a check of their own
/// instead.
const RULES: &[(&str, &[&str], &[&str])] = &[
    ("authentication.k8s.io", &["tokenreviews"], &["create"]),
    ("authorization.k8s.io", &["localsubjectaccessreviews", "subjectaccessreviews"], &["create"]),
    ("", &["services"], READ),
    ("", &["events"], WRITE_EVENTS),
    ("events.k8s.io", &["events"], WRITE_EVENTS),
    ("", &["endpoints"], &["get"]),
    ("certificates.k8s.io", &["certificatesigningrequests"], &["create", "get", "list", "watch"]),
    ("storage.k8s.io", &["csidrivers"], READ),
    ("node.k8s.io", &["runtimeclasses"], READ),
];

pub(super) fn rules() -> Vec<Rule> {
    RULES.iter().map(|(group, resources, verbs)| Rule::on(group, resources, verbs)).collect()
}
