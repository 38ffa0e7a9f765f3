//! The kinds of `storage.k8s.io`.

mod csidrivers;
mod csinodes;
mod csistoragecapacities;
mod storageclasses;
mod volumeattachments;
mod volumeattributesclasses;

use registry::Resource;

use crate::describe::Types;

/// Every resource of the group.
pub(crate) fn describe(types: &Types) -> Vec<Resource> {
    vec![
        csidrivers::describe(types),
        csinodes::describe(types),
        csistoragecapacities::describe(types),
        storageclasses::describe(types),
        volumeattachments::describe(types),
        volumeattributesclasses::describe(types),
    ]
}
