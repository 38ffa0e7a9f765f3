//! Volumes of plugins that are gone or will be.

use registry::Warnings;

use super::containers::warn_of_fractions;
use crate::checks::Field;

const OLDEST: &str = "deprecated in v1.11, non-functional in v1.16+";
const OLD: &str = "deprecated in v1.22, non-functional in v1.25+";
const RECENT: &str = "deprecated in v1.28, non-functional in v1.31+";

/// The sources that are gone, in the order they are told of; claims of ephemeral volumes come before the last two.
const GONE: &[(&str, &str)] = &[
    ("photonPersistentDisk", OLDEST),
    ("gitRepo", "deprecated in v1.11, and disabled by default in v1.33+"),
    ("scaleIO", "deprecated in v1.16, non-functional in v1.22+"),
    ("flocker", OLD),
    ("storageos", OLD),
    ("quobyte", OLD),
    ("glusterfs", "deprecated in v1.25, non-functional in v1.26+"),
    ("cephfs", RECENT),
    ("rbd", RECENT),
];

/// Some sources are called otherwise in warnings.
fn shown(source: &str) -> &str {
    if source == "storageos" { "storageOS" } else { source }
}

/// Of persistent volumes' sources these are not told of.
const UNTOLD: &[&str] = &["flocker", "quobyte"];

/// Warns of a persistent volume's source that is gone.
pub(crate) fn warn_of_persistent_source(spec: &Field<'_, '_>, warnings: &mut Warnings) {
    warn_of_sources(spec, |source| !UNTOLD.contains(&source), warnings);
}

fn warn_of_sources(holder: &Field<'_, '_>, told: impl Fn(&str) -> bool, warnings: &mut Warnings) {
    for (source, message) in GONE.iter().filter(|(source, _)| told(source)) {
        if holder.child(source).is_present() {
            warnings.add(format!("{}: {message}", holder.path.child(shown(source))));
        }
    }
}

pub(super) fn warn(spec: &Field<'_, '_>, warnings: &mut Warnings) {
    for volume in spec.child("volumes").items() {
        warn_of_sources(&volume, |_| true, warnings);
        let ephemeral = volume.child("ephemeral");
        let template = ephemeral.child("volumeClaimTemplate");
        let claim = template.child("spec");
        let resources = claim.child("resources");
        warn_of_fractions(&resources.child("requests"), "storage", warnings);
    }
}
