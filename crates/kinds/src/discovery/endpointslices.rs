//! `endpointslices` of discovery.k8s.io/v1.

use std::net::IpAddr;

use object::Value;
use registry::{Context, Resource, Strategy, StrategyOptions, metadata};
use status::{FieldError, FieldErrors};

use crate::checks::Field;
use crate::describe::{Describe, Types};
use crate::fields::{default_absent, items, items_mut, optional_int, text};
use crate::tables::{Column, Columns, UNSET, shortened};

const ADDRESS_TYPES: &[&str] = &["FQDN", "IPv4", "IPv6"];
const PROTOCOLS: &[&str] = &["SCTP", "TCP", "UDP"];
const MAX_ENDPOINTS: usize = 1_000;
const MAX_ADDRESSES: usize = 100;
const MAX_PORTS: usize = 20_000;
const MAX_HINTS: usize = 8;

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "discovery.k8s.io", "v1", "endpointslices", "EndpointSlice", EndpointSlice)
        .columns(COLUMNS)
        .finish()
}

/// How they are shown in tables.
const COLUMNS: Columns = Columns::new(
    &[
        Column::NAME,
        Column::text("AddressType", "What kind of addresses they are."),
        Column::text("Ports", "The first ports."),
        Column::text("Endpoints", "The first addresses."),
        Column::AGE,
    ],
    |slice, row| {
        let ports: Vec<String> = items(slice, "ports").iter().map(port).collect();
        let addresses = items(slice, "endpoints").iter().flat_map(|endpoint| items(endpoint, "addresses"));
        let addresses: Vec<String> = addresses.filter_map(Value::as_str).map(str::to_owned).collect();
        row.name(slice);
        row.text(slice.str_at(["addressType"]));
        row.text(&shortened(&ports, 3, ",", UNSET));
        row.text(&shortened(&addresses, 3, ",", UNSET));
        row.age(slice);
    },
);

fn port(port: &Value) -> String {
    match (optional_int(port, "port"), text(port, "name")) {
        (Some(number), _) => number.to_string(),
        (None, "") => "*".to_owned(),
        (None, name) => name.to_owned(),
    }
}

#[derive(Debug)]
struct EndpointSlice;

impl Strategy for EndpointSlice {
    fn options(&self) -> StrategyOptions {
        StrategyOptions {
            generation: true,
            checks_metadata_twice: false,
            checks_metadata_again: true,
            ..StrategyOptions::USUAL
        }
    }

    fn default(&self, object: &mut Value) {
        for port in items_mut(object, "ports") {
            default_absent(port, "name", "");
            default_absent(port, "protocol", "TCP");
        }
    }

    fn prepare_create(&self, _context: &mut Context<'_>, object: &mut Value) {
        drop_topology(object);
    }

    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        drop_topology(object);
        // Labels tell what the endpoints are of, so they count.
        if object.at(["metadata", "labels"]) != old.at(["metadata", "labels"]) {
            metadata::set(object, "generation", Some(Value::Int(metadata::generation(old) + 1)));
        }
    }

    fn validate_create(&self, _context: &mut Context<'_>, object: &Value, errors: &mut FieldErrors) {
        validate(&Field::root(object), &[], errors);
    }

    fn validate_update(
        &self,
        _context: &mut Context<'_>,
        object: &Value,
        old: &Value,
        errors: &mut FieldErrors,
    ) {
        let (slice, old) = (Field::root(object), Field::root(old));
        let known = old.child("endpoints");
        let known: Vec<&Value> =
            known.list().iter().flat_map(|endpoint| endpoint.items_at(["addresses"])).collect();
        validate(&slice, &known, errors);
        slice.child("addressType").immutable_text(errors, &old.child("addressType"));
    }

    fn warn(&self, context: &mut Context<'_>, object: &Value, _old: Option<&Value>) {
        if object.str_at(["addressType"]) == "FQDN" {
            context.warnings.add("addressType: FQDN endpoints are deprecated");
        }
    }
}

/// Topology is not taken any more.
fn drop_topology(object: &mut Value) {
    for endpoint in items_mut(object, "endpoints") {
        endpoint.remove("deprecatedTopology");
    }
}

/// Adds an error if the list is longer than it may be; whether it is not.
fn within(list: &Field<'_, '_>, max: usize, errors: &mut FieldErrors) -> bool {
    let length = list.list().len();
    if length > max {
        errors.push(FieldError::too_many(&list.path, length, max));
    }
    length <= max
}

/// Checks a slice; addresses in `known` were accepted before.
fn validate(slice: &Field<'_, '_>, known: &[&Value], errors: &mut FieldErrors) {
    let kind = slice.child("addressType");
    kind.required_one_of(errors, ADDRESS_TYPES);
    validate_endpoints(&slice.child("endpoints"), kind.text(), known, errors);
    validate_ports(&slice.child("ports"), errors);
}

fn validate_endpoints(endpoints: &Field<'_, '_>, kind: &str, known: &[&Value], errors: &mut FieldErrors) {
    if !within(endpoints, MAX_ENDPOINTS, errors) {
        return;
    }
    for endpoint in endpoints.items() {
        let addresses = endpoint.child("addresses");
        if addresses.is_empty() {
            addresses.missing(errors, "must contain at least 1 address");
        }
        within(&addresses, MAX_ADDRESSES, errors);
        let new = addresses.items().filter(|address| !known.contains(&address.value));
        new.for_each(|address| validate_address(&address, kind, errors));
        if let Some(node) = endpoint.child("nodeName").present() {
            node.name(errors, meta::names::dns1123_subdomain);
        }
        if let Some(host) = endpoint.child("hostname").present() {
            host.name(errors, meta::names::dns1123_label);
        }
        let hints = endpoint.child("hints");
        validate_hints(&hints.child("forZones"), meta::names::label_value, errors);
        validate_hints(&hints.child("forNodes"), meta::names::dns1123_subdomain, errors);
    }
}

fn validate_address(address: &Field<'_, '_>, kind: &str, errors: &mut FieldErrors) {
    if kind == "FQDN" {
        errors.extend(meta::names::fully_qualified_domain_name(&address.path, address.text()));
        return;
    }
    if !matches!(kind, "IPv4" | "IPv6") {
        return;
    }
    address.name(errors, meta::names::ip);
    let Some(ip) = meta::names::parse_ip(address.text()) else { return };
    if ip.is_ipv4() != (kind == "IPv4") {
        address.invalid(errors, format!("must be an {kind} address"));
    }
    if let Some(why) = unreachable(ip) {
        address.invalid(errors, why);
    }
}

/// Why no endpoint can have the address.
fn unreachable(ip: IpAddr) -> Option<String> {
    let (link_local, link_local_multicast) = match ip {
        IpAddr::V4(ip) => (ip.is_link_local(), ip.octets()[..3] == [224, 0, 0]),
        IpAddr::V6(ip) => (ip.is_unicast_link_local(), ip.segments()[0] & 0xff0f == 0xff02),
    };
    if ip.is_unspecified() {
        Some(format!("may not be unspecified ({ip})"))
    } else if ip.is_loopback() {
        Some("may not be in the loopback range (127.0.0.0/8, ::1/128)".to_owned())
    } else if link_local {
        Some("may not be in the link-local range (169.254.0.0/16, fe80::/10)".to_owned())
    } else if link_local_multicast {
        Some("may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)".to_owned())
    } else {
        None
    }
}

fn validate_hints(hints: &Field<'_, '_>, rule: fn(&str) -> meta::names::Messages, errors: &mut FieldErrors) {
    within(hints, MAX_HINTS, errors);
    let mut names = Vec::new();
    for hint in hints.items() {
        let name = hint.child("name");
        if names.contains(&name.text()) {
            errors.push(FieldError::duplicate(&name.path, name.text()));
        }
        names.push(name.text());
        name.name(errors, rule);
    }
}

fn validate_ports(ports: &Field<'_, '_>, errors: &mut FieldErrors) {
    if !within(ports, MAX_PORTS, errors) {
        return;
    }
    let mut names = Vec::new();
    for port in ports.items() {
        let name = port.child("name");
        if !name.is_empty() {
            name.name(errors, meta::names::dns1123_label);
        }
        if names.contains(&name.text()) {
            errors.push(FieldError::duplicate(&name.path, name.text()));
        }
        names.push(name.text());
        port.child("protocol").required_one_of(errors, PROTOCOLS);
        if let Some(protocol) = port.child("appProtocol").present() {
            protocol.name(errors, meta::names::qualified_name);
        }
    }
}
