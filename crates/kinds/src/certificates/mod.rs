//! The kinds of `certificates.k8s.io`.

mod certificatesigningrequests;
mod rules;

use registry::Resource;

use crate::describe::Types;

/// Every resource of the group.
pub(crate) fn describe(types: &Types) -> Vec<Resource> {
    vec![certificatesigningrequests::describe(types)]
}
