//! The kinds of `events.k8s.io`.

mod events;
pub(crate) mod validation;

use registry::Resource;

use crate::describe::Types;

/// Every resource of the group.
pub(crate) fn describe(types: &Types) -> Vec<Resource> {
    vec![events::describe(types)]
}
