//! What a service may say but better would not.

use meta::names::{cidr_warnings, ip_warning};
use object::Value;
use registry::Warnings;
use status::Path;

use super::needs;
use super::validate::{TOPOLOGY_HINTS, TOPOLOGY_MODE};
use crate::fields::{items, text, texts};

pub(super) fn warn(service: &Value, warnings: &mut Warnings) {
    if service.at(["metadata", "annotations", TOPOLOGY_HINTS]).is_some() {
        warnings
            .add(format!("annotation {TOPOLOGY_HINTS} is deprecated, please use {TOPOLOGY_MODE} instead"));
    }
    let Some(spec) = service.get("spec") else { return };
    let external_name = text(spec, "type") == "ExternalName";
    let headless = needs::is_headless(spec);
    let external_addresses = !items(spec, "externalIPs").is_empty();
    if !headless {
        addresses(spec, "clusterIPs", warnings);
    }
    if headless {
        if !text(spec, "loadBalancerIP").is_empty() {
            warnings.add("spec.loadBalancerIP is ignored for headless services");
        }
        if external_addresses {
            warnings.add("spec.externalIPs is ignored for headless services");
        }
        if text(spec, "sessionAffinity") != "None" {
            warnings.add("spec.SessionAffinity is ignored for headless services");
        }
    }
    if external_addresses && !headless && !external_name {
        warnings.add("spec.externalIPs is deprecated and may no longer be implemented in some clusters");
    }
    addresses(spec, "externalIPs", warnings);
    let root = Path::new("spec");
    let balancer = text(spec, "loadBalancerIP");
    if !balancer.is_empty() {
        warnings.add(ip_warning(&root.child("loadBalancerIP"), balancer).unwrap_or_default());
    }
    let path = root.child("loadBalancerSourceRanges");
    for (index, range) in texts(spec, "loadBalancerSourceRanges").enumerate() {
        for warning in cidr_warnings(&path.index(index), range.trim()) {
            warnings.add(warning);
        }
    }
    if external_name && external_addresses {
        warnings.add("spec.externalIPs is ignored when spec.type is \"ExternalName\"");
    }
    if !external_name && !text(spec, "externalName").is_empty() {
        warnings.add("spec.externalName is ignored when spec.type is not \"ExternalName\"");
    }
    if text(spec, "trafficDistribution") == "PreferClose" {
        warnings.add("spec.trafficDistribution: \"PreferClose\" is deprecated; use \"PreferSameZone\"");
    }
}

fn addresses(spec: &Value, field: &str, warnings: &mut Warnings) {
    let root = Path::new("spec");
    let path = root.child(field);
    for (index, address) in texts(spec, field).enumerate() {
        warnings.add(ip_warning(&path.index(index), address).unwrap_or_default());
    }
}
