//! The kinds of `apiregistration.k8s.io`.

mod apiservices;

use registry::Resource;

use crate::describe::Types;

/// Every resource of the group.
pub(crate) fn describe(types: &Types) -> Vec<Resource> {
    vec![apiservices::describe(types)]
}
