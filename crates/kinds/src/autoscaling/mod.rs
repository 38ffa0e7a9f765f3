//! The kinds of `autoscaling`.

mod horizontalpodautoscalers;
mod horizontalpodautoscalers_v1;

use registry::Resource;

use crate::describe::Types;

/// Every resource of the group.
pub(crate) fn describe(types: &Types) -> Vec<Resource> {
    vec![horizontalpodautoscalers::describe(types), horizontalpodautoscalers_v1::describe(types)]
}
