//! Metrics of autoscalers in both versions: v1 keeps those it has no fields for as JSON in annotations.

use object::Value;

use crate::fields::{is_set, present, text};

/// One field of a v1 metric: its name, where v2 has it, and what stands there when it is unset (v1's quantities that
/// are no pointers).
pub(super) struct Field(&'static str, [&'static str; 2], Option<&'static str>);

/// The fields of each kind of metric in the order in which v1 writes them; v2's field of the numbers is `target` or
/// `current`.
pub(super) struct Form {
    numbers: &'static str,
    kinds: &'static [(&'static str, &'static [Field])],
}

/// Metrics of the spec.
pub(super) const SPEC: Form = Form {
    numbers: "target",
    kinds: &[
        (
            "object",
            &[
                Field("target", ["describedObject", ""], None),
                Field("metricName", ["metric", "name"], None),
                Field("targetValue", ["target", "value"], Some("0")),
                Field("selector", ["metric", "selector"], None),
                Field("averageValue", ["target", "averageValue"], None),
            ],
        ),
        (
            "pods",
            &[
                Field("metricName", ["metric", "name"], None),
                Field("targetAverageValue", ["target", "averageValue"], Some("0")),
                Field("selector", ["metric", "selector"], None),
            ],
        ),
        (
            "resource",
            &[
                Field("name", ["name", ""], None),
                Field("targetAverageUtilization", ["target", "averageUtilization"], None),
                Field("targetAverageValue", ["target", "averageValue"], None),
            ],
        ),
        (
            "containerResource",
            &[
                Field("name", ["name", ""], None),
                Field("targetAverageUtilization", ["target", "averageUtilization"], None),
                Field("targetAverageValue", ["target", "averageValue"], None),
                Field("container", ["container", ""], None),
            ],
        ),
        (
            "external",
            &[
                Field("metricName", ["metric", "name"], None),
                Field("metricSelector", ["metric", "selector"], None),
                Field("targetValue", ["target", "value"], None),
                Field("targetAverageValue", ["target", "averageValue"], None),
            ],
        ),
    ],
};

/// Metrics of the status.
pub(super) const STATUS: Form = Form {
    numbers: "current",
    kinds: &[
        (
            "object",
            &[
                Field("target", ["describedObject", ""], None),
                Field("metricName", ["metric", "name"], None),
                Field("currentValue", ["current", "value"], Some("0")),
                Field("selector", ["metric", "selector"], None),
                Field("averageValue", ["current", "averageValue"], None),
            ],
        ),
        (
            "pods",
            &[
                Field("metricName", ["metric", "name"], None),
                Field("currentAverageValue", ["current", "averageValue"], Some("0")),
                Field("selector", ["metric", "selector"], None),
            ],
        ),
        (
            "resource",
            &[
                Field("name", ["name", ""], None),
                Field("currentAverageUtilization", ["current", "averageUtilization"], None),
                Field("currentAverageValue", ["current", "averageValue"], Some("0")),
            ],
        ),
        (
            "containerResource",
            &[
                Field("name", ["name", ""], None),
                Field("currentAverageUtilization", ["current", "averageUtilization"], None),
                Field("currentAverageValue", ["current", "averageValue"], Some("0")),
                Field("container", ["container", ""], None),
            ],
        ),
        (
            "external",
            &[
                Field("metricName", ["metric", "name"], None),
                Field("metricSelector", ["metric", "selector"], None),
                Field("currentValue", ["current", "value"], Some("0")),
                Field("currentAverageValue", ["current", "averageValue"], None),
            ],
        ),
    ],
};

/// The order of keys in objects that v1 metrics hold; Go writes fields as they are declared.
const KEY_ORDER: &[&str] =
    &["kind", "name", "apiVersion", "matchLabels", "matchExpressions", "key", "operator"];

/// `{"key":value,...}` of those that have a value, which is JSON already.
pub(super) fn write_object(fields: &[(&str, Option<String>)]) -> String {
    let parts: Vec<String> = fields
        .iter()
        .filter_map(|(key, value)| Some(format!("{}:{}", quoted(key), value.as_ref()?)))
        .collect();
    format!("{{{}}}", parts.join(","))
}

/// `[...]` of what is JSON already.
pub(super) fn write_list(items: impl Iterator<Item = String>) -> String {
    format!("[{}]", items.collect::<Vec<_>>().join(","))
}

pub(super) fn quoted(text: &str) -> String {
    object::json::to_string(&Value::from(text))
}

fn write_value(value: &Value) -> String {
    match value {
        Value::Object(map) => {
            let place =
                |key: &str| KEY_ORDER.iter().position(|known| *known == key).unwrap_or(KEY_ORDER.len());
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_by_key(|(key, _)| place(key));
            let fields: Vec<_> =
                entries.into_iter().map(|(key, value)| (key, Some(write_value(value)))).collect();
            write_object(&fields)
        }
        Value::Array(items) => write_list(items.iter().map(write_value)),
        scalar => object::json::to_string(scalar),
    }
}

impl Form {
    /// A v2 metric as v1 writes it.
    pub(super) fn to_v1(&self, metric: &Value) -> String {
        let mut fields = vec![("type", Some(quoted(text(metric, "type"))))];
        for (kind, parts) in self.kinds {
            let source = present(metric, kind).map(|source| {
                let parts: Vec<_> = parts
                    .iter()
                    .map(|Field(name, path, unset)| {
                        let path = path.iter().copied().filter(|key| !key.is_empty());
                        let value = source.at(path).filter(|value| is_set(Some(value)));
                        (*name, value.map(write_value).or_else(|| unset.map(quoted)))
                    })
                    .collect();
                write_object(&parts)
            });
            fields.push((kind, source));
        }
        write_object(&fields)
    }

    /// A v1 metric as v2 has it.
    pub(super) fn to_v2(&self, metric: &Value) -> Value {
        let mut out = Value::object();
        out.set("type", text(metric, "type"));
        for (kind, parts) in self.kinds {
            let Some(source) = present(metric, kind) else { continue };
            let mut converted = Value::object();
            converted.object_at(self.numbers);
            for Field(name, [outer, inner], _) in *parts {
                let Some(value) = present(source, name).cloned() else { continue };
                if inner.is_empty() {
                    converted.set(*outer, value);
                } else {
                    converted.object_at(outer).insert(*inner, value);
                }
            }
            if self.numbers == "target" {
                say_type(kind, &mut converted);
            }
            out.set(*kind, converted);
        }
        out
    }
}

/// Writes what v1 leaves to be told by which numbers there are.
fn say_type(kind: &str, source: &mut Value) {
    let has = |field: &str| source.at(["target", field]).is_some();
    let kind_of_target = match kind {
        "resource" | "containerResource" if has("averageUtilization") => "Utilization",
        "object" if has("averageValue") => "AverageValue",
        "object" => "Value",
        "external" if has("value") => "Value",
        _ => "AverageValue",
    };
    let target = source.object_at("target");
    if kind == "object" && kind_of_target == "AverageValue" {
        target.remove("value");
    }
    target.insert("type", kind_of_target);
}
