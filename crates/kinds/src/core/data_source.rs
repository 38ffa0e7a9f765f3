//! The two fields of a claim that say what its volume is filled from, kept in step (KEP-1495).

use object::Value;

use crate::fields::{is_set, present, text};

/// Fills `dataSourceRef` from `dataSource` or the other way round, and drops a reference's namespace, whose gate
/// (`CrossNamespaceVolumeDataSource`) is off.
pub(super) fn normalise(claim: &mut Value, old: Option<&Value>) {
    let namespaced = |claim: &Value| !claim.str_at(["spec", "dataSourceRef", "namespace"]).is_empty();
    if !old.is_some_and(namespaced)
        && let Some(reference) = claim.at_mut(["spec", "dataSourceRef"])
    {
        reference.remove("namespace");
    }
    let Some(spec) = claim.get_mut("spec") else { return };
    if present(spec, "dataSource").is_some_and(|source| !is_known_source(source))
        && present(spec, "dataSourceRef").is_none()
        && old.is_none_or(|old| old.at(["spec", "dataSource"]) != spec.get("dataSource"))
    {
        spec.remove("dataSource");
    }
    match (present(spec, "dataSource").cloned(), present(spec, "dataSourceRef").cloned()) {
        (Some(source), None) => spec.set("dataSourceRef", source),
        (None, Some(reference)) if !is_set(reference.get("namespace")) => spec.set("dataSource", reference),
        _ => {}
    }
}

/// Whether a `dataSource` is of a kind that the field took before references came: others are dropped.
fn is_known_source(source: &Value) -> bool {
    matches!(
        (text(source, "kind"), text(source, "apiGroup")),
        ("PersistentVolumeClaim", "") | ("VolumeSnapshot", "snapshot.storage.k8s.io")
    )
}
