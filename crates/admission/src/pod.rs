//! What several plugins ask of a request on a pod.

use registry::{Attributes, Operation};

/// Whether a pod itself (no subresource) is being created.
pub(crate) fn is_created(attributes: &Attributes<'_>) -> bool {
    is_pod(attributes) && attributes.operation == Operation::Create
}

/// Whether the request is on a pod itself.
pub(crate) fn is_pod(attributes: &Attributes<'_>) -> bool {
    let request = attributes.request;
    request.resource.group.is_empty() && request.resource.resource == "pods" && request.subresource.is_none()
}
