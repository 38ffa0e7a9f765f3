//! The defaults of services.

use object::Value;

use super::needs;
use crate::fields::{default_absent, default_to, is_set, items_mut, present_mut, text};

const AFFINITY_SECONDS: i64 = 3 * 3600;

pub(super) fn fill(service: &mut Value) {
    let spec = service.make_object().get_or_insert_with("spec", Value::object);
    default_to(spec, "sessionAffinity", "None");
    match text(spec, "sessionAffinity") {
        "None" => {
            spec.remove("sessionAffinityConfig");
        }
        "ClientIP" => {
            let client = spec
                .make_object()
                .get_or_insert_with("sessionAffinityConfig", Value::object)
                .make_object()
                .get_or_insert_with("clientIP", Value::object);
            default_to(client, "timeoutSeconds", AFFINITY_SECONDS);
        }
        _ => {}
    }
    default_to(spec, "type", "ClusterIP");
    for port in items_mut(spec, "ports") {
        default_to(port, "protocol", "TCP");
        let target = port.get("targetPort");
        if !is_set(target) || target.and_then(Value::as_i64) == Some(0) {
            let number = port.get("port").cloned().unwrap_or(Value::Int(0));
            port.set("targetPort", number);
        }
    }
    if needs::external_traffic_policy(spec) {
        default_to(spec, "externalTrafficPolicy", "Cluster");
    }
    if needs::cluster_ip(spec) {
        default_absent(spec, "internalTrafficPolicy", "Cluster");
    }
    let balanced = text(spec, "type") == "LoadBalancer";
    if balanced {
        default_to(spec, "allocateLoadBalancerNodePorts", true);
    }
    let Some(balancer) =
        present_mut(service, "status").and_then(|status| present_mut(status, "loadBalancer"))
    else {
        return;
    };
    for ingress in items_mut(balancer, "ingress").iter_mut().filter(|_| balanced) {
        if !text(ingress, "ip").is_empty() {
            default_to(ingress, "ipMode", "VIP");
        }
    }
}
