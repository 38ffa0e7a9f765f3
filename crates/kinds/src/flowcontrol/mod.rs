//! The kinds of `flowcontrol.apiserver.k8s.io`.

mod flowschemas;
mod prioritylevelconfigurations;

use registry::Resource;

use crate::describe::Types;

/// Every resource of the group.
pub(crate) fn describe(types: &Types) -> Vec<Resource> {
    vec![flowschemas::describe(types), prioritylevelconfigurations::describe(types)]
}
