//! The rules of autoscalers.

use meta::Quantity;
use meta::names::{dns1123_label, path_segment_name};
use object::Value;
use status::{FieldError, FieldErrors};

use crate::checks::Field;
use crate::pod;

/// Kinds of metrics: each with its field, in the order in which fields are looked at.
const SOURCES: &[(&str, &str)] = &[
    ("Object", "object"),
    ("External", "external"),
    ("Pods", "pods"),
    ("Resource", "resource"),
    ("ContainerResource", "containerResource"),
];
const TYPES: &[&str] = &["ContainerResource", "External", "Object", "Pods", "Resource"];

pub(super) fn spec(spec: &Field<'_, '_>, errors: &mut FieldErrors) {
    let (least, most) = (spec.child("minReplicas"), spec.child("maxReplicas"));
    if least.is_present() && least.int() < 1 {
        least.invalid(errors, "must be greater than or equal to 1");
    }
    match most.int() {
        0 => most.missing(errors, "must be set and greater than 0"),
        number if number < 0 => most.invalid(errors, "must be greater than or equal to 1"),
        _ => {}
    }
    if least.is_present() && most.int() < least.int() {
        most.invalid(errors, "must be greater than or equal to `minReplicas`");
    }
    let target = spec.child("scaleTargetRef");
    reference(&target, errors);
    has_group(&target, errors);
    for metric in spec.child("metrics").items() {
        metric_source(&metric, errors);
    }
    let behavior = spec.child("behavior");
    for direction in ["scaleUp", "scaleDown"] {
        let rules = behavior.child(direction);
        if rules.is_present() {
            scaling_rules(&rules, errors);
        }
    }
}

fn reference(reference: &Field<'_, '_>, errors: &mut FieldErrors) {
    for field in ["kind", "name"] {
        let field = reference.child(field);
        if field.required(errors) {
            field.name(errors, path_segment_name);
        }
    }
}

/// What is scaled belongs to a group, but for the one kind of the core group that can be.
fn has_group(target: &Field<'_, '_>, errors: &mut FieldErrors) {
    let version = target.child("apiVersion");
    if version.text().matches('/').count() > 1 {
        let detail = format!("unexpected GroupVersion string: {}", version.text());
        version.invalid_text(errors, detail);
        return;
    }
    let of_core = version.text() == "v1" && target.child("kind").text() == "ReplicationController";
    if !version.text().contains('/') && !of_core {
        version.invalid_text(errors, "apiVersion must specify API group");
    }
}

fn metric_source(metric: &Field<'_, '_>, errors: &mut FieldErrors) {
    let kind = metric.child("type");
    if kind.is_empty() {
        kind.missing(errors, "must specify a metric source type");
    }
    // The original checks this in two places.
    for _ in 0..2 {
        kind.one_of(errors, TYPES);
    }
    let expected = SOURCES.iter().find(|(known, _)| *known == kind.text()).map(|(_, field)| *field);
    if let Some(expected) = expected
        && !metric.child(expected).is_present()
    {
        metric.child(expected).missing(errors, "must populate information for the given metric source");
    }
    let mut present: Vec<&str> = Vec::new();
    for (_, field) in SOURCES {
        let source = metric.child(field);
        if !source.is_present() {
            continue;
        }
        present.push(field);
        if present.len() == 1 {
            check_source(field, &source, errors);
        }
    }
    if present.len() > 1 {
        for field in present.into_iter().filter(|field| Some(*field) != expected) {
            metric.child(field).forbidden(errors, "must populate the given metric source only");
        }
    }
}

fn check_source(kind: &str, source: &Field<'_, '_>, errors: &mut FieldErrors) {
    let target = source.child("target");
    let (value, average) = (target.child("value"), target.child("averageValue"));
    match kind {
        "object" => {
            reference(&source.child("describedObject"), errors);
            identifier(source, errors);
            numbers(&target, errors);
            if !value.is_present() && !average.is_present() {
                average.missing(errors, "must set either a target value or averageValue");
            }
        }
        "external" => {
            identifier(source, errors);
            numbers(&target, errors);
            if !value.is_present() && !average.is_present() {
                average.missing(errors, "must set either a target value for metric or a per-pod target");
            }
            if value.is_present() && average.is_present() {
                value.forbidden(errors, "may not set both a target value for metric and a per-pod target");
            }
        }
        "pods" => {
            identifier(source, errors);
            numbers(&target, errors);
            if !is_positive(average.value) {
                average.missing(errors, "must specify a positive target averageValue");
            }
        }
        _ => resource(kind == "containerResource", source, errors),
    }
}

fn resource(of_container: bool, source: &Field<'_, '_>, errors: &mut FieldErrors) {
    let (name, container) = (source.child("name"), source.child("container"));
    if name.is_empty() {
        name.missing(errors, "must specify a resource name");
    } else if of_container {
        pod::container_resource(&name.path, name.text(), errors);
    }
    if of_container && container.is_empty() {
        container.missing(errors, "must specify a container");
    } else if of_container {
        container.name(errors, dns1123_label);
    }
    let target = source.child("target");
    numbers(&target, errors);
    let (average, utilization) = (target.child("averageValue"), target.child("averageUtilization"));
    match (average.is_present(), utilization.is_present()) {
        (false, false) => {
            utilization.missing(errors, "must set either a target raw value or a target utilization");
        }
        (true, true) => {
            average.forbidden(errors, "may not set both a target raw value and a target utilization");
        }
        _ => {}
    }
}

fn identifier(source: &Field<'_, '_>, errors: &mut FieldErrors) {
    let metric = source.child("metric");
    let name = metric.child("name");
    if name.is_empty() {
        name.missing(errors, "must specify a metric name");
    } else {
        name.name(errors, path_segment_name);
    }
}

fn is_positive(value: &Value) -> bool {
    value.as_str().and_then(|text| Quantity::parse(text).ok()).is_some_and(|quantity| quantity.signum() > 0)
}

fn numbers(target: &Field<'_, '_>, errors: &mut FieldErrors) {
    let kind = target.child("type");
    if kind.is_empty() {
        kind.missing(errors, "must specify a metric target type");
    }
    if !matches!(kind.text(), "Utilization" | "Value" | "AverageValue") {
        kind.invalid_text(errors, "must be either Utilization, Value, or AverageValue");
    }
    for field in ["value", "averageValue"] {
        let field = target.child(field);
        if field.is_present() && !is_positive(field.value) {
            field.invalid(errors, "must be positive");
        }
    }
    let utilization = target.child("averageUtilization");
    if utilization.is_present() && utilization.int() < 1 {
        utilization.invalid(errors, "must be greater than 0");
    }
}

fn scaling_rules(rules: &Field<'_, '_>, errors: &mut FieldErrors) {
    const MAX_WINDOW: i64 = 3600;
    const MAX_PERIOD: i64 = 1800;
    let window = rules.child("stabilizationWindowSeconds");
    if window.int() < 0 {
        window.invalid(errors, "must be greater than or equal to zero");
    }
    if window.int() > MAX_WINDOW {
        window.invalid(errors, format!("must be less than or equal to {MAX_WINDOW}"));
    }
    let select = rules.child("selectPolicy");
    if select.is_present() {
        select.one_of(errors, &["Disabled", "Max", "Min"]);
    }
    let policies = rules.child("policies");
    if policies.is_empty() {
        policies.missing(errors, "must specify at least one Policy");
    }
    for policy in policies.items() {
        policy.child("type").one_of(errors, &["Percent", "Pods"]);
        let (value, period) = (policy.child("value"), policy.child("periodSeconds"));
        for field in [&value, &period] {
            if field.int() <= 0 {
                errors.push(FieldError::invalid(&field.path, field.int(), "must be greater than zero"));
            }
        }
        if period.int() > MAX_PERIOD {
            period.invalid(errors, format!("must be less than or equal to {MAX_PERIOD}"));
        }
    }
    let tolerance = rules.child("tolerance");
    if tolerance.value.as_str().and_then(|text| Quantity::parse(text).ok()).is_some_and(|it| it.signum() < 0)
    {
        tolerance.invalid(errors, "must be greater or equal to zero");
    }
}

pub(super) fn status(object: &Value, errors: &mut FieldErrors) {
    let root = Field::root(object);
    let status = root.child("status");
    for field in ["currentReplicas", "desiredReplicas"] {
        status.child(field).non_negative(errors);
    }
}
