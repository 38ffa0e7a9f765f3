//! Autoscalers from v1 to v2, in which they are stored, and back.

use object::{Map, Value};

use super::metrics::{self, write_list};
use super::{behavior, horizontalpodautoscalers};
use crate::fields::{items, present, text};

const METRICS: &str = "autoscaling.alpha.kubernetes.io/metrics";
const CURRENT_METRICS: &str = "autoscaling.alpha.kubernetes.io/current-metrics";
const CONDITIONS: &str = "autoscaling.alpha.kubernetes.io/conditions";
const BEHAVIOR: &str = "autoscaling.alpha.kubernetes.io/behavior";

/// The CPU use, in percent of what pods request, that an autoscaler without metrics aims at.
const DEFAULT_CPU_PERCENT: i64 = 80;

/// Removes the annotations that stand for fields in v1.
pub(super) fn drop_annotations(object: &mut Value) {
    let Some(annotations) = object.at_mut(["metadata", "annotations"]).and_then(Value::as_object_mut) else {
        return;
    };
    annotations.retain(|key, _| ![METRICS, CURRENT_METRICS, CONDITIONS, BEHAVIOR].contains(&key));
    if annotations.is_empty() {
        object.object_at("metadata").remove("annotations");
    }
}

/// A metric of the CPU that aims at `percent` of the requests.
pub(super) fn cpu_metric(percent: i64) -> Value {
    let mut metric = Value::object();
    metric.set("type", "Resource");
    let resource = metric.object_at("resource");
    resource.insert("name", "cpu");
    let target = resource.get_or_insert_with("target", Value::object);
    target.set("type", "Utilization");
    target.set("averageUtilization", percent);
    metric
}

/// The metric an autoscaler without any has.
pub(super) fn default_metric() -> Value {
    cpu_metric(DEFAULT_CPU_PERCENT)
}

/// The metric that v1 has a field for.
fn cpu_utilization<'v>(metric: &'v Value, numbers: &str) -> Option<&'v Value> {
    let resource = present(metric, "resource").filter(|_| text(metric, "type") == "Resource")?;
    let value = resource.at([numbers, "averageUtilization"]).filter(|value| !value.is_null())?;
    (text(resource, "name") == "cpu").then_some(value)
}

/// From v1 to v2.
pub(super) fn to_stored(mut object: Value) -> Value {
    object.set("apiVersion", "autoscaling/v2");
    let annotation = |key: &str| {
        let text = object.str_at(["metadata", "annotations", key]);
        object::json::parse(text.as_bytes()).ok()
    };
    let list = |key: &str| annotation(key).and_then(|value| value.as_array().cloned()).unwrap_or_default();
    let mut specs: Vec<Value> = list(METRICS).iter().map(|metric| metrics::SPEC.to_v2(metric)).collect();
    let statuses: Vec<Value> =
        list(CURRENT_METRICS).iter().map(|metric| metrics::STATUS.to_v2(metric)).collect();
    let conditions = list(CONDITIONS);
    let behavior = annotation(BEHAVIOR).as_ref().and_then(behavior::from_annotation);
    drop_annotations(&mut object);
    let spec = object.object_at("spec");
    if let Some(percent) = spec.remove("targetCPUUtilizationPercentage").as_ref().and_then(Value::as_i64) {
        specs.push(cpu_metric(percent));
    }
    if specs.is_empty() {
        specs.push(default_metric());
    }
    spec.insert("metrics", specs);
    if let Some(behavior) = behavior {
        spec.insert("behavior", behavior);
    }
    status_to_stored(object.object_at("status"), statuses, conditions);
    horizontalpodautoscalers::fill(&mut object);
    object
}

fn status_to_stored(status: &mut Map, mut current: Vec<Value>, conditions: Vec<Value>) {
    let percent = status.remove("currentCPUUtilizationPercentage");
    if let Some(percent) = percent.filter(|percent| !percent.is_null())
        && current.is_empty()
    {
        let mut metric = Value::object();
        metric.set("type", "Resource");
        let resource = metric.object_at("resource");
        resource.insert("name", "cpu");
        resource.get_or_insert_with("current", Value::object).set("averageUtilization", percent);
        current.push(metric);
    }
    if !current.is_empty() {
        status.insert("currentMetrics", current);
    }
    if !conditions.is_empty() {
        status.insert("conditions", conditions);
    }
}

/// From v2 to v1.
pub(super) fn from_stored(mut object: Value) -> Value {
    object.set("apiVersion", "autoscaling/v1");
    drop_annotations(&mut object);
    let mut annotations: Vec<(&str, String)> = Vec::new();
    let spec = object.make_object().get_or_insert_with("spec", Value::object);
    let specs = items(spec, "metrics");
    let percent = specs.iter().find_map(|metric| cpu_utilization(metric, "target")).cloned();
    let others: Vec<String> = specs
        .iter()
        .filter(|metric| cpu_utilization(metric, "target").is_none())
        .map(|metric| metrics::SPEC.to_v1(metric))
        .collect();
    if !others.is_empty() {
        annotations.push((METRICS, write_list(others.into_iter())));
    }
    if let Some(behavior) = present(spec, "behavior") {
        annotations.push((BEHAVIOR, behavior::to_annotation(behavior)));
    }
    spec.remove("metrics");
    spec.remove("behavior");
    if let Some(percent) = percent {
        spec.set("targetCPUUtilizationPercentage", percent);
    }
    status_from_stored(object.object_at("status"), &mut annotations);
    for (key, text) in annotations {
        let metadata = object.object_at("metadata");
        metadata.get_or_insert_with("annotations", Value::object).set(key, text);
    }
    object
}

fn status_from_stored(status: &mut Map, annotations: &mut Vec<(&str, String)>) {
    let taken = |status: &mut Map, field: &str| match status.remove(field) {
        Some(Value::Array(items)) => items,
        _ => Vec::new(),
    };
    let current = taken(status, "currentMetrics");
    let conditions = taken(status, "conditions");
    if let Some(percent) = current.iter().find_map(|metric| cpu_utilization(metric, "current")) {
        status.insert("currentCPUUtilizationPercentage", percent.clone());
    }
    if !current.is_empty() {
        let list = write_list(current.iter().map(|metric| metrics::STATUS.to_v1(metric)));
        annotations.push((CURRENT_METRICS, list));
    }
    if !conditions.is_empty() {
        annotations.push((CONDITIONS, write_list(conditions.iter().map(condition))));
    }
}

fn condition(condition: &Value) -> String {
    let field = |key: &str| {
        condition.get(key).filter(|value| value.as_str() != Some("")).map(object::json::to_string)
    };
    metrics::write_object(&[
        ("type", field("type")),
        ("status", field("status")),
        ("lastTransitionTime", Some(field("lastTransitionTime").unwrap_or_else(|| "null".to_owned()))),
        ("reason", field("reason")),
        ("message", field("message")),
    ])
}
