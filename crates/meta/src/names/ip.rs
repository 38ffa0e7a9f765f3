//! IP addresses and networks (RFC 4291, RFC 4632, RFC 5952), with the leading zeros that old objects may have.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use status::{Path, go_quote};

use super::{Messages, unless};

const BAD_IP: &str = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";
const BAD_CIDR: &str = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)";
const BAD_INTERFACE_ADDRESS: &str =
    "must be a valid address in CIDR form, (e.g. 10.9.8.7/24 or 2001:db8::1/64)";

/// An address with the length of its network's prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cidr {
    /// The address as written; an IPv4-mapped one is IPv4.
    pub address: IpAddr,
    /// The bits of the network's prefix, of 32 or 128.
    pub prefix_length: u8,
}

impl Cidr {
    /// The network's own address: the bits beyond the prefix are zero.
    pub fn network(&self) -> IpAddr {
        match self.address {
            IpAddr::V4(address) => {
                let mask = u32::MAX.checked_shl(32 - u32::from(self.prefix_length)).unwrap_or(0);
                Ipv4Addr::from(u32::from(address) & mask).into()
            }
            IpAddr::V6(address) => {
                let mask = u128::MAX.checked_shl(128 - u32::from(self.prefix_length)).unwrap_or(0);
                Ipv6Addr::from(u128::from(address) & mask).into()
            }
        }
    }

    /// Whether the address lies in the network.
    pub fn contains(&self, address: IpAddr) -> bool {
        let other = Cidr { address, prefix_length: self.prefix_length };
        self.address.is_ipv4() == address.is_ipv4() && self.network() == other.network()
    }

    fn network_text(&self) -> String {
        format!("{}/{}", self.network(), self.prefix_length)
    }
}

fn parse_ipv4(text: &str) -> Option<Ipv4Addr> {
    let mut octets = [0_u8; 4];
    let mut parts = text.split('.');
    for octet in &mut octets {
        *octet = parse_decimal(parts.next()?)?.try_into().ok()?;
    }
    if parts.next().is_none() { Some(octets.into()) } else { None }
}

/// Digits with any number of leading zeros, up to 65535.
fn parse_decimal(text: &str) -> Option<u16> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let significant = text.trim_start_matches('0');
    if significant.is_empty() { Some(0) } else { significant.parse().ok() }
}

/// The address with its leading zeros removed, in the form the standard parser takes.
fn parse_ipv6(text: &str) -> Option<Ipv6Addr> {
    let group = |group: &str| match group.trim_start_matches('0') {
        "" if group.is_empty() => String::new(),
        "" => "0".to_owned(),
        significant => significant.to_owned(),
    };
    let mut groups: Vec<&str> = text.split(':').collect();
    let dotted = groups.pop_if(|last| last.contains('.')).map(parse_ipv4);
    let mut groups: Vec<String> = groups.into_iter().map(group).collect();
    if let Some(dotted) = dotted {
        groups.push(dotted?.to_string());
    }
    groups.join(":").parse().ok()
}

/// Reads an IP address; leading zeros are ignored, an IPv4-mapped address is IPv4.
pub fn parse_ip(text: &str) -> Option<IpAddr> {
    if text.contains(':') {
        Some(IpAddr::V6(parse_ipv6(text)?).to_canonical())
    } else {
        parse_ipv4(text).map(IpAddr::V4)
    }
}

/// Reads an address with a prefix length, as [`parse_ip`] reads addresses.
pub fn parse_cidr(text: &str) -> Option<Cidr> {
    let (ip, length) = text.split_once('/')?;
    let address = parse_ip(ip)?;
    let length = parse_decimal(length)?;
    let written_as_ipv6 = ip.contains(':');
    let limit = if written_as_ipv6 { 128 } else { 32 };
    if length > limit {
        return None;
    }
    // Of an IPv4-mapped network only the last 32 bits count.
    let length = if written_as_ipv6 && address.is_ipv4() { length.saturating_sub(96) } else { length };
    Some(Cidr { address, prefix_length: u8::try_from(length).ok()? })
}

/// Whether today's strict parsers refuse the address for its leading zeros.
fn has_leading_zeros(text: &str) -> bool {
    text.parse::<IpAddr>().is_err()
}

fn is_mapped(text: &str) -> bool {
    text.contains(':') && parse_ip(text).is_some_and(|address| address.is_ipv4())
}

/// An IP address, written without leading zeros and not IPv4-mapped; for fields that once took more.
pub fn legacy_ip(value: &str) -> Messages {
    if parse_ip(value).is_none() {
        return unless(false, BAD_IP);
    }
    if has_leading_zeros(value) {
        return unless(false, "must not have leading 0s");
    }
    unless(!is_mapped(value), "must not be an IPv4-mapped IPv6 address")
}

/// An IP address in its canonical form.
pub fn ip(value: &str) -> Messages {
    let messages = legacy_ip(value);
    match parse_ip(value) {
        Some(address) if messages.is_empty() => canonical(value, &address.to_string()),
        _ => messages,
    }
}

fn canonical(value: &str, expected: &str) -> Messages {
    if value == expected {
        return Messages::new();
    }
    vec![format!("must be in canonical form ({})", go_quote(expected)).into()]
}

fn cidr_has_leading_zeros(value: &str) -> bool {
    let Some((ip, length)) = value.split_once('/') else { return false };
    has_leading_zeros(ip) || (length.len() > 1 && length.starts_with('0'))
}

/// A network, without leading zeros, not IPv4-mapped, no bits beyond its prefix; for fields that once took more.
pub fn legacy_cidr(value: &str) -> Messages {
    let Some(cidr) = parse_cidr(value) else {
        return unless(false, BAD_CIDR);
    };
    if cidr_has_leading_zeros(value) {
        return unless(false, "must not have leading 0s in IP or prefix length");
    }
    let mapped = is_mapped(value.split('/').next().unwrap_or(""));
    let mut messages = unless(!mapped, "must not have an IPv4-mapped IPv6 address");
    messages
        .extend(unless(cidr.network() == cidr.address, "must not have bits set beyond the prefix length"));
    messages
}

/// A network in its canonical form.
pub fn cidr(value: &str) -> Messages {
    let messages = legacy_cidr(value);
    match parse_cidr(value) {
        Some(cidr) if messages.is_empty() => canonical(value, &cidr.network_text()),
        _ => messages,
    }
}

/// An interface's address with its network's prefix length, in canonical form: `192.168.1.5/24`.
pub fn interface_address(value: &str) -> Messages {
    match parse_cidr(value) {
        None => unless(false, BAD_INTERFACE_ADDRESS),
        Some(cidr) => canonical(value, &format!("{}/{}", cidr.address, cidr.prefix_length)),
    }
}

/// What to warn of in an accepted address that is not written the way it should be.
pub fn ip_warning(path: &Path<'_>, value: &str) -> Option<String> {
    let address = parse_ip(value)?.to_string();
    let (given, wanted) = (go_quote(value), go_quote(&address));
    if has_leading_zeros(value) || is_mapped(value) {
        return Some(format!(
            "{path}: non-standard IP address {given} will be considered invalid in a future Kubernetes release: \
             use {wanted}"
        ));
    }
    let message = format!("{path}: IPv6 address {given} should be in RFC 5952 canonical format ({wanted})");
    (address != value).then_some(message)
}

/// What to warn of in an accepted network that is not written the way it should be.
pub fn cidr_warnings(path: &Path<'_>, value: &str) -> Vec<String> {
    let Some(cidr) = parse_cidr(value) else { return Vec::new() };
    let (given, wanted) = (go_quote(value), go_quote(&cidr.network_text()));
    let mut warnings = Vec::new();
    if cidr.network() != cidr.address {
        let bits = if cidr.address.is_ipv4() { 32 } else { 128 };
        let single = go_quote(&format!("{}/{bits}", cidr.address));
        warnings.push(format!(
            "{path}: CIDR value {given} is ambiguous in this context (should be {wanted} or {single}?)"
        ));
    }
    if cidr_has_leading_zeros(value) || is_mapped(value.split('/').next().unwrap_or("")) {
        warnings.push(format!(
            "{path}: non-standard CIDR value {given} will be considered invalid in a future Kubernetes release: \
             use {wanted}"
        ));
    }
    if warnings.is_empty() && cidr.network_text() != value {
        warnings.push(format!(
            "{path}: IPv6 CIDR value {given} should be in RFC 5952 canonical format ({wanted})"
        ));
    }
    warnings
}
