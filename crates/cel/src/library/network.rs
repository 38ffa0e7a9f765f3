//! IP addresses and networks.

use std::net::{IpAddr, Ipv6Addr};

use super::Row;
use crate::error::{CelError, Outcome};
use crate::opaque::{OpaqueValue, expect, opaque};
use crate::value::Value;

/// The functions.
pub(crate) const TABLE: &[Row] = &[
    ("string_to_ip: ip(string) -> IP", ip),
    ("cidr_ip: CIDR::ip() -> IP", cidr_ip),
    ("family: IP::family() -> int", family),
    ("is_canonical: ip.isCanonical(string) -> bool", is_canonical),
    ("is_unspecified: IP::isUnspecified() -> bool", is_unspecified),
    ("is_loopback: IP::isLoopback() -> bool", is_loopback),
    ("is_link_local_multicast: IP::isLinkLocalMulticast() -> bool", is_link_local_multicast),
    ("is_link_local_unicast: IP::isLinkLocalUnicast() -> bool", is_link_local_unicast),
    ("is_global_unicast: IP::isGlobalUnicast() -> bool", is_global_unicast),
    ("is_ip: isIP(string) -> bool", is_ip),
    ("ip_to_string: string(IP) -> string", to_string),
    ("string_to_cidr: cidr(string) -> CIDR", cidr),
    ("is_cidr: isCIDR(string) -> bool", is_cidr),
    ("cidr_contains_ip_string: CIDR::containsIP(string) -> bool", contains_ip),
    ("cidr_contains_ip_ip: CIDR::containsIP(IP) -> bool", contains_ip),
    ("cidr_contains_cidr_string: CIDR::containsCIDR(string) -> bool", contains_cidr),
    ("cidr_contains_cidr: CIDR::containsCIDR(CIDR) -> bool", contains_cidr),
    ("cidr_prefix_length: CIDR::prefixLength() -> int", prefix_length),
    ("cidr_masked: CIDR::masked() -> CIDR", masked),
    ("cidr_to_string: string(CIDR) -> string", to_string),
];

#[derive(Clone, Copy, Debug, PartialEq)]
struct Address(IpAddr);

#[derive(Clone, Copy, Debug, PartialEq)]
struct Network {
    address: IpAddr,
    bits: u8,
}

impl OpaqueValue for Address {
    fn type_name(&self) -> &'static str {
        "net.IP"
    }
    fn equals(&self, other: &dyn OpaqueValue) -> bool {
        let other: &dyn std::any::Any = other;
        other.downcast_ref::<Address>() == Some(self)
    }
    fn size(&self) -> u64 {
        if self.0.is_ipv4() { 4 } else { 16 }
    }
}

impl OpaqueValue for Network {
    fn type_name(&self) -> &'static str {
        "net.CIDR"
    }
    fn equals(&self, other: &dyn OpaqueValue) -> bool {
        let other: &dyn std::any::Any = other;
        other.downcast_ref::<Network>() == Some(self)
    }
    fn size(&self) -> u64 {
        u64::from(self.bits.div_ceil(8))
    }
}

impl Network {
    /// The address with the bits after the prefix cleared.
    fn mask(&self, address: IpAddr) -> IpAddr {
        match address {
            IpAddr::V4(address) => {
                let mask = u32::MAX.checked_shl(32 - u32::from(self.bits)).unwrap_or(0);
                IpAddr::V4((u32::from(address) & mask).into())
            }
            IpAddr::V6(address) => {
                let mask = u128::MAX.checked_shl(128 - u32::from(self.bits)).unwrap_or(0);
                IpAddr::V6((u128::from(address) & mask).into())
            }
        }
    }

    fn holds(&self, address: IpAddr) -> bool {
        self.address.is_ipv4() == address.is_ipv4() && self.mask(address) == self.mask(self.address)
    }
}

fn text<'v>(args: &'v [Value<'_>]) -> Result<&'v str, CelError> {
    args.first().and_then(Value::as_str).ok_or_else(CelError::no_such_overload)
}

fn address(args: &[Value<'_>]) -> Result<IpAddr, CelError> {
    args.first().map_or_else(|| Err(CelError::no_such_overload()), expect::<Address>).map(|address| address.0)
}

fn network(args: &[Value<'_>]) -> Result<Network, CelError> {
    args.first().map_or_else(|| Err(CelError::no_such_overload()), expect::<Network>).copied()
}

/// Reads an address; the error is worded as Go's `netip.ParseAddr` has it.
fn parse_address(text: &str) -> Result<IpAddr, String> {
    let quoted = status::go_quote(text);
    let failed = |problem: &str| format!("ParseAddr({quoted}): {problem}");
    match text.find(['.', ':', '%']).map(|at| text.as_bytes()[at]) {
        None => Err(failed("unable to parse IP")),
        Some(b'%') => Err(failed("missing IPv6 address")),
        Some(b'.') => match text.parse() {
            Ok(address) => Ok(IpAddr::V4(address)),
            Err(_) => Err(failed(&problem_of_v4(text))),
        },
        Some(_) => match text.split_once('%') {
            Some((_, "")) => Err(failed("zone must be a non-empty string")),
            Some((address, _)) if address.parse::<Ipv6Addr>().is_ok() => {
                Err(format!("IP address {quoted} with zone value is not allowed"))
            }
            _ => text.parse().map(IpAddr::V6).map_err(|_| failed("unable to parse IP")),
        },
    }
}

/// What is wrong with an IPv4 address.
fn problem_of_v4(text: &str) -> String {
    let (mut value, mut digits, mut fields) = (0u32, 0, 0);
    for (at, b) in text.bytes().enumerate() {
        let rest = || status::go_quote(text.get(at..).unwrap_or_default());
        match b {
            b'0'..=b'9' => {
                if digits == 1 && value == 0 {
                    return "IPv4 field has octet with leading zero".to_owned();
                }
                value = value * 10 + u32::from(b - b'0');
                digits += 1;
                if value > 255 {
                    return "IPv4 field has value >255".to_owned();
                }
            }
            b'.' if digits == 0 || at + 1 == text.len() => {
                return format!("IPv4 field must have at least one digit (at {})", rest());
            }
            b'.' if fields == 3 => return "IPv4 address too long".to_owned(),
            b'.' => (fields, value, digits) = (fields + 1, 0, 0),
            _ => return format!("unexpected character (at {})", rest()),
        }
    }
    "IPv4 address too short".to_owned()
}

fn read_ip(text: &str) -> Result<IpAddr, CelError> {
    let failed = |problem: String| {
        CelError::new(format!(
            "IP Address {} parse error during conversion from string: {problem}",
            status::go_quote(text)
        ))
    };
    match parse_address(text) {
        Err(problem) if problem.contains("is not allowed") => Err(CelError::new(problem)),
        Err(problem) => Err(failed(problem)),
        Ok(IpAddr::V6(address)) if address.to_ipv4_mapped().is_some() => {
            Err(CelError::new(format!("IPv4-mapped IPv6 address {} is not allowed", status::go_quote(text))))
        }
        Ok(address) => Ok(address),
    }
}

fn read_cidr(text: &str) -> Result<Network, CelError> {
    let quoted = status::go_quote(text);
    let failed = |problem: String| {
        let prefix = "network address parse error during conversion from string: ";
        CelError::new(format!("{prefix}{prefix}netip.ParsePrefix({quoted}): {problem}"))
    };
    let Some((address, bits)) = text.rsplit_once('/') else { return Err(failed("no '/'".to_owned())) };
    let address = match parse_address(address) {
        Ok(address) => address,
        Err(_) if address.contains('%') => {
            return Err(failed("IPv6 zones cannot be present in a prefix".to_owned()));
        }
        Err(problem) => return Err(failed(problem)),
    };
    let digits = !bits.is_empty() && bits.bytes().all(|b| b.is_ascii_digit());
    if !digits || (bits.len() > 1 && bits.starts_with('0')) {
        return Err(failed(format!("bad bits after slash: {}", status::go_quote(bits))));
    }
    let most = if address.is_ipv4() { 32 } else { 128 };
    let Some(bits) = bits.parse::<u8>().ok().filter(|bits| *bits <= most) else {
        return Err(failed("prefix length out of range".to_owned()));
    };
    if let IpAddr::V6(v6) = address
        && v6.to_ipv4_mapped().is_some()
    {
        return Err(CelError::new(format!("IPv4-mapped IPv6 address {quoted} is not allowed")));
    }
    Ok(Network { address, bits })
}

fn ip<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    read_ip(text(args)?).map(|address| opaque(Address(address)))
}
fn cidr_ip<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    Ok(opaque(Address(network(args)?.address)))
}
fn family<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    Ok(Value::Int(if address(args)?.is_ipv4() { 4 } else { 6 }))
}
fn is_ip<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    Ok(Value::Bool(read_ip(text(args)?).is_ok()))
}
fn is_canonical<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    let text = text(args)?;
    Ok(Value::Bool(read_ip(text)?.to_string() == text))
}
fn is_unspecified<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    Ok(Value::Bool(address(args)?.is_unspecified()))
}
fn is_loopback<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    Ok(Value::Bool(address(args)?.is_loopback()))
}

fn link_local_multicast(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.octets()[..3] == [224, 0, 0],
        IpAddr::V6(address) => address.segments()[0] & 0xff0f == 0xff02,
    }
}
fn link_local_unicast(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_link_local(),
        IpAddr::V6(address) => address.segments()[0] & 0xffc0 == 0xfe80,
    }
}

fn is_link_local_multicast<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    Ok(Value::Bool(link_local_multicast(address(args)?)))
}
fn is_link_local_unicast<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    Ok(Value::Bool(link_local_unicast(address(args)?)))
}
fn is_global_unicast<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    let address = address(args)?;
    let broadcast = matches!(address, IpAddr::V4(v4) if v4.is_broadcast());
    Ok(Value::Bool(
        !(broadcast
            || address.is_unspecified()
            || address.is_loopback()
            || address.is_multicast()
            || link_local_unicast(address)),
    ))
}

fn to_string<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    match address(args) {
        Ok(address) => Ok(Value::from(address.to_string())),
        Err(_) => network(args).map(|network| Value::from(format!("{}/{}", network.address, network.bits))),
    }
}

fn cidr<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    read_cidr(text(args)?).map(opaque)
}
fn is_cidr<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    Ok(Value::Bool(read_cidr(text(args)?).is_ok()))
}
fn contains_ip<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    let network = network(args)?;
    let address = match args.get(1) {
        Some(Value::String(text)) => read_ip(text.as_str())?,
        _ => address(&args[1..])?,
    };
    Ok(Value::Bool(network.holds(address)))
}
fn contains_cidr<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    let own = network(args)?;
    let other = match args.get(1) {
        Some(Value::String(text)) => read_cidr(text.as_str())?,
        _ => network(&args[1..])?,
    };
    Ok(Value::Bool(own.holds(other.address) && own.bits <= other.bits))
}
fn prefix_length<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    Ok(Value::Int(network(args)?.bits.into()))
}
fn masked<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    let own = network(args)?;
    Ok(opaque(Network { address: own.mask(own.address), ..own }))
}
