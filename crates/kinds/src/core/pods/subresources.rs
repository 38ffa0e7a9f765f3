//! The views of a pod that only change a part of it.

use object::Value;
use registry::{Context, Strategy};
use status::FieldErrors;

use super::keep_spec;
use crate::{pod, rules};

/// `ephemeralcontainers`: containers to look into a running pod.
#[derive(Debug)]
pub(super) struct PodEphemeralContainers;

impl Strategy for PodEphemeralContainers {
    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        rules::only_field(object, old, "spec", "ephemeralContainers");
        keep_spec(object, old);
    }

    fn validate_update(
        &self,
        context: &mut Context<'_>,
        object: &Value,
        old: &Value,
        errors: &mut FieldErrors,
    ) {
        pod::ephemeral_containers(object, old, context.request.resource.ty.get(), errors);
    }
}

/// `resize`: how much cpu and memory its containers have.
#[derive(Debug)]
pub(super) struct PodResize;

impl Strategy for PodResize {
    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        pod::keep_all_but_resources(object, old);
        rules::keep_metadata(
            object,
            old,
            &["labels", "annotations", "finalizers", "ownerReferences", "generateName"],
        );
    }

    fn validate_update(
        &self,
        context: &mut Context<'_>,
        object: &Value,
        old: &Value,
        errors: &mut FieldErrors,
    ) {
        pod::resize(object, old, context.request.resource.ty.get(), errors);
    }
}

/// `status`.
#[derive(Debug)]
pub(super) struct PodStatus;

impl Strategy for PodStatus {
    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        rules::restore(object, old, &["spec"]);
        rules::restore(object, old, &["metadata", "ownerReferences"]);
        rules::restore(object, old, &["metadata", "deletionTimestamp"]);
        if object.str_at(["status", "qosClass"]).is_empty() {
            rules::restore(object, old, &["status", "qosClass"]);
        }
        pod::keep_observed(object, old);
    }

    fn validate_update(
        &self,
        context: &mut Context<'_>,
        object: &Value,
        old: &Value,
        errors: &mut FieldErrors,
    ) {
        pod::pod_status(object, old, context.request.resource.ty.get(), errors);
    }

    fn reset_fields(&self) -> &'static [&'static str] {
        &["spec", "metadata.deletionTimestamp", "metadata.ownerReferences"]
    }
}
