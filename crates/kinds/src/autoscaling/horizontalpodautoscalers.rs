//! `horizontalpodautoscalers` of autoscaling/v2.

use object::Value;
use registry::{Context, Resource, Strategy};
use status::FieldErrors;

use super::{behavior, conversion, validate};
use crate::{
    checks::Field,
    describe::{Describe, Types},
    fields::{default_to, items},
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
    .columns(super::columns::COLUMNS)
    .finish()
}

#[derive(Debug)]
struct HorizontalPodAutoscaler;

impl Strategy for HorizontalPodAutoscaler {
    fn default(&self, object: &mut Value) {
        conversion::drop_annotations(object);
        fill(object);
    }

    fn prepare_create(&self, _context: &mut Context<'_>, object: &mut Value) {
        object.remove("status");
    }

    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        rules::restore(object, old, &["status"]);
    }

    fn validate_create(&self, _context: &mut Context<'_>, object: &Value, errors: &mut FieldErrors) {
        let root = Field::root(object);
        validate::spec(&root.child("spec"), errors);
    }

    fn validate_update(
        &self,
        _context: &mut Context<'_>,
        object: &Value,
        _old: &Value,
        errors: &mut FieldErrors,
    ) {
        let root = Field::root(object);
        validate::spec(&root.child("spec"), errors);
    }

    fn reset_fields(&self) -> &'static [&'static str] {
        &["status"]
    }
}

#[derive(Debug)]
struct HorizontalPodAutoscalerStatus;

impl Strategy for HorizontalPodAutoscalerStatus {
    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        rules::restore(object, old, &["spec"]);
    }

    fn validate_update(
        &self,
        _context: &mut Context<'_>,
        object: &Value,
        _old: &Value,
        errors: &mut FieldErrors,
    ) {
        validate::status(object, errors);
    }

    fn reset_fields(&self) -> &'static [&'static str] {
        &["spec"]
    }
}

/// The defaults of v2.
pub(super) fn fill(object: &mut Value) {
    let spec = object.make_object().get_or_insert_with("spec", Value::object);
    default_to(spec, "minReplicas", 1);
    if items(spec, "metrics").is_empty() {
        spec.set("metrics", vec![conversion::default_metric()]);
    }
    behavior::fill(spec);
}
