//! Which fields mean something for a service's spec.

use object::Value;

use crate::fields::{flag, items, text};

/// Its addresses in the cluster.
pub(super) fn cluster_ip(spec: &Value) -> bool {
    matches!(text(spec, "type"), "ClusterIP" | "NodePort" | "LoadBalancer")
}

/// Ports on every node.
pub(super) fn node_ports(spec: &Value) -> bool {
    matches!(text(spec, "type"), "NodePort" | "LoadBalancer")
}

/// A port where balancers ask nodes about their health.
pub(super) fn health_check_port(spec: &Value) -> bool {
    text(spec, "type") == "LoadBalancer" && text(spec, "externalTrafficPolicy") == "Local"
}

/// A policy for traffic from outside.
pub(super) fn external_traffic_policy(spec: &Value) -> bool {
    node_ports(spec) || (text(spec, "type") == "ClusterIP" && !items(spec, "externalIPs").is_empty())
}

/// Node ports that are handed out where none is asked for.
pub(super) fn allocated_node_ports(spec: &Value) -> bool {
    match text(spec, "type") {
        "NodePort" => true,
        "LoadBalancer" => flag(spec, "allocateLoadBalancerNodePorts"),
        _ => false,
    }
}

/// Whether it says to have no address.
pub(super) fn is_headless(spec: &Value) -> bool {
    items(spec, "clusterIPs").first().and_then(Value::as_str) == Some("None")
        || (items(spec, "clusterIPs").is_empty() && text(spec, "clusterIP") == "None")
}
