//! The rules of nodes.

use std::collections::BTreeSet;

use meta::names::{label_key, label_value, legacy_cidr, parse_cidr};
use object::Value;
use schema::TypeRef;
use status::{FieldError, FieldErrors};

use crate::checks::Field;
use crate::tolerations::EFFECTS;
use crate::{internal, pod};

pub(super) fn create(node: &Value, types: TypeRef<'_>, errors: &mut FieldErrors) {
    let root = Field::root(node);
    taints(&root, types, errors);
    resources(&root, errors);
    features(&root, errors);
    swap(node, errors);
    pod_ranges(&root, errors);
}

/// Taints' errors name the metadata, where taints were once.
fn taints(node: &Field<'_, '_>, types: TypeRef<'_>, errors: &mut FieldErrors) {
    let shown = node.path.child("metadata");
    let list = Field {
        value: node.value.at(["spec", "taints"]).unwrap_or(&Value::Null),
        path: shown.child("taints"),
    };
    let mut seen = BTreeSet::new();
    for taint in list.items() {
        let (key, value, effect) = (taint.child("key"), taint.child("value"), taint.child("effect"));
        key.name(errors, label_key);
        let messages = label_value(value.text());
        if !messages.is_empty() {
            value.invalid_text(errors, messages.join(";"));
        }
        effect.required_one_of(errors, EFFECTS);
        if !seen.insert((effect.text(), key.text())) {
            let ty = types.schema.named("io.k8s.api.core.v1.Taint");
            let mut error = FieldError::duplicate(&taint.path, internal::bad_value(ty, taint.value));
            error.detail = "taints must be unique by key and effect pair".to_owned();
            errors.push(error);
        }
    }
}

fn resources(node: &Field<'_, '_>, errors: &mut FieldErrors) {
    let status = node.child("status");
    for list in ["capacity", "allocatable"] {
        let list = status.child(list);
        for (name, value) in list.entries() {
            pod::amount(&list.path.child(name), name, value, errors);
        }
    }
}

/// Names of features that the node's software has (KEP-5328), in order.
fn features(node: &Field<'_, '_>, errors: &mut FieldErrors) {
    let status = node.child("status");
    let mut last = "";
    for feature in status.child("declaredFeatures").items() {
        let name = feature.text();
        if !last.is_empty() && name == last {
            feature.duplicate(errors);
        } else if name < last {
            feature.invalid_text(errors, "list must be sorted alphabetically");
        }
        let well_formed = name.starts_with(|first: char| first.is_ascii_uppercase())
            && name
                .split('/')
                .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric()));
        if !well_formed {
            let detail = format!(
                "invalid feature name {}: must start with an UpperCamelCase segment, with subsequent segments \
                 separated by '/' (e.g., MyFeature or MyFeature/mySubFeature), and contain only alphanumeric \
                 characters and slashes",
                status::go_quote(name)
            );
            feature.invalid_text(errors, detail);
        }
        last = name;
    }
}

fn swap(node: &Value, errors: &mut FieldErrors) {
    let capacity = node.at(["status", "nodeInfo", "swap", "capacity"]).and_then(Value::as_i64);
    if let Some(capacity) = capacity.filter(|capacity| *capacity <= 0) {
        let metadata = status::Path::new("metadata");
        let swap = metadata.child("nodeSwapStatus");
        errors.push(FieldError::invalid(&swap.child("capacity"), capacity, "must be greater than zero"));
    }
}

fn pod_ranges(node: &Field<'_, '_>, errors: &mut FieldErrors) {
    let spec = node.child("spec");
    let ranges = spec.child("podCIDRs");
    for range in ranges.items() {
        range.name(errors, legacy_cidr);
    }
    if ranges.list().len() < 2 {
        return;
    }
    let mut families = BTreeSet::new();
    for (index, range) in ranges.texts().enumerate() {
        match parse_cidr(range) {
            Some(parsed) => {
                families.insert(parsed.network().is_ipv4());
            }
            None => {
                let detail = format!(
                    "invalid PodCIDRs. failed to check with dual stack with error:invalid CIDR[{index}]: <nil> \
                     (invalid CIDR address: {range})"
                );
                errors.push(FieldError::internal(&ranges.path, detail));
                families.clear();
                break;
            }
        }
    }
    if families.len() < 2 || ranges.list().len() > 2 {
        ranges.invalid(errors, "may specify no more than one CIDR for each IP family");
    }
}

pub(super) fn update(node: &Value, old: &Value, types: TypeRef<'_>, errors: &mut FieldErrors) {
    let (root, old_root) = (Field::root(node), Field::root(old));
    let (spec, before) = (root.child("spec"), old_root.child("spec"));
    resources(&root, errors);
    addresses(&root, types, errors);
    features(&root, errors);
    let ranges = spec.child("podCIDRs");
    let was = before.child("podCIDRs");
    let mut kept = old.clone();
    if !was.is_empty() {
        let differs = ranges.list().len() != was.list().len() || ranges.value != was.value;
        if differs {
            ranges.forbidden(errors, "node updates may not change podCIDR except from \"\" to valid");
        }
    } else {
        crate::rules::restore(&mut kept, node, &["spec", "podCIDR"]);
        crate::rules::restore(&mut kept, node, &["spec", "podCIDRs"]);
    }
    let provider = spec.child("providerID");
    if !before.child("providerID").is_empty() && !provider.same(&before.child("providerID")) {
        provider.forbidden(errors, "node updates may not change providerID except from \"\" to valid");
    }
    taints(&root, types, errors);
    for path in [
        &["metadata"][..],
        &["status"],
        &["spec", "taints"],
        &["spec", "unschedulable"],
        &["spec", "providerID"],
        &["spec", "configSource"],
    ] {
        crate::rules::restore(&mut kept, node, path);
    }
    if kept.get("spec") != node.get("spec") {
        let detail = "node updates may only change labels, taints, or capacity";
        errors.push(FieldError::forbidden(&status::Path::new(""), detail));
    }
}

fn addresses(node: &Field<'_, '_>, types: TypeRef<'_>, errors: &mut FieldErrors) {
    let status = node.child("status");
    let mut seen = BTreeSet::new();
    for address in status.child("addresses").items() {
        if !seen.insert((address.child("type").text(), address.child("address").text())) {
            let ty = types.schema.named("io.k8s.api.core.v1.NodeAddress");
            errors.push(FieldError::duplicate(&address.path, internal::bad_value(ty, address.value)));
        }
    }
}
