//! `horizontalpodautoscalers` of autoscaling/v1.

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
        "v1",
        "horizontalpodautoscalers",
        "HorizontalPodAutoscaler",
        HorizontalPodAutoscalerV1,
    )
    .short_names(&["hpa"])
    .categories(&["all"])
    .status(HorizontalPodAutoscalerV1Status)
    .finish()
}

#[derive(Debug)]
struct HorizontalPodAutoscalerV1;

impl Strategy for HorizontalPodAutoscalerV1 {}

#[derive(Debug)]
struct HorizontalPodAutoscalerV1Status;

impl Strategy for HorizontalPodAutoscalerV1Status {
    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        rules::only_status(object, old);
    }
}
