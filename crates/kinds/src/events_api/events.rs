//! `events` of events.k8s.io/v1: the core group's events under other field names, and kept as those.

use object::{Map, Value};
use registry::{FieldLabels, Resource, Strategy, StrategyOptions};

use crate::core::EVENT_COLUMNS;
use crate::describe::{Describe, Types};

/// The fields that have another name in the core group: (here, there).
const RENAMED: &[(&str, &str)] = &[
    ("deprecatedCount", "count"),
    ("deprecatedFirstTimestamp", "firstTimestamp"),
    ("deprecatedLastTimestamp", "lastTimestamp"),
    ("deprecatedSource", "source"),
    ("note", "message"),
    ("regarding", "involvedObject"),
    ("reportingController", "reportingComponent"),
];

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    let mut description = Describe::new(types, "events.k8s.io", "v1", "events", "Event", Event)
        .short_names(&["ev"])
        .stored_as("v1", to_core, from_core)
        .selectable_fields(&[("reason", ""), ("type", "")])
        .selectable_field("reportingController", &["reportingComponent"])
        .field_labels(FieldLabels::Label);
    for part in ["kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath"] {
        description =
            description.selectable_field(&format!("regarding.{part}"), &[&format!("involvedObject.{part}")]);
    }
    description.columns(EVENT_COLUMNS).finish()
}

fn to_core(object: Value) -> Value {
    renamed(object, "v1", RENAMED.iter().copied())
}

fn from_core(object: Value) -> Value {
    renamed(object, "events.k8s.io/v1", RENAMED.iter().map(|(here, there)| (*there, *here)))
}

/// `object` with its top-level fields renamed and its `apiVersion` set.
fn renamed<'n>(
    object: Value,
    api_version: &str,
    names: impl Iterator<Item = (&'n str, &'n str)> + Clone,
) -> Value {
    let Value::Object(map) = object else { return object };
    let mut entries = map.into_entries();
    for (key, value) in &mut entries {
        if let Some((_, to)) = names.clone().find(|(from, _)| key == from) {
            *key = to.into();
        } else if key == "apiVersion" {
            *value = api_version.into();
        }
    }
    Value::Object(Map::from_entries(entries))
}

#[derive(Debug)]
struct Event;

impl Strategy for Event {
    fn options(&self) -> StrategyOptions {
        StrategyOptions { create_on_update: true, checks_metadata_twice: false, ..StrategyOptions::USUAL }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        let mut event = Value::object();
        event.set("apiVersion", "events.k8s.io/v1");
        event.set("note", "n");
        event.set("reason", "r");
        let core = to_core(event.clone());
        assert_eq!(core.str_at(["message"]), "n");
        assert_eq!(core.str_at(["apiVersion"]), "v1");
        assert_eq!(from_core(core), event);
    }
}
