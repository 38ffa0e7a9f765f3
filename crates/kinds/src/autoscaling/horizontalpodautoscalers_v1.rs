//! `horizontalpodautoscalers` of autoscaling/v1.

use object::Value;
use registry::{Context, Resource, Strategy};

use super::conversion;
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
    .stored_as("v2", conversion::to_stored, conversion::from_stored)
    .short_names(&["hpa"])
    .categories(&["all"])
    .status(HorizontalPodAutoscalerV1Status)
    .columns(super::columns::COLUMNS)
    .finish()
}

#[derive(Debug)]
struct HorizontalPodAutoscalerV1;

impl Strategy for HorizontalPodAutoscalerV1 {
    fn default(&self, object: &mut Value) {
        // Only the conversion can say whether the CPU's default applies: metrics may stand in annotations.
        let converted = conversion::to_stored(std::mem::take(object));
        *object = conversion::from_stored(converted);
    }

    fn prepare_create(&self, _context: &mut Context<'_>, object: &mut Value) {
        object.remove("status");
    }

    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        rules::restore(object, old, &["status"]);
    }

    fn reset_fields(&self) -> &'static [&'static str] {
        &["status"]
    }
}

#[derive(Debug)]
struct HorizontalPodAutoscalerV1Status;

impl Strategy for HorizontalPodAutoscalerV1Status {
    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        rules::restore(object, old, &["spec"]);
    }

    fn reset_fields(&self) -> &'static [&'static str] {
        &["spec"]
    }
}
