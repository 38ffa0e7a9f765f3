//! The rules of endpoints.

use meta::names::{dns1123_label, dns1123_subdomain, legacy_ip, port_number, qualified_name};
use object::Value;
use status::{FieldError, FieldErrors};

use super::services::endpoint_address;
use crate::checks::Field;

pub(super) fn always(endpoints: &Value, errors: &mut FieldErrors) {
    let root = Field::root(endpoints);
    for subset in root.child("subsets").items() {
        if subset.child("addresses").is_empty() && subset.child("notReadyAddresses").is_empty() {
            subset.missing(errors, "must specify `addresses` or `notReadyAddresses`");
        }
        for list in ["addresses", "notReadyAddresses"] {
            for address in subset.child(list).items() {
                check_address(&address, errors);
            }
        }
        let ports = subset.child("ports");
        for port in ports.items() {
            check_port(&port, ports.list().len() > 1, errors);
        }
    }
}

fn check_address(address: &Field<'_, '_>, errors: &mut FieldErrors) {
    let ip = address.child("ip");
    ip.name(errors, legacy_ip);
    if meta::names::parse_ip(ip.text()).is_none() {
        ip.invalid_text(errors, "must be a valid IP address");
    }
    endpoint_address(&ip, errors);
    let host = address.child("hostname");
    if !host.is_empty() {
        host.name(errors, dns1123_label);
    }
    let node = address.child("nodeName");
    if node.is_present() {
        node.name(errors, dns1123_subdomain);
    }
}

fn check_port(port: &Field<'_, '_>, needs_name: bool, errors: &mut FieldErrors) {
    let name = port.child("name");
    if !name.is_empty() {
        name.name(errors, dns1123_label);
    } else if needs_name {
        name.missing(errors, "");
    }
    let number = port.child("port");
    for message in port_number(number.int()) {
        errors.push(FieldError::invalid(&number.path, number.int(), message));
    }
    port.child("protocol").required_one_of(errors, &["SCTP", "TCP", "UDP"]);
    let protocol = port.child("appProtocol");
    if protocol.is_present() {
        protocol.name(errors, qualified_name);
    }
}
