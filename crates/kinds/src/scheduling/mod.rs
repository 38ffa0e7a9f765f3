//! The kinds of `scheduling.k8s.io`.

mod priorityclasses;

use registry::Resource;

use crate::describe::Types;

/// Every resource of the group.
pub(crate) fn describe(types: &Types) -> Vec<Resource> {
    vec![priorityclasses::describe(types)]
}
