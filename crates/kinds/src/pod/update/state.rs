//! The status of a pod, as kubelets and schedulers write it.

use std::net::IpAddr;

use meta::names::{dns1123_subdomain, in_range, legacy_ip, parse_ip, qualified_name};
use object::Value;
use schema::TypeRef;
use status::{FieldError, FieldErrors};

use crate::checks::Field;
use crate::fields::{int, items, items_mut, present, text};
use crate::internal;

/// The older `podIP` leads: where both fields name an address and differ, the list becomes the one of `podIP`.
pub(crate) fn sync_addresses(pod: &mut Value) {
    let Some(status) = pod.get_mut("status") else { return };
    let (single, listed) = (text(status, "podIP").to_owned(), items(status, "podIPs").first().cloned());
    let listed = listed.map(|first| text(&first, "ip").to_owned());
    if !single.is_empty() && listed.as_deref() != Some(&*single) {
        let mut address = Value::object();
        address.set("ip", single);
        status.set("podIPs", vec![address]);
    } else if let Some(first) = listed.filter(|_| single.is_empty()) {
        status.set("podIP", first);
    }
}

/// An update that says nothing of what was observed keeps what was known.
pub(crate) fn keep_observed(pod: &mut Value, old: &Value) {
    let keep = |new: &mut Value, old: &Value| {
        let known = int(old, "observedGeneration");
        if int(new, "observedGeneration") == 0 && known != 0 {
            new.set("observedGeneration", known);
        }
    };
    let Some(before) = old.get("status") else { return };
    let Some(status) = pod.get_mut("status") else { return };
    keep(status, before);
    for condition in items_mut(status, "conditions") {
        let same = |old: &&Value| text(old, "type") == text(condition, "type");
        if let Some(old) = items(before, "conditions").iter().find(same) {
            keep(condition, old);
        }
    }
}

/// Checks a pod's changed status against what it was.
pub(crate) fn pod_status(pod: &Value, old: &Value, types: TypeRef<'_>, errors: &mut FieldErrors) {
    super::annotations(pod, old, errors);
    let root = Field::root(pod);
    let (spec, status) = (root.child("spec"), root.child("status"));
    let before = old.get("status").unwrap_or(&Value::Null);
    observed(&status.child("observedGeneration"), errors);
    conditions(&status.child("conditions"), errors);
    nominated(&status.child("nominatedNodeName"), &spec, before, errors);
    let class = status.child("qosClass");
    if class.text() != text(before, "qosClass") {
        class.invalid_text(errors, "field is immutable");
    }
    for list in ["containerStatuses", "initContainerStatuses"] {
        stay_terminated(&status.child(list), items(before, list), &spec, errors);
    }
    claim_statuses(&status.child("resourceClaimStatuses"), &spec, errors);
    let extended = status.child("extendedResourceClaimStatus");
    let mappings = extended.child("requestMappings");
    if extended.is_present() && mappings.is_empty() {
        mappings.missing(errors, "at least one request mapping is required");
    }
    let hosts = status.child("hostIPs");
    addresses(&status.child("podIPs"), "PodIP", types, errors);
    if let Some(first) = hosts.items().next() {
        let ip = first.child("ip");
        if ip.text() != status.child("hostIP").text() {
            ip.invalid_text(errors, "must be equal to `hostIP`");
        }
    }
    addresses(&hosts, "HostIP", types, errors);
    for (list, containers) in [
        ("containerStatuses", "containers"),
        ("initContainerStatuses", "initContainers"),
        ("ephemeralContainerStatuses", "ephemeralContainers"),
    ] {
        for one in status.child(list).items() {
            let name = one.child("name").text();
            let container = items(spec.value, containers).iter().find(|known| text(known, "name") == name);
            allocated(&one.child("allocatedResourcesStatus"), container, errors);
            user(&one.child("user"), &spec, errors);
        }
    }
}

fn observed(generation: &Field<'_, '_>, errors: &mut FieldErrors) {
    if generation.int() < 0 {
        generation.invalid(errors, "must be a non-negative integer");
    }
}

fn conditions(list: &Field<'_, '_>, errors: &mut FieldErrors) {
    for condition in list.items() {
        observed(&condition.child("observedGeneration"), errors);
        let path = condition.path.child("Type");
        let kind = Field { value: condition.value.get("type").unwrap_or(&Value::Null), path };
        kind.name(errors, qualified_name);
    }
}

/// The node that a pod is to run on once there is room.
fn nominated(node: &Field<'_, '_>, spec: &Field<'_, '_>, before: &Value, errors: &mut FieldErrors) {
    if node.is_empty() || node.text() == text(before, "nominatedNodeName") {
        return;
    }
    if !spec.child("nodeName").is_empty() {
        node.forbidden(errors, "may not be set on pods that are already bound to a node");
    }
    node.name(errors, dns1123_subdomain);
}

/// A container that has ended and is not started again stays that way.
fn stay_terminated(list: &Field<'_, '_>, before: &[Value], spec: &Field<'_, '_>, errors: &mut FieldErrors) {
    let policy = spec.child("restartPolicy").text();
    if policy == "Always" {
        return;
    }
    for (index, old) in before.iter().enumerate() {
        let Some(end) = old.at(["state", "terminated"]).filter(|end| !end.is_null()) else { continue };
        let name = text(old, "name");
        let own = ["containers", "initContainers"]
            .iter()
            .flat_map(|list| items(spec.value, list))
            .find(|container| text(container, "name") == name)
            .map_or("", |container| text(container, "restartPolicy"));
        let policy = if own.is_empty() { policy } else { own };
        if policy == "Always" || (policy == "OnFailure" && int(end, "exitCode") != 0) {
            continue;
        }
        let revived = |new: &Value| {
            text(new, "name") == name && new.at(["state", "terminated"]).is_none_or(Value::is_null)
        };
        if list.list().iter().any(revived) {
            let detail = "may not be transitioned to non-terminated state";
            errors.push(FieldError::forbidden(&list.path.index(index).child("state"), detail));
        }
    }
}

fn claim_statuses(list: &Field<'_, '_>, spec: &Field<'_, '_>, errors: &mut FieldErrors) {
    let mut seen: Vec<&str> = Vec::new();
    for claim in list.items() {
        let (name, made) = (claim.child("name"), claim.child("resourceClaimName"));
        if !items(spec.value, "resourceClaims").iter().any(|known| text(known, "name") == name.text()) {
            name.invalid_text(errors, "must match the name of an entry in `spec.resourceClaims`");
        }
        if seen.contains(&name.text()) {
            name.duplicate(errors);
        }
        seen.push(name.text());
        if made.is_present() {
            for message in dns1123_subdomain(made.text()) {
                errors.push(FieldError::invalid(&name.path, made.text(), message));
            }
        }
    }
}

/// Addresses of a pod or its host: at most one of each family. `kind` is the type of the elements.
fn addresses(list: &Field<'_, '_>, kind: &str, types: TypeRef<'_>, errors: &mut FieldErrors) {
    let mut families = Vec::new();
    for item in list.items() {
        let ip = item.child("ip");
        for message in legacy_ip(ip.text()) {
            errors.push(FieldError::invalid(&item.path, ip.text(), message));
        }
        let Some(parsed) = parse_ip(ip.text()) else { continue };
        families.push(matches!(parsed, IpAddr::V4(_)));
    }
    let several = list.list().len() > 1;
    if several && families.len() == list.list().len() && (families.len() > 2 || families[0] == families[1]) {
        let ty = types.schema.named(&format!("io.k8s.api.core.v1.{kind}"));
        let shown = internal::bad_list(ty, list.list());
        errors.push(FieldError::invalid(
            &list.path,
            shown,
            "may specify no more than one IP for each IP family",
        ));
    }
}

/// The health of resources that a container was given.
fn allocated(list: &Field<'_, '_>, container: Option<&Value>, errors: &mut FieldErrors) {
    for resource in list.items() {
        let name = resource.child("name");
        if let Some(container) = container {
            let asked = container.get("resources").unwrap_or(&Value::Null);
            match name.text().strip_prefix("claim:") {
                Some(claim) if !items(asked, "claims").iter().any(|known| is_claim(known, claim)) => {
                    let detail = "must match one of the container's resource claims in a format \
                                  'claim:<claimName>/<request>' or 'claim:<claimName>' if request is empty";
                    name.invalid_text(errors, detail);
                }
                None if present(asked, "requests").and_then(|of| of.get(name.text())).is_none() => {
                    name.invalid_text(errors, "must match one of the container's resource requests");
                }
                _ => {}
            }
        }
        let mut seen: Vec<&str> = Vec::new();
        for unit in resource.child("resources").items() {
            unit.child("health").one_of(errors, &["Healthy", "Unhealthy", "Unknown"]);
            let id = unit.child("resourceID");
            if seen.contains(&id.text()) {
                id.duplicate(errors);
            }
            seen.push(id.text());
        }
    }
}

fn is_claim(known: &Value, claim: &str) -> bool {
    match claim.split_once('/') {
        Some((name, request)) => text(known, "name") == name && text(known, "request") == request,
        None => text(known, "name") == claim && text(known, "request").is_empty(),
    }
}

/// Whom the first process of a container runs as.
fn user(user: &Field<'_, '_>, spec: &Field<'_, '_>, errors: &mut FieldErrors) {
    let linux = user.child("linux");
    if !linux.is_present() {
        return;
    }
    if spec.value.str_at(["os", "name"]) == "windows" {
        linux.forbidden(errors, "cannot be set for a windows pod");
        return;
    }
    let check = |id: &Field<'_, '_>, errors: &mut FieldErrors| {
        for message in in_range(id.int(), 0, i32::MAX.into()) {
            id.invalid(errors, message);
        }
    };
    check(&linux.child("uid"), errors);
    check(&linux.child("gid"), errors);
    linux.child("supplementalGroups").items().for_each(|group| check(&group, errors));
}
