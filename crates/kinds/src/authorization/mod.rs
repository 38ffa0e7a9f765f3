//! The kinds of `authorization.k8s.io`.

mod localsubjectaccessreviews;
mod selfsubjectaccessreviews;
mod selfsubjectrulesreviews;
mod subjectaccessreviews;

use registry::Resource;

use crate::describe::Types;

/// Every resource of the group.
pub(crate) fn describe(types: &Types) -> Vec<Resource> {
    vec![
        localsubjectaccessreviews::describe(types),
        selfsubjectaccessreviews::describe(types),
        selfsubjectrulesreviews::describe(types),
        subjectaccessreviews::describe(types),
    ]
}
