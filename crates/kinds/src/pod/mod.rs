//! What pods, pod templates and everything that holds a pod's spec have in common.

mod affinity;
mod app_armor;
mod defaults;
mod gates;
mod image;
mod resources;
mod update;
mod validate;
mod warn;

pub(crate) use affinity::merge_label_keys;
pub(crate) use app_armor::copy_annotations;
pub(crate) use defaults::{
    default_claim_spec, default_pod, default_template, default_volume_source, name_service_account,
};
pub(crate) use gates::drop_disabled;
pub(crate) use resources::{quality_of_service, requested};
pub(crate) use update::{
    ephemeral_containers, keep_all_but_resources, keep_observed, pod_status, pod_update, resize,
    sync_addresses,
};

pub(crate) use validate::{
    VOLUME_MODES, access_modes, amount, claim_spec, class_name, container_resource, csi_driver_name,
    is_standard, no_backsteps, node_selector, pod_create, pod_template, port, resource_name,
    template_metadata, volume_source,
};

pub(crate) use warn::{
    warn_of_app_armor, warn_of_fractions, warn_of_name, warn_of_persistent_source, warn_of_pod,
    warn_of_template,
};

use object::Value;

/// Drops gated fields from the pod template at `path` of a workload.
pub(crate) fn drop_disabled_in_template(object: &mut Value, old: Option<&Value>, path: &[&str]) {
    let path = || path.iter().copied().chain(["spec"]);
    let old = old.and_then(|old| old.at(path()));
    if let Some(spec) = object.at_mut(path()) {
        drop_disabled(spec, old);
    }
}
