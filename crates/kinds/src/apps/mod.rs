//! The kinds of `apps`.

mod controllerrevisions;
mod daemonsets;
mod deployments;
mod replicasets;
mod statefulsets;
mod validate;

use registry::Resource;

use crate::describe::Types;

/// Every resource of the group.
pub(crate) fn describe(types: &Types) -> Vec<Resource> {
    vec![
        controllerrevisions::describe(types),
        daemonsets::describe(types),
        deployments::describe(types),
        replicasets::describe(types),
        statefulsets::describe(types),
    ]
}
