//! The kinds of `resource.k8s.io`.

mod claim_status;
mod deviceclasses;
mod devices;
mod names;
mod requests;
mod resourceclaims;
mod resourceclaimtemplates;
mod resourceslices;

use registry::Resource;

use crate::describe::Types;

/// Every resource of the group.
pub(crate) fn describe(types: &Types) -> Vec<Resource> {
    vec![
        deviceclasses::describe(types),
        resourceclaims::describe(types),
        resourceclaimtemplates::describe(types),
        resourceslices::describe(types),
    ]
}
