//! The kinds of `batch`.

mod cronjobs;
mod jobs;
mod selector;

use registry::Resource;

use crate::describe::Types;

/// Every resource of the group.
pub(crate) fn describe(types: &Types) -> Vec<Resource> {
    vec![cronjobs::describe(types), jobs::describe(types)]
}
