//! The views of a pod that only change a part of it.

use meta::Quantity;
use object::Value;
use registry::{Context, SideWrite, Strategy};
use status::{Cause, FieldErrors, Result, Status};

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
    fn allocate(
        &self,
        context: &mut Context<'_>,
        object: &mut Value,
        old: Option<&Value>,
    ) -> Result<Vec<SideWrite>> {
        let node = old.map_or("", |old| old.str_at(["spec", "nodeName"]));
        match context.lookup.get("", "nodes", "", node).filter(|_| !node.is_empty()) {
            Some(node) => check_room(object, &node, &context.request.name).map(|()| Vec::new()),
            None => Ok(Vec::new()),
        }
    }

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

/// A pod that is resized must fit its node.
fn check_room(pod: &Value, node: &Value, name: &str) -> Result<()> {
    let spec = pod.get("spec").unwrap_or(&Value::Null);
    let mut lacking = Vec::new();
    for (resource, unit) in [("cpu", 1), ("memory", 1000)] {
        let allocatable = node.str_at(["status", "allocatable", resource]);
        let allocatable = Quantity::parse(allocatable).map_or(0, |quantity| quantity.milli_value() / unit);
        let requested = pod::requested(spec, resource).milli_value() / unit;
        if requested > allocatable {
            lacking.push(format!("{resource}, requested: {requested}, allocatable: {allocatable}"));
        }
    }
    if lacking.is_empty() {
        return Ok(());
    }
    let why = format!("node didn't have enough allocatable resources: {}", lacking.join("; "));
    let cause = Cause { reason: "NodeCapacity".to_owned(), message: String::new(), field: String::new() };
    Err(Status::forbidden("", "pods", name, why).with_cause(cause))
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
