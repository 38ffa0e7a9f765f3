//! The rules of services.

use std::collections::BTreeSet;
use std::net::IpAddr;

use meta::names::{
    dns1123_label, dns1123_subdomain, legacy_cidr, legacy_ip, parse_ip, port_number, qualified_name,
};
use object::{Map, Value};
use schema::TypeRef;
use status::{FieldError, FieldErrors};

use super::{families, needs};
use crate::checks::Field;
use crate::{internal, pod};

const TYPES: &[&str] = &["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];
const PROTOCOLS: &[&str] = &["SCTP", "TCP", "UDP"];
const BALANCED_ONLY: &str = "may only be used when `type` is 'LoadBalancer'";
pub(super) const TOPOLOGY_HINTS: &str = "service.kubernetes.io/topology-aware-hints";
pub(super) const TOPOLOGY_MODE: &str = "service.kubernetes.io/topology-mode";
const SOURCE_RANGES: &str = "service.beta.kubernetes.io/load-balancer-source-ranges";
/// Where kubelets listen; some clouds would open it to the world.
const KUBELET_PORT: i64 = 10250;

/// Checks a service, new or (with the one it replaces) changed.
pub(super) fn always(service: &Value, old: Option<&Value>, types: TypeRef<'_>, errors: &mut FieldErrors) {
    let root = Field::root(service);
    topology_annotations(&root, errors);
    let spec = root.child("spec");
    let ports = spec.child("ports");
    let headless = needs::is_headless(spec.value);
    if ports.is_empty() && !headless && spec.child("type").text() != "ExternalName" {
        ports.missing(errors, "");
    }
    by_type(&spec, headless, errors);
    let mut names = BTreeSet::new();
    for port in ports.items() {
        service_port(&port, ports.list().len() > 1, &mut names, errors);
    }
    let selector = spec.child("selector");
    let pairs = selector.entries().map(|(key, value)| (key, value.as_str().unwrap_or("")));
    errors.extend(meta::names::check_labels(&selector.path, pairs));
    affinity(&spec, errors);
    families::check_addresses(spec.value, old.and_then(|old| old.get("spec")), errors);
    external_addresses(&spec, old, errors);
    spec.child("type").required_one_of(errors, TYPES);
    duplicates(&spec, types, errors);
    source_ranges(&root, errors);
    let balanced = spec.child("type").text() == "LoadBalancer";
    let allocates = spec.child("allocateLoadBalancerNodePorts");
    match (balanced, allocates.is_present()) {
        (false, true) => allocates.forbidden(errors, BALANCED_ONLY),
        (true, false) => allocates.missing(errors, ""),
        _ => {}
    }
    balancer_class(&spec, errors);
    traffic(&spec, errors);
}

/// The two names of one annotation must say the same.
fn topology_annotations(service: &Field<'_, '_>, errors: &mut FieldErrors) {
    let metadata = service.child("metadata");
    let annotations = metadata.child("annotations");
    let text = |key: &str| annotations.value.get(key).and_then(Value::as_str);
    if let (Some(hints), Some(mode)) = (text(TOPOLOGY_HINTS), text(TOPOLOGY_MODE))
        && hints != mode
    {
        let detail = format!("must match annotations[{TOPOLOGY_HINTS}] when both are specified");
        errors.push(FieldError::invalid(&annotations.path.key(TOPOLOGY_MODE), mode, detail));
    }
}

fn by_type(spec: &Field<'_, '_>, headless: bool, errors: &mut FieldErrors) {
    let kind = spec.child("type").text();
    let addresses = spec.child("clusterIPs");
    if kind == "LoadBalancer" {
        for port in spec.child("ports").items() {
            let number = port.child("port").int();
            if number == KUBELET_PORT {
                let detail =
                    format!("may not expose port {KUBELET_PORT} externally since it is used by kubelet");
                errors.push(FieldError::invalid(&port.path, number, detail));
            }
        }
    }
    if headless && matches!(kind, "LoadBalancer" | "NodePort") {
        let detail = format!("may not be set to 'None' for {kind} services");
        errors.push(FieldError::invalid(&addresses.path.index(0), "None", detail));
    }
    if kind != "ExternalName" {
        return;
    }
    for field in ["clusterIPs", "ipFamilies", "ipFamilyPolicy"] {
        let field = spec.child(field);
        if !field.is_empty() {
            field.forbidden(errors, "may not be set for ExternalName services");
        }
    }
    let name = spec.child("externalName");
    let target = name.text().strip_suffix('.').unwrap_or(name.text());
    if target.is_empty() {
        name.missing(errors, "");
    }
    for message in dns1123_subdomain(target).into_iter().filter(|_| !target.is_empty()) {
        errors.push(FieldError::invalid(&name.path, target, message));
    }
}

fn service_port<'v>(
    port: &Field<'v, '_>,
    needs_name: bool,
    names: &mut BTreeSet<&'v str>,
    errors: &mut FieldErrors,
) {
    let name = port.child("name");
    if !name.is_empty() {
        name.name(errors, dns1123_label);
        if !names.insert(name.text()) {
            name.duplicate(errors);
        }
    } else if needs_name {
        name.missing(errors, "");
    }
    let number = port.child("port");
    for message in port_number(number.int()) {
        errors.push(FieldError::invalid(&number.path, number.int(), message));
    }
    port.child("protocol").required_one_of(errors, PROTOCOLS);
    pod::port(&port.child("targetPort"), errors);
    let protocol = port.child("appProtocol");
    if protocol.is_present() {
        protocol.name(errors, qualified_name);
    }
}

fn affinity(spec: &Field<'_, '_>, errors: &mut FieldErrors) {
    const MAX_SECONDS: i64 = 86400;
    let (affinity, config) = (spec.child("sessionAffinity"), spec.child("sessionAffinityConfig"));
    affinity.required_one_of(errors, &["ClientIP", "None"]);
    if affinity.text() == "None" && config.is_present() {
        config.forbidden(errors, "must not be set when session affinity is None");
    }
    if affinity.text() != "ClientIP" {
        return;
    }
    let client = config.child("clientIP");
    let seconds = client.child("timeoutSeconds");
    for needed in [&config, &client, &seconds] {
        if !needed.is_present() {
            needed.missing(errors, "when session affinity type is ClientIP");
            return;
        }
    }
    if !(1..=MAX_SECONDS).contains(&seconds.int()) {
        seconds.invalid(errors, format!("must be greater than 0 and less than {MAX_SECONDS}"));
    }
}

fn external_addresses(spec: &Field<'_, '_>, old: Option<&Value>, errors: &mut FieldErrors) {
    let kept: Vec<&Value> = old.into_iter().flat_map(|old| old.items_at(["spec", "externalIPs"])).collect();
    for address in spec.child("externalIPs").items() {
        let known = kept.contains(&address.value);
        if known || address.name(errors, legacy_ip) {
            endpoint_address(&address, errors);
        }
    }
}

/// An address that may stand for a machine.
pub(in crate::core) fn endpoint_address(field: &Field<'_, '_>, errors: &mut FieldErrors) {
    let Some(address) = parse_ip(field.text()) else { return };
    let (link_local, link_local_multicast) = match address {
        IpAddr::V4(ip) => (ip.is_link_local(), ip.octets()[..3] == [224, 0, 0]),
        IpAddr::V6(ip) => (ip.segments()[0] & 0xffc0 == 0xfe80, ip.segments()[0] & 0xff0f == 0xff02),
    };
    let problems = [
        (address.is_unspecified(), "may not be unspecified (0.0.0.0)"),
        (address.is_loopback(), "may not be in the loopback range (127.0.0.0/8, ::1/128)"),
        (link_local, "may not be in the link-local range (169.254.0.0/16, fe80::/10)"),
        (link_local_multicast, "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)"),
    ];
    for (found, detail) in problems {
        if found {
            field.invalid_text(errors, detail);
        }
    }
}

fn duplicates(spec: &Field<'_, '_>, types: TypeRef<'_>, errors: &mut FieldErrors) {
    let ports = spec.child("ports");
    if spec.child("type").text() == "ClusterIP" {
        for port in ports.items() {
            let number = port.child("nodePort");
            if number.int() != 0 {
                number.forbidden(errors, "may not be used when `type` is 'ClusterIP'");
            }
        }
    }
    let (mut node_ports, mut numbers) = (BTreeSet::new(), BTreeSet::new());
    for port in ports.items() {
        let (protocol, number) = (port.child("protocol"), port.child("nodePort"));
        if number.int() != 0 && !node_ports.insert((protocol.text(), number.int())) {
            number.duplicate(errors);
        }
    }
    for port in ports.items() {
        let (protocol, number) = (port.child("protocol"), port.child("port"));
        if !numbers.insert((protocol.text(), number.int())) {
            let key: Map =
                [("protocol", protocol.value.clone()), ("port", number.value.clone())].into_iter().collect();
            let shown = internal::bad_value(
                types.schema.named("io.k8s.api.core.v1.ServicePort"),
                &Value::Object(key),
            );
            errors.push(FieldError::duplicate(&port.path, shown));
        }
    }
}

fn source_ranges(service: &Field<'_, '_>, errors: &mut FieldErrors) {
    let spec = service.child("spec");
    let balanced = spec.child("type").text() == "LoadBalancer";
    let ranges = spec.child("loadBalancerSourceRanges");
    if !ranges.is_empty() {
        let shown = spec.path.child("LoadBalancerSourceRanges");
        if !balanced {
            errors.push(FieldError::forbidden(&shown, BALANCED_ONLY));
        }
        for (index, range) in ranges.texts().enumerate() {
            for message in legacy_cidr(range.trim()) {
                errors.push(FieldError::invalid(&shown.index(index), range.trim(), message));
            }
        }
        return;
    }
    let metadata = service.child("metadata");
    let annotations = metadata.child("annotations");
    let Some(list) = annotations.value.get(SOURCE_RANGES).and_then(Value::as_str) else { return };
    let path = annotations.path.key(SOURCE_RANGES);
    if !balanced {
        errors.push(FieldError::forbidden(&path, BALANCED_ONLY));
    }
    for range in list.trim().split(',').map(str::trim).filter(|_| !list.trim().is_empty()) {
        for message in legacy_cidr(range) {
            errors.push(FieldError::invalid(&path, range, message));
        }
    }
}

fn balancer_class(spec: &Field<'_, '_>, errors: &mut FieldErrors) {
    let class = spec.child("loadBalancerClass");
    if !class.is_present() {
        return;
    }
    if spec.child("type").text() == "LoadBalancer" {
        class.name(errors, qualified_name);
    } else {
        class.forbidden(errors, BALANCED_ONLY);
    }
}

fn traffic(spec: &Field<'_, '_>, errors: &mut FieldErrors) {
    let policy = spec.child("externalTrafficPolicy");
    if needs::external_traffic_policy(spec.value) {
        policy.required_one_of(errors, &["Cluster", "Local"]);
    } else if !policy.is_empty() {
        policy.invalid_text(errors, "may only be set for externally-accessible services");
    }
    let port = spec.child("healthCheckNodePort");
    if !needs::health_check_port(spec.value) {
        if port.int() != 0 {
            let detail =
                "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'";
            port.invalid(errors, detail);
        }
    } else if port.int() == 0 {
        port.missing(errors, "");
    } else {
        for message in port_number(port.int()) {
            port.invalid(errors, message);
        }
    }
    let policy = spec.child("internalTrafficPolicy");
    if policy.is_present() {
        policy.one_of(errors, &["Cluster", "Local"]);
    } else if needs::cluster_ip(spec.value) {
        policy.missing(errors, "");
    }
    let distribution = spec.child("trafficDistribution");
    if distribution.is_present() {
        distribution.one_of(errors, &["PreferClose", "PreferSameZone", "PreferSameNode"]);
    }
}

/// What an update may not change.
pub(super) fn update(service: &Value, old: &Value, errors: &mut FieldErrors) {
    let (root, old_root) = (Field::root(service), Field::root(old));
    let (spec, old) = (root.child("spec"), old_root.child("spec"));
    let external = |spec: &Field<'_, '_>| spec.child("type").text() == "ExternalName";
    if !external(&spec) && !external(&old) {
        if !(needs::is_headless(spec.value) && needs::is_headless(old.value)) {
            kept(&spec, &old, "clusterIPs", "clusterIP", errors);
        }
        kept(&spec, &old, "ipFamilies", "ipFamily", errors);
    }
    let balanced = |spec: &Field<'_, '_>| spec.child("type").text() == "LoadBalancer";
    let class = spec.child("loadBalancerClass");
    if balanced(&spec) && balanced(&old) && class.value != old.child("loadBalancerClass").value {
        class.invalid(errors, "may not change once set");
    }
    balancer_class(&spec, errors);
    let port = spec.child("healthCheckNodePort");
    if needs::health_check_port(spec.value)
        && needs::health_check_port(old.value)
        && port.int() != old.child("healthCheckNodePort").int()
    {
        port.forbidden(errors, "field is immutable");
    }
}

/// The first element stays; a second one may come, and go with the policy `SingleStack`.
fn kept(spec: &Field<'_, '_>, old: &Field<'_, '_>, list: &str, one: &str, errors: &mut FieldErrors) {
    const UNCHANGED: &str = "may not change once set";
    let (new, was) = (spec.child(list), old.child(list));
    let (new_items, old_items) = (new.list(), was.list());
    let mut invalid = |index: usize, detail: String| {
        errors.push(FieldError::invalid(&new.path.index(index), new.bad_value(), detail));
    };
    if new_items.len() == old_items.len() {
        for index in 0..old_items.len() {
            if new_items[index] != old_items[index] {
                invalid(index, UNCHANGED.to_owned());
            }
        }
        return;
    }
    if new_items.is_empty() {
        invalid(0, format!("primary {one} can not be unset"));
    } else if !old_items.is_empty() && new_items[0] != old_items[0] {
        invalid(0, UNCHANGED.to_owned());
    }
    let policy = spec.child("ipFamilyPolicy");
    if old_items.len() > new_items.len() && new_items.len() == 1 && policy.text() != "SingleStack" {
        policy.invalid(errors, format!("must be set to 'SingleStack' when releasing the secondary {one}"));
    }
}

/// What a balancer reports.
pub(super) fn status(service: &Value, errors: &mut FieldErrors) {
    let root = Field::root(service);
    let status = root.child("status");
    let balancer = status.child("loadBalancer");
    let list = balancer.child("ingress");
    if service.str_at(["spec", "type"]) != "LoadBalancer" {
        if !list.is_empty() {
            list.forbidden(errors, "may only be used when `spec.type` is 'LoadBalancer'");
        }
        return;
    }
    for ingress in list.items() {
        let (address, mode, name) = (ingress.child("ip"), ingress.child("ipMode"), ingress.child("hostname"));
        if !address.is_empty() {
            address.name(errors, legacy_ip);
        }
        match (address.is_empty(), mode.is_present()) {
            (false, false) => mode.missing(errors, "must be specified when `ip` is set"),
            (true, true) => mode.forbidden(errors, "may not be specified when `ip` is not set"),
            (false, true) => mode.one_of(errors, &["Proxy", "VIP"]),
            (true, false) => {}
        }
        if !name.is_empty() {
            name.name(errors, dns1123_subdomain);
            if parse_ip(name.text()).is_some() {
                name.invalid_text(errors, "must be a DNS name, not an IP address");
            }
        }
    }
}
