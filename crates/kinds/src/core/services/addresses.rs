//! Cluster IPs: one IPAddress object holds each, out of the ranges that ServiceCIDR objects give (KEP-1880).

use std::hash::{DefaultHasher, Hash, Hasher};
use std::net::IpAddr;

use meta::names::{Cidr, parse_cidr, parse_ip};
use object::Value;
use registry::{Context, Lookup, SideWrite};
use status::{BadValue, FieldError, Path, Result, Status};

use super::{families, needs};
use crate::fields::{items, texts};

const NETWORKING: &str = "networking.k8s.io";
const ADDRESSES: &str = "ipaddresses";
/// The range the server was started with; its first family is the cluster's primary one.
const DEFAULT_RANGE: &str = "kubernetes";
/// How many addresses are tried before the range counts as full.
const MAX_TRIES: u128 = 1 << 16;

/// The ranges that addresses are given from.
pub(super) struct Ranges(Vec<(String, Cidr)>);

impl Ranges {
    /// Those of all ServiceCIDRs that are not being deleted, the server's own first.
    pub(super) fn load(lookup: &dyn Lookup) -> Ranges {
        let mut objects = lookup.list(NETWORKING, "servicecidrs", "");
        objects.retain(|object| !registry::metadata::is_deleting(object));
        objects.sort_by_key(|object| registry::metadata::name(object) != DEFAULT_RANGE);
        let texts =
            objects.iter().flat_map(|object| items(object.get("spec").unwrap_or(&Value::Null), "cidrs"));
        Ranges(
            texts.filter_map(|text| Some((text.as_str()?.to_owned(), parse_cidr(text.as_str()?)?))).collect(),
        )
    }

    /// The families there are ranges of, the primary one first.
    pub(super) fn families(&self) -> Vec<&'static str> {
        let mut families: Vec<&'static str> = Vec::new();
        for (_, range) in &self.0 {
            let family = if range.network().is_ipv4() { families::V4 } else { families::V6 };
            if !families.contains(&family) {
                families.push(family);
            }
        }
        families
    }

    fn of_family(&self, family: &str) -> impl Iterator<Item = &(String, Cidr)> {
        self.0.iter().filter(move |(_, range)| range.network().is_ipv4() == (family == families::V4))
    }
}

/// Hands out the addresses that a service's families lack, and reserves those it asks for. Returns the IPAddress
/// objects to make.
pub(super) fn allocate(
    context: &Context<'_>,
    service: &mut Value,
    old: Option<&Value>,
    ranges: &Ranges,
) -> Result<Vec<SideWrite>> {
    let name = registry::metadata::name(service).to_owned();
    let namespace = registry::metadata::namespace(service).to_owned();
    let kept = held_by(old);
    let Some(spec) = service.get_mut("spec") else { return Ok(Vec::new()) };
    if !needs::cluster_ip(spec) || needs::is_headless(spec) {
        return Ok(Vec::new());
    }
    let mut addresses: Vec<String> = texts(spec, "clusterIPs").map(str::to_owned).collect();
    let families: Vec<String> = texts(spec, "ipFamilies").map(str::to_owned).collect();
    let mut writes = Vec::new();
    if !kept.is_empty() && (kept.first() != addresses.first() || families.len() < addresses.len()) {
        // Not allowed; validation says so.
        return Ok(writes);
    }
    for (index, family) in families.iter().enumerate() {
        match addresses.get(index) {
            Some(address) if kept.contains(address) => continue,
            Some(address) => reserve(context, &name, spec, address, family, ranges)?,
            None => addresses.push(next(context, &namespace, &name, family, ranges)?),
        }
        writes.push(hold(&namespace, &name, &addresses[index], family));
    }
    if let Some(first) = addresses.first() {
        spec.set("clusterIP", first.as_str());
    }
    spec.set("clusterIPs", addresses.into_iter().map(Value::from).collect::<Vec<_>>());
    Ok(writes)
}

/// The addresses that a service holds.
pub(super) fn held_by(service: Option<&Value>) -> Vec<String> {
    let spec = service.and_then(|service| service.get("spec")).filter(|spec| !needs::is_headless(spec));
    spec.into_iter().flat_map(|spec| texts(spec, "clusterIPs")).map(str::to_owned).collect()
}

/// Gives an address back.
pub(super) fn release(address: &str) -> SideWrite {
    SideWrite::Delete {
        group: NETWORKING,
        resource: ADDRESSES,
        namespace: String::new(),
        name: object_name(address),
    }
}

/// The name of an address's object: its canonical form.
fn object_name(address: &str) -> String {
    parse_ip(address).map_or_else(|| address.to_owned(), |ip| ip.to_string())
}

fn is_held(context: &Context<'_>, address: &str) -> bool {
    context.lookup.get(NETWORKING, ADDRESSES, "", &object_name(address)).is_some()
}

/// Checks that an address may be had.
fn reserve(
    context: &Context<'_>,
    name: &str,
    spec: &Value,
    address: &str,
    family: &str,
    ranges: &Ranges,
) -> Result<()> {
    let Some(ip) = parse_ip(address) else { return Ok(()) };
    let within = ranges.of_family(family).any(|(_, range)| range.contains(ip) && is_usable(range, ip));
    let why = if !within {
        let list: Vec<&str> = ranges.of_family(family).map(|(text, _)| text.as_str()).collect();
        format!(
            "the provided IP ({address}) is not in the valid range. The range of valid IPs is {}",
            list.join(",")
        )
    } else if !context.dry_run && is_held(context, address) {
        "provided IP is already allocated".to_owned()
    } else {
        return Ok(());
    };
    let all = BadValue::from(spec.get("clusterIPs").unwrap_or(&Value::Null));
    let detail = format!("failed to allocate IP {address}: {why}");
    let error = FieldError::invalid(&Path::new("spec").child("clusterIPs"), all, detail);
    Err(Status::invalid("", "Service", name, &[error]))
}

/// A range without its network address and, for IPv4, its broadcast address.
fn bounds(range: &Cidr) -> (u128, u128) {
    match range.network() {
        IpAddr::V4(network) => {
            let size = 1u128 << (32 - u32::from(range.prefix_length.min(32)));
            (u128::from(network.to_bits()) + 1, size.saturating_sub(2))
        }
        IpAddr::V6(network) => {
            let size = 1u128.checked_shl(128 - u32::from(range.prefix_length.min(128))).unwrap_or(u128::MAX);
            (network.to_bits() + 1, size.saturating_sub(1))
        }
    }
}

fn is_usable(range: &Cidr, ip: IpAddr) -> bool {
    let (first, count) = bounds(range);
    let bits = match ip {
        IpAddr::V4(ip) => u128::from(ip.to_bits()),
        IpAddr::V6(ip) => ip.to_bits(),
    };
    count == 0 || (bits >= first && bits - first < count)
}

/// A free address. The lower part of a range is left to those who choose theirs (KEP-3070), until the rest is full;
/// the search begins somewhere else for every service.
fn next(context: &Context<'_>, namespace: &str, name: &str, family: &str, ranges: &Ranges) -> Result<String> {
    let mut hasher = DefaultHasher::new();
    (namespace, name, family, context.now).hash(&mut hasher);
    for (_, range) in ranges.of_family(family) {
        let (first, count) = bounds(range);
        let reserved = if count < 16 { 0 } else { (count / 16).clamp(16, 256).min(count) };
        let dynamic = count - reserved;
        let start = if dynamic == 0 { 0 } else { u128::from(hasher.finish()) % dynamic };
        let upper = (0..dynamic.min(MAX_TRIES)).map(|step| reserved + (start + step) % dynamic);
        for offset in upper.chain(0..reserved) {
            let bits = first + offset;
            let address = match range.network() {
                IpAddr::V4(_) => IpAddr::V4(u32::try_from(bits).unwrap_or(u32::MAX).into()),
                IpAddr::V6(_) => IpAddr::V6(bits.into()),
            };
            let address = address.to_string();
            if !is_held(context, &address) {
                return Ok(address);
            }
        }
    }
    Err(Status::internal("failed to allocate a serviceIP: range is full"))
}

/// The object that holds an address for a service.
fn hold(namespace: &str, name: &str, address: &str, family: &str) -> SideWrite {
    let map = |entries: &[(&str, &str)]| -> Value {
        Value::Object(entries.iter().map(|(key, value)| (*key, Value::from(*value))).collect())
    };
    let mut object = Value::object();
    object.set("metadata", map(&[("name", &object_name(address))]));
    object.object_at("metadata").insert(
        "labels",
        map(&[
            ("ipaddress.kubernetes.io/ip-family", family),
            ("ipaddress.kubernetes.io/managed-by", "ipallocator.k8s.io"),
        ]),
    );
    let parent = map(&[("resource", "services"), ("namespace", namespace), ("name", name)]);
    object.object_at("spec").insert("parentRef", parent);
    SideWrite::Create { group: NETWORKING, resource: ADDRESSES, object }
}
