//! Fields that hang together: what an update leaves out is taken over, what no longer applies is dropped.

use std::collections::{BTreeSet, HashMap};

use object::Value;

use super::needs;
use crate::fields::{int, items, items_mut, text};

fn same(new: &Value, old: &Value, field: &str) -> bool {
    new.get(field) == old.get(field)
}

/// Brings `clusterIP` and `clusterIPs` into step where a client knows only the former.
pub(super) fn join_addresses(spec: &mut Value, old: Option<&Value>) {
    let first = text(spec, "clusterIP").to_owned();
    let alone = || -> Value { vec![Value::from(first.as_str())].into() };
    let Some(old) = old else {
        if !first.is_empty() && items(spec, "clusterIPs").is_empty() {
            spec.set("clusterIPs", alone());
        }
        return;
    };
    if text(old, "clusterIP") == first {
        if items(spec, "clusterIPs").is_empty()
            && let Some(all) = old.get("clusterIPs").cloned()
        {
            spec.set("clusterIPs", all);
        }
    } else if same(spec, old, "clusterIPs") || items(spec, "clusterIPs").is_empty() {
        if first.is_empty() {
            spec.remove("clusterIPs");
        } else {
            spec.set("clusterIPs", alone());
        }
    }
}

/// Takes over the allocated values that an update does not mention.
pub(super) fn take_over(spec: &mut Value, old: &Value) {
    if needs::cluster_ip(old) && needs::cluster_ip(spec) {
        for field in ["clusterIP", "clusterIPs"] {
            let first_kept = text(spec, "clusterIP") == text(old, "clusterIP");
            let empty = items(spec, field).is_empty() && text(spec, field).is_empty();
            if empty
                && (field == "clusterIP" || first_kept)
                && let Some(value) = old.get(field).cloned()
            {
                spec.set(field, value);
            }
        }
    }
    if needs::allocated_node_ports(old) && needs::allocated_node_ports(spec) {
        take_over_node_ports(spec, old);
    }
    if needs::health_check_port(old)
        && needs::health_check_port(spec)
        && int(spec, "healthCheckNodePort") == 0
        && int(old, "healthCheckNodePort") != 0
    {
        spec.set("healthCheckNodePort", int(old, "healthCheckNodePort"));
    }
}

fn node_ports(spec: &Value) -> BTreeSet<i64> {
    items(spec, "ports").iter().map(|port| int(port, "nodePort")).filter(|number| *number != 0).collect()
}

/// Ports are known again by their names.
fn take_over_node_ports(spec: &mut Value, old: &Value) {
    let mut used: BTreeSet<i64> = node_ports(spec).intersection(&node_ports(old)).copied().collect();
    let by_name: HashMap<&str, i64> =
        items(old, "ports").iter().map(|port| (text(port, "name"), int(port, "nodePort"))).collect();
    for port in items_mut(spec, "ports") {
        if int(port, "nodePort") != 0 {
            continue;
        }
        let known = by_name.get(text(port, "name")).copied().unwrap_or(0);
        if known != 0 && used.insert(known) {
            port.set("nodePort", known);
        }
    }
}

/// Traffic policies mean nothing to an external name.
pub(super) fn drop_of_external_name(spec: &mut Value) {
    if text(spec, "type") == "ExternalName" {
        spec.remove("internalTrafficPolicy");
    }
}

/// Drops what a change of type leaves without meaning, unless the client changed it in the same breath.
pub(super) fn drop_meaningless(spec: &mut Value, old: &Value) {
    type Needs = fn(&Value) -> bool;
    const BALANCED: Needs = |spec| text(spec, "type") == "LoadBalancer";
    const FIELDS: &[(&str, Needs)] = &[
        ("clusterIP", needs::cluster_ip),
        ("clusterIPs", needs::cluster_ip),
        ("ipFamilies", needs::cluster_ip),
        ("ipFamilyPolicy", needs::cluster_ip),
        ("internalTrafficPolicy", needs::cluster_ip),
        ("healthCheckNodePort", needs::health_check_port),
        ("allocateLoadBalancerNodePorts", BALANCED),
        ("loadBalancerClass", BALANCED),
        ("externalTrafficPolicy", needs::external_traffic_policy),
    ];
    let unneeded: Vec<&str> = FIELDS
        .iter()
        .filter(|(field, needs)| needs(old) && !needs(spec) && same(spec, old, field))
        .map(|(field, _)| *field)
        .collect();
    let numbers = |spec: &Value| -> Vec<i64> {
        items(spec, "ports").iter().map(|port| int(port, "nodePort")).collect()
    };
    if needs::node_ports(old) && !needs::node_ports(spec) && numbers(spec) == numbers(old) {
        for port in items_mut(spec, "ports") {
            port.remove("nodePort");
        }
    }
    for field in unneeded {
        spec.remove(field);
    }
}
