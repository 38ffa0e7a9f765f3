//! The columns of autoscalers, of their stored version.

use object::Value;

use crate::fields::{optional_int, present, text};
use crate::tables::{Column, Columns, NONE, UNKNOWN, UNSET, int_at, shortened};

/// The columns.
pub(super) const COLUMNS: Columns = Columns::new(
    &[
        Column::NAME,
        Column::text("Reference", "What is scaled."),
        Column::text("Targets", "The first metrics, as they are and as they should be."),
        Column::text("MinPods", "How many pods there must be."),
        Column::text("MaxPods", "How many pods there may be."),
        Column::text("Replicas", "How many there are."),
        Column::AGE,
    ],
    |scaler, row| {
        let reference = ["kind", "name"].map(|field| scaler.str_at(["spec", "scaleTargetRef", field]));
        let least = scaler.at(["spec", "minReplicas"]).and_then(Value::as_i64);
        row.name(scaler);
        row.text(&reference.join("/"));
        row.text(&targets(scaler));
        row.text(&least.map_or_else(|| UNSET.to_owned(), |least| least.to_string()));
        row.integer(int_at(scaler, ["spec", "maxReplicas"]));
        row.integer(int_at(scaler, ["status", "currentReplicas"]));
        row.age(scaler);
    },
);

fn targets(scaler: &Value) -> String {
    let metrics = scaler.items_at(["spec", "metrics"]);
    let states = scaler.items_at(["status", "currentMetrics"]);
    let shown: Vec<String> =
        metrics.iter().enumerate().map(|(index, metric)| target(metric, states.get(index))).collect();
    shortened(&shown, 2, ", ", NONE)
}

/// A metric: the value it has, if its state is known, and the one it should have.
fn target(metric: &Value, state: Option<&Value>) -> String {
    let Some((source, named)) = source(text(metric, "type")) else { return "<unknown type>".to_owned() };
    let null = Value::Null;
    let spec = metric.get(source).unwrap_or(&null);
    let wanted = present(spec, "target").unwrap_or(&null);
    let current = state.and_then(|state| present(state, source)).and_then(|state| present(state, "current"));
    let average = present(wanted, "averageValue").is_some();
    let (field, suffix) = match source {
        "pods" => ("averageValue", ""),
        "external" | "object" if average => ("averageValue", " (avg)"),
        "external" | "object" => ("value", ""),
        _ if average => ("averageValue", ""),
        _ => ("averageUtilization", ""),
    };
    let now = current.and_then(|current| amount(current, field)).unwrap_or_else(|| UNKNOWN.to_owned());
    let wanted = amount(wanted, field).unwrap_or_else(|| "<auto>".to_owned());
    let name = if named { format!("{}: ", text(spec, "name")) } else { String::new() };
    format!("{name}{now}/{wanted}{suffix}")
}

/// Where a type of metric stands, and whether it is shown with the resource's name.
fn source(kind: &str) -> Option<(&'static str, bool)> {
    const SOURCES: [(&str, &str, bool); 5] = [
        ("ContainerResource", "containerResource", true),
        ("External", "external", false),
        ("Object", "object", false),
        ("Pods", "pods", false),
        ("Resource", "resource", true),
    ];
    SOURCES.iter().find(|(known, ..)| *known == kind).map(|(_, source, named)| (*source, *named))
}

/// A quantity, or a percentage.
fn amount(of: &Value, field: &str) -> Option<String> {
    match field {
        "averageUtilization" => optional_int(of, field).map(|percent| format!("{percent}%")),
        _ => present(of, field).and_then(Value::as_str).map(str::to_owned),
    }
}
