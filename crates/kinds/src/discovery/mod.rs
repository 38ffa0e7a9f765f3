//! The kinds of `discovery.k8s.io`.

mod endpointslices;

use registry::Resource;

use crate::describe::Types;

/// Every resource of the group.
pub(crate) fn describe(types: &Types) -> Vec<Resource> {
    vec![endpointslices::describe(types)]
}
