//! The kinds of `autoscaling`.

mod behavior;
mod columns;
mod conversion;
mod horizontalpodautoscalers;
mod horizontalpodautoscalers_v1;
mod metrics;
mod validate;

use registry::Resource;

use crate::describe::Types;

/// Every resource of the group.
pub(crate) fn describe(types: &Types) -> Vec<Resource> {
    vec![horizontalpodautoscalers::describe(types), horizontalpodautoscalers_v1::describe(types)]
}
