//! What volumes and claims of volumes say but better would not.

use object::Value;
use registry::Warnings;

use crate::checks::Field;
use crate::{node_labels, pod};

const CLASS_ANNOTATION: &str = "volume.beta.kubernetes.io/storage-class";

/// Warns of a persistent volume.
pub(super) fn of_volume(volume: &Value, warnings: &mut Warnings) {
    let root = Field::root(volume);
    class_annotation(&root, warnings);
    let spec = root.child("spec");
    let policy = spec.child("persistentVolumeReclaimPolicy");
    if policy.text() == "Recycle" {
        warnings.add(format!(
            "{}: The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic \
             provisioning.",
            policy.path
        ));
    }
    let affinity = spec.child("nodeAffinity");
    let required = affinity.child("required");
    for term in required.child("nodeSelectorTerms").items() {
        node_labels::warn_of_expressions(&term, warnings);
    }
    pod::warn_of_persistent_source(&spec, warnings);
}

/// Warns of a claim.
pub(super) fn of_claim(claim: &Value, warnings: &mut Warnings) {
    let root = Field::root(claim);
    class_annotation(&root, warnings);
    let spec = root.child("spec");
    let resources = spec.child("resources");
    pod::warn_of_fractions(&resources.child("requests"), "storage", warnings);
}

fn class_annotation(root: &Field<'_, '_>, warnings: &mut Warnings) {
    let metadata = root.child("metadata");
    let annotations = metadata.child("annotations");
    if annotations.value.get(CLASS_ANNOTATION).is_some() {
        let path = annotations.path.key(CLASS_ANNOTATION);
        warnings.add(format!("{path}: deprecated since v1.8; use \"storageClassName\" attribute instead"));
    }
}
