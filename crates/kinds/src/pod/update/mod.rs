//! What an update may change of a pod.

mod ephemeral;
mod gated;
mod resize;
mod spec;
mod state;

pub(crate) use ephemeral::ephemeral_containers;
pub(crate) use resize::{keep_all_but_resources, resize};
pub(crate) use spec::pod_update;
pub(crate) use state::{keep_observed, pod_status, sync_addresses};

use object::Value;
use status::{FieldError, FieldErrors, Path};

/// The annotation of a pod that stands for one that a kubelet runs by itself.
const MIRROR: &str = "kubernetes.io/config.mirror";
/// Annotations that only the system writes, once.
const FIXED_ANNOTATIONS: &[&str] = &[MIRROR];

/// Annotations of a pod that stay as they were.
fn annotations(pod: &Value, old: &Value, errors: &mut FieldErrors) {
    let metadata = Path::new("metadata");
    let path = metadata.child("annotations");
    for key in FIXED_ANNOTATIONS {
        let of = |pod: &Value| pod.at(["metadata", "annotations", key]).cloned();
        if of(pod) != of(old) {
            errors.push(FieldError::forbidden(&path.key(key), "may not be removed or changed"));
        }
    }
}
