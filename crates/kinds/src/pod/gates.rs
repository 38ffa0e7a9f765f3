//! Fields of pods that are passed over because their feature gates are off in v1.36.

use object::Value;

use crate::fields::{items, items_mut, present_mut};

const CONTAINER_LISTS: [&str; 3] = ["initContainers", "containers", "ephemeralContainers"];
const SPEC_FIELDS: [&str; 2] = ["workloadRef", "schedulingGroup"];
const PROJECTIONS: [&str; 2] = ["clusterTrustBundle", "podCertificate"];

/// Drops them from a pod's spec, unless `old`, the spec it replaces, uses them already.
pub(crate) fn drop_disabled(spec: &mut Value, old: Option<&Value>) {
    for field in SPEC_FIELDS {
        if old.is_none_or(|old| old.get(field).is_none()) {
            spec.remove(field);
        }
    }
    let stops = |spec: &Value| {
        CONTAINER_LISTS.iter().flat_map(|list| items(spec, list)).any(|container| {
            container.at(["lifecycle", "stopSignal"]).is_some_and(|signal| !signal.is_null())
        })
    };
    if !old.is_some_and(stops) {
        for list in CONTAINER_LISTS {
            for container in items_mut(spec, list) {
                let Some(lifecycle) = present_mut(container, "lifecycle") else { continue };
                let stopped = lifecycle.remove("stopSignal").is_some();
                if stopped && lifecycle.as_object().is_some_and(|lifecycle| lifecycle.is_empty()) {
                    container.remove("lifecycle");
                }
            }
        }
    }
    for projection in PROJECTIONS {
        let uses = |spec: &Value| projections(spec).any(|source| source.get(projection).is_some());
        if old.is_some_and(uses) {
            continue;
        }
        for volume in items_mut(spec, "volumes") {
            let Some(projected) = present_mut(volume, "projected") else { continue };
            for source in items_mut(projected, "sources") {
                source.remove(projection);
            }
        }
    }
}

fn projections(spec: &Value) -> impl Iterator<Item = &Value> {
    items(spec, "volumes")
        .iter()
        .filter_map(|volume| volume.get("projected"))
        .flat_map(|of| items(of, "sources"))
}
