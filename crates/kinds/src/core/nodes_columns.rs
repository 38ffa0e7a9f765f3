//! The columns of nodes.

use std::collections::BTreeSet;

use object::Value;

use crate::fields::{entries, text};
use crate::tables::{Column, Columns, NONE, UNKNOWN, condition, or_none};

/// The columns.
pub(super) const COLUMNS: Columns = Columns::new(
    &[
        Column::NAME,
        Column::text("Status", "Whether it is ready for pods."),
        Column::text("Roles", "What it is there for, by its labels."),
        Column::AGE,
        Column::text("Version", "The version of its kubelet."),
        Column::text("Internal-IP", "Its address inside the cluster.").wide(),
        Column::text("External-IP", "Its address for others.").wide(),
        Column::text("OS-Image", "Its operating system.").wide(),
        Column::text("Kernel-Version", "Its kernel, and the architecture that is for.").wide(),
        Column::text("Container-Runtime", "What runs its containers.").wide(),
    ],
    |node, row| {
        row.name(node);
        row.text(&status(node));
        row.text(&roles(node));
        row.age(node);
        row.text(info(node, "kubeletVersion"));
        row.text(address(node, "InternalIP"));
        row.text(address(node, "ExternalIP"));
        row.text_or(info(node, "osImage"), UNKNOWN);
        row.text_or(&kernel(node), UNKNOWN);
        row.text_or(info(node, "containerRuntimeVersion"), UNKNOWN);
    },
);

fn info<'v>(node: &'v Value, field: &str) -> &'v str {
    node.str_at(["status", "nodeInfo", field])
}

fn status(node: &Value) -> String {
    let ready = match condition(node, "Ready").map(|ready| text(ready, "status")) {
        Some("True") => "Ready",
        Some(_) => "NotReady",
        None => "Unknown",
    };
    let unschedulable = node.at(["spec", "unschedulable"]).and_then(Value::as_bool).unwrap_or(false);
    if unschedulable { format!("{ready},SchedulingDisabled") } else { ready.to_owned() }
}

/// What labels say the node is there for: `node-role.kubernetes.io/ROLE`, or ROLE as the value of one.
fn roles(node: &Value) -> String {
    let labels = node.get("metadata").into_iter().flat_map(|metadata| entries(metadata, "labels"));
    let roles = labels.filter_map(|(label, value)| match label {
        "kubernetes.io/role" => value.as_str(),
        label => label.strip_prefix("node-role.kubernetes.io/"),
    });
    let distinct: BTreeSet<&str> = roles.filter(|role| !role.is_empty()).collect();
    or_none(distinct.into_iter().collect::<Vec<_>>().join(","))
}

fn address<'v>(node: &'v Value, kind: &str) -> &'v str {
    let addresses = node.items_at(["status", "addresses"]);
    let found = addresses.iter().find(|address| text(address, "type") == kind);
    found.map_or(NONE, |found| text(found, "address"))
}

fn kernel(node: &Value) -> String {
    match (info(node, "kernelVersion"), info(node, "architecture")) {
        ("", _) => String::new(),
        (kernel, "") => kernel.to_owned(),
        (kernel, architecture) => format!("{kernel} ({architecture})"),
    }
}
