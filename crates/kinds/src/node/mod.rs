//! The kinds of `node.k8s.io`.

mod runtimeclasses;

use registry::Resource;

use crate::describe::Types;

/// Every resource of the group.
pub(crate) fn describe(types: &Types) -> Vec<Resource> {
    vec![runtimeclasses::describe(types)]
}
