//! The kinds of `rbac.authorization.k8s.io`.

mod clusterrolebindings;
mod clusterroles;
mod columns;
mod rolebindings;
mod roles;
mod rules;

use registry::Resource;

use crate::describe::Types;

/// Every resource of the group.
pub(crate) fn describe(types: &Types) -> Vec<Resource> {
    vec![
        clusterrolebindings::describe(types),
        clusterroles::describe(types),
        rolebindings::describe(types),
        roles::describe(types),
    ]
}
