//! What the containers of a pod ask for in all, and the defaults of pod-level resources (KEP-2837).

use std::collections::BTreeMap;

use meta::Quantity;
use object::{Map, Value};

use crate::fields::{entries, items, present, text};

/// Quantities by resource name.
pub(super) type ResourceList<'v> = BTreeMap<&'v str, Quantity>;

/// The `requests` or `limits` (`field`) of a container.
pub(super) fn of_container<'v>(container: &'v Value, field: &str) -> ResourceList<'v> {
    let resources = container.get("resources").unwrap_or(&Value::Null);
    entries(resources, field)
        .filter_map(|(name, value)| Some((name, Quantity::parse(value.as_str()?).ok()?)))
        .collect()
}

fn add<'v>(sum: &mut ResourceList<'v>, more: &ResourceList<'v>) {
    for (name, quantity) in more {
        let total = sum.get(name).map_or_else(|| quantity.clone(), |known| known.add(quantity));
        sum.insert(name, total);
    }
}

fn raise<'v>(greatest: &mut ResourceList<'v>, other: &ResourceList<'v>) {
    for (name, quantity) in other {
        if greatest.get(name).is_none_or(|known| known < quantity) {
            greatest.insert(name, quantity.clone());
        }
    }
}

/// What the containers of a pod spec need at the same time: all containers and sidecars, or, if that is more, one
/// init container with the sidecars before it.
pub(super) fn of_containers<'v>(spec: &'v Value, field: &str) -> ResourceList<'v> {
    let mut sum = ResourceList::new();
    for container in items(spec, "containers") {
        add(&mut sum, &of_container(container, field));
    }
    let (mut sidecars, mut starting) = (ResourceList::new(), ResourceList::new());
    for container in items(spec, "initContainers") {
        let own = of_container(container, field);
        let mut needed = sidecars.clone();
        add(&mut needed, &own);
        if text(container, "restartPolicy") == "Always" {
            add(&mut sum, &own);
            sidecars = needed.clone();
        }
        raise(&mut starting, &needed);
    }
    raise(&mut sum, &starting);
    sum
}

/// How much of a resource a pod asks for as a whole.
pub(crate) fn requested(spec: &Value, resource: &str) -> Quantity {
    let whole = of_container(spec, "requests").remove(resource);
    whole.or_else(|| of_containers(spec, "requests").remove(resource)).unwrap_or_default()
}

fn is_huge_pages(name: &str) -> bool {
    name.starts_with("hugepages-")
}

/// Whether a pod as a whole may ask for the resource.
pub(super) fn may_be_pod_level(name: &str) -> bool {
    matches!(name, "cpu" | "memory") || is_huge_pages(name)
}

/// Fills what pod-level resources leave open from the containers and from the limits.
pub(super) fn default_pod_level(spec: &mut Value) {
    let Some(resources) = present(spec, "resources") else { return };
    let mut limits = map_of(resources, "limits");
    for (name, quantity) in of_containers(spec, "limits") {
        if is_huge_pages(name) && !limits.contains(name) {
            limits.insert(name, quantity.canonical());
        }
    }
    let mut requests = map_of(resources, "requests");
    if !limits.is_empty() {
        for (name, quantity) in of_containers(spec, "requests") {
            if may_be_pod_level(name) && !is_huge_pages(name) && !requests.contains(name) {
                requests.insert(name, quantity.canonical());
            }
        }
        for (name, quantity) in limits.iter() {
            if may_be_pod_level(name) && !requests.contains(name) {
                requests.insert(name, quantity.clone());
            }
        }
    }
    let resources = spec.object_at("resources");
    for (field, list) in [("limits", limits), ("requests", requests)] {
        if !list.is_empty() {
            resources.insert(field, list);
        }
    }
}

fn map_of(resources: &Value, field: &str) -> Map {
    resources.get(field).and_then(Value::as_object).cloned().unwrap_or_default()
}

/// The quality of service class of a pod, by what its spec asks for.
pub(crate) fn quality_of_service(spec: &Value) -> &'static str {
    let (mut requests, mut limits, mut all_limited) = (ResourceList::new(), ResourceList::new(), true);
    let whole = present(spec, "resources").map(|_| spec);
    let containers = ["containers", "initContainers"].iter().flat_map(|list| items(spec, list));
    let holders: Vec<&Value> = whole.map_or_else(|| containers.collect(), |whole| vec![whole]);
    for holder in holders {
        let counted = |field| {
            let mut list = of_container(holder, field);
            list.retain(|name, quantity| matches!(*name, "cpu" | "memory") && quantity.signum() > 0);
            list
        };
        let limited = counted("limits");
        all_limited &= limited.len() == 2;
        add(&mut requests, &counted("requests"));
        add(&mut limits, &limited);
    }
    match (requests.is_empty() && limits.is_empty(), all_limited && requests == limits) {
        (true, _) => "BestEffort",
        (false, true) => "Guaranteed",
        (false, false) => "Burstable",
    }
}
