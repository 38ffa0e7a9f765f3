//! The kinds of `authentication.k8s.io`.

mod selfsubjectreviews;
mod tokenreviews;

use registry::Resource;

use crate::describe::Types;

/// Every resource of the group.
pub(crate) fn describe(types: &Types) -> Vec<Resource> {
    vec![selfsubjectreviews::describe(types), tokenreviews::describe(types)]
}
