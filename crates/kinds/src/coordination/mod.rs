//! The kinds of `coordination.k8s.io`.

mod leases;

use registry::Resource;

use crate::describe::Types;

/// Every resource of the group.
pub(crate) fn describe(types: &Types) -> Vec<Resource> {
    vec![leases::describe(types)]
}
