//! `horizontalpodautoscalers` of autoscaling/v2.

use object::Value;
use registry::{Context, Resource, Strategy};

use crate::{
    describe::{Describe, Types},
    rules,
};

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(
        types,
        "autoscaling",
        "v2",
        "horizontalpodautoscalers",
        "HorizontalPodAutoscaler",
        HorizontalPodAutoscaler,
    )
    .short_names(&["hpa"])
    .categories(&["all"])
    .status(HorizontalPodAutoscalerStatus)
    .finish()
}

#[derive(Debug)]
struct HorizontalPodAutoscaler;

impl Strategy for HorizontalPodAutoscaler {}

#[derive(Debug)]
struct HorizontalPodAutoscalerStatus;

impl Strategy for HorizontalPodAutoscalerStatus {
    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        rules::only_status(object, old);
    }
}
