//! The kinds of `apiextensions.k8s.io`.

mod customresourcedefinitions;

use registry::Resource;

use crate::describe::Types;

/// Every resource of the group.
pub(crate) fn describe(types: &Types) -> Vec<Resource> {
    vec![customresourcedefinitions::describe(types)]
}
