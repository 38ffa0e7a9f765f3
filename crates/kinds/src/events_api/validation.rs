//! The rules of events, which both groups share; objects are in the core group's form, in which they are kept.

use object::Value;
use registry::Context;
use status::{FieldError, FieldErrors};

use crate::checks::Field;
use crate::internal;

const MAX_TEXT: usize = 128;
const MAX_NOTE: usize = 1_024;
/// What does not change in an event of events.k8s.io.
const IMMUTABLE: &[&str] = &[
    "involvedObject",
    "reason",
    "message",
    "source",
    "firstTimestamp",
    "lastTimestamp",
    "count",
    "reason",
    "type",
    "eventTime",
    "action",
    "related",
    "reportingComponent",
    "reportingInstance",
];

/// Whether the request speaks the newer group, which is stricter.
fn is_strict(context: &Context<'_>) -> bool {
    !context.request.resource.group.is_empty()
}

/// The name that the request's group has for the reporting controller, as paths show it.
fn controller_name(context: &Context<'_>) -> &'static str {
    if is_strict(context) { "reportingController" } else { "reportingComponent" }
}

/// Checks a new event.
pub(crate) fn validate_create(context: &Context<'_>, event: &Value, errors: &mut FieldErrors) {
    let event = Field::root(event);
    validate(context, &event, errors);
    if !is_strict(context) {
        return;
    }
    validate_series(&event, errors);
    let unset = |path: &Field<'_, '_>, detail: String| FieldError::invalid(&path.path, "", detail);
    event.child("eventTime").required(errors);
    let kind = event.child("type");
    if !matches!(kind.text(), "Normal" | "Warning") {
        errors.push(unset(&kind, format!("has invalid value: {}", kind.text())));
    }
    for field in ["firstTimestamp", "lastTimestamp", "count", "source"] {
        let field = event.child(field);
        if !field.is_empty() && field.value.as_i64() != Some(0) {
            errors.push(unset(&field, "needs to be unset".to_owned()));
        }
    }
}

/// Checks a changed event.
pub(crate) fn validate_update(context: &Context<'_>, event: &Value, old: &Value, errors: &mut FieldErrors) {
    let (event, old) = (Field::root(event), Field::root(old));
    validate(context, &event, errors);
    if !is_strict(context) {
        return;
    }
    if !event.child("series").same(&old.child("series")) {
        validate_series(&event, errors);
    }
    let ty = context.request.resource.ty.get();
    for name in IMMUTABLE {
        let (field, before) = (event.child(name), old.child(name));
        if field.same(&before) {
            continue;
        }
        let value = match *name {
            "involvedObject" => internal::bad_value(ty.child("regarding"), field.value),
            "related" if field.is_present() => internal::bad_value(ty.child("related"), field.value),
            "source" => internal::bad_value(ty.child("deprecatedSource"), field.value),
            "reason" | "message" | "type" | "action" | "reportingComponent" | "reportingInstance" => {
                field.text().into()
            }
            "count" => field.int().into(),
            _ => field.bad_value(),
        };
        let name = if *name == "reportingComponent" { controller_name(context) } else { name };
        let detail = "field is immutable";
        errors.push(FieldError::invalid(&status::Path::new(name), value, detail));
    }
}

fn validate_series(event: &Field<'_, '_>, errors: &mut FieldErrors) {
    let series = event.child("series");
    if !series.is_present() {
        return;
    }
    let count = series.child("count");
    if count.int() < 2 {
        errors.push(FieldError::invalid(&count.path, "", "should be at least 2"));
    }
    series.child("lastObservedTime").required(errors);
}

/// What holds for events of both groups. Those with an event time are of the newer kind.
fn validate(context: &Context<'_>, event: &Field<'_, '_>, errors: &mut FieldErrors) {
    let (metadata, object) = (event.child("metadata"), event.child("involvedObject"));
    let (own, about) = (metadata.child("namespace"), object.child("namespace"));
    let is_new = event.child("eventTime").is_present();
    let agrees = match about.text() {
        "" if is_new => matches!(own.text(), "default" | "kube-system"),
        "" => matches!(own.text(), "" | "default"),
        other => is_new || other == own.text(),
    };
    if !agrees {
        about.invalid_text(errors, "does not match event.namespace");
    }
    if is_new {
        let controller =
            Field { path: event.path.child(controller_name(context)), ..event.child("reportingComponent") };
        controller.required(errors);
        controller.name(errors, meta::names::qualified_name);
        for field in ["reportingInstance", "action", "reason"] {
            let field = event.child(field);
            field.required(errors);
            at_most(&field, MAX_TEXT, errors);
        }
        at_most(&event.child("message"), MAX_NOTE, errors);
    }
    let namespace = Field { path: status::Path::new("namespace"), ..own };
    namespace.name(errors, meta::names::dns1123_subdomain);
}

fn at_most(field: &Field<'_, '_>, max: usize, errors: &mut FieldErrors) {
    if field.text().len() > max {
        let detail = format!("can have at most {max} characters");
        errors.push(FieldError::invalid(&field.path, "", detail));
    }
}
