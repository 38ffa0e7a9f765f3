//! The kinds of `policy`.

mod poddisruptionbudgets;

use registry::Resource;

use crate::describe::Types;

/// Every resource of the group.
pub(crate) fn describe(types: &Types) -> Vec<Resource> {
    vec![poddisruptionbudgets::describe(types)]
}
