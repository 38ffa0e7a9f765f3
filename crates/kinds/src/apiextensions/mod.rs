//! The kinds of `apiextensions.k8s.io`.

mod approval;
mod conversion;
mod customresourcedefinitions;
mod defaults;
mod formats;
mod go_json;
mod names;
mod open_api;
mod parts;
mod selectable;
mod shared;
mod structural;
mod validate;

use registry::Resource;

use crate::describe::Types;

/// Every resource of the group.
pub(crate) fn describe(types: &Types) -> Vec<Resource> {
    vec![customresourcedefinitions::describe(types)]
}
