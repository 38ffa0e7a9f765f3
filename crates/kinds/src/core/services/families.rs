//! IP families: which of a service's fields ask for which, and what the cluster can give.

use meta::names::{legacy_ip, parse_ip};
use object::Value;
use status::{BadValue, FieldError, FieldErrors, Path};

use super::needs;
use crate::fields::{present, text, texts};

pub(super) const V4: &str = "IPv4";
pub(super) const V6: &str = "IPv6";
const POLICIES: [&str; 3] = ["PreferDualStack", "RequireDualStack", "SingleStack"];

/// The family of an address.
pub(super) fn of(address: &str) -> &'static str {
    if parse_ip(address).is_some_and(|ip| ip.is_ipv6()) { V6 } else { V4 }
}

fn other(family: &str) -> &'static str {
    if family == V4 { V6 } else { V4 }
}

/// Fills `ipFamilies` and `ipFamilyPolicy` from what the service says and what the cluster has (`configured`, the
/// primary family first).
pub(super) fn fill(
    service: &mut Value,
    old: Option<&Value>,
    configured: &[&'static str],
) -> Result<(), FieldErrors> {
    let Some(spec) = service.get_mut("spec") else { return Ok(()) };
    if text(spec, "type") == "ExternalName" {
        return Ok(());
    }
    let mut errors = FieldErrors::new();
    check_addresses(spec, old.and_then(|old| old.get("spec")), &mut errors);
    if !errors.is_empty() {
        return Err(errors);
    }
    let mut families: Vec<String> = texts(spec, "ipFamilies").map(str::to_owned).collect();
    infer(spec, configured, &mut families, &mut errors);
    if !errors.is_empty() {
        return Err(errors);
    }
    let policy = text(spec, "ipFamilyPolicy").to_owned();
    let default = configured.first().copied().unwrap_or(V4);
    if needs::is_headless(spec) && items_or_map_is_empty(spec, "selector") {
        // Nothing is allocated, and whoever writes the endpoints may use both families.
        let policy = if policy.is_empty() { "RequireDualStack".to_owned() } else { policy };
        settle(spec, families, policy, default, true);
        return Ok(());
    }
    check_policy(spec, &families, &mut errors);
    if !errors.is_empty() {
        return Err(errors);
    }
    check_configured(&policy, &families, configured, &mut errors);
    if !errors.is_empty() {
        return Err(errors);
    }
    let policy = if policy.is_empty() { "SingleStack".to_owned() } else { policy };
    settle(spec, families, policy, default, configured.len() > 1);
    Ok(())
}

fn items_or_map_is_empty(spec: &Value, field: &str) -> bool {
    spec.get(field).and_then(Value::as_object).is_none_or(|map| map.is_empty())
}

/// Addresses that are given say their families.
fn infer(spec: &Value, configured: &[&str], families: &mut Vec<String>, errors: &mut FieldErrors) {
    for (index, address) in texts(spec, "clusterIPs").enumerate() {
        if address == "None" {
            return;
        }
        if index < families.len() {
            continue;
        }
        let family = of(address);
        if configured.contains(&family) {
            families.push(family.to_owned());
        } else {
            let (spec_path, all) = (Path::new("spec"), spec.get("clusterIPs").unwrap_or(&Value::Null));
            errors.push(FieldError::invalid(
                &spec_path.child("clusterIPs").index(index),
                BadValue::from(all),
                format!("{family} is not configured on this cluster"),
            ));
        }
    }
}

/// More than one family or address needs a policy that says so.
fn check_policy(spec: &Value, families: &[String], errors: &mut FieldErrors) {
    if !matches!(text(spec, "ipFamilyPolicy"), "" | "SingleStack") {
        return;
    }
    let path = Path::new("spec");
    let addresses = texts(spec, "clusterIPs").count();
    for (many, what) in [(addresses > 1, "cluster IPs"), (families.len() > 1, "IP families")] {
        if many {
            let detail =
                format!("must be 'RequireDualStack' or 'PreferDualStack' when multiple {what} are specified");
            errors.push(FieldError::invalid(&path.child("ipFamilyPolicy"), "SingleStack", detail));
        }
    }
}

fn check_configured(policy: &str, families: &[String], configured: &[&str], errors: &mut FieldErrors) {
    let spec = Path::new("spec");
    if policy == "RequireDualStack" && configured.len() < 2 {
        let detail = "this cluster is not configured for dual-stack services";
        errors.push(FieldError::invalid(&spec.child("ipFamilyPolicy"), policy, detail));
    }
    for (index, family) in families.iter().enumerate() {
        if !configured.contains(&family.as_str()) {
            let path = spec.child("ipFamilies");
            let detail = "not configured on this cluster";
            errors.push(FieldError::invalid(&path.index(index), family.as_str(), detail));
        }
    }
}

fn settle(spec: &mut Value, mut families: Vec<String>, policy: String, default: &str, both: bool) {
    if families.is_empty() {
        families.push(default.to_owned());
    }
    if policy != "SingleStack" && families.len() == 1 && both {
        let second = other(&families[0]);
        families.push(second.to_owned());
    }
    spec.set("ipFamilies", families.into_iter().map(Value::from).collect::<Vec<_>>());
    spec.set("ipFamilyPolicy", policy);
}

/// Checks addresses and families by themselves and against each other. `old` is the spec it replaces, whose
/// addresses are taken as they are.
pub(super) fn check_addresses(spec: &Value, old: Option<&Value>, errors: &mut FieldErrors) {
    if text(spec, "type") == "ExternalName" {
        return;
    }
    let before = errors.len();
    let root = Path::new("spec");
    let path = root.child("clusterIPs");
    let all = || BadValue::from(spec.get("clusterIPs").unwrap_or(&Value::Null));
    let addresses: Vec<&str> = texts(spec, "clusterIPs").collect();
    let first = text(spec, "clusterIP");
    match addresses.first() {
        None if !first.is_empty() => errors.push(FieldError::required(&path, "")),
        Some(listed) if !first.is_empty() && *listed != first => {
            errors.push(FieldError::invalid(&path, all(), "first value must match `clusterIP`"));
        }
        Some(_) if first.is_empty() => {
            errors.push(FieldError::invalid(&path, all(), "must be empty when `clusterIP` is not specified"));
        }
        _ => {}
    }
    check_families(spec, errors);
    let kept: Vec<&str> = old.into_iter().flat_map(|old| texts(old, "clusterIPs")).collect();
    let mut malformed = false;
    for (index, address) in addresses.iter().enumerate() {
        if index == 0 && *address == "None" {
            if addresses.len() > 1 {
                malformed = true;
                let detail = "'None' must be the first and only value";
                errors.push(FieldError::invalid(&path, all(), detail));
            }
            continue;
        }
        let messages = if kept.contains(address) { Vec::new() } else { legacy_ip(address) };
        malformed |= !messages.is_empty();
        for message in messages {
            errors.push(FieldError::invalid(&path.index(index), *address, message));
        }
    }
    if addresses.len() > 2 {
        errors.push(FieldError::invalid(&path, all(), "may only hold up to 2 values"));
    }
    if malformed {
        return;
    }
    let families: Vec<&str> = addresses.iter().map(|address| of(address)).collect();
    if addresses.len() > 1 && !(families.contains(&V4) && families.contains(&V6)) {
        let detail = "may specify no more than one IP for each IP family";
        errors.push(FieldError::invalid(&path, all(), detail));
    }
    if errors.len() == before && first != "None" {
        check_order(spec, &addresses, errors);
    }
}

fn check_families(spec: &Value, errors: &mut FieldErrors) {
    let root = Path::new("spec");
    let path = root.child("ipFamilies");
    let families: Vec<&str> = texts(spec, "ipFamilies").collect();
    for (index, family) in families.iter().enumerate() {
        if ![V4, V6].contains(family) {
            errors.push(FieldError::not_supported(&path.index(index), *family, [V4, V6]));
        }
        if families[..index].contains(family) {
            errors.push(FieldError::duplicate(&path.index(index), *family));
        }
    }
    if let Some(policy) = present(spec, "ipFamilyPolicy").and_then(Value::as_str)
        && !POLICIES.contains(&policy)
    {
        errors.push(FieldError::not_supported(&root.child("ipFamilyPolicy"), policy, POLICIES));
    }
}

fn check_order(spec: &Value, addresses: &[&str], errors: &mut FieldErrors) {
    let root = Path::new("spec");
    let path = root.child("clusterIPs");
    for (index, (family, address)) in texts(spec, "ipFamilies").zip(addresses).enumerate() {
        if of(address) != family {
            let detail = format!("expected an {family} value as indicated by `ipFamilies[{index}]`");
            errors.push(FieldError::invalid(&path.index(index), *address, detail));
        }
    }
}
