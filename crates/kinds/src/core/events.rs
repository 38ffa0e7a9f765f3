//! `events` of the core group.

use registry::{FieldLabels, Resource, Strategy, StrategyOptions};

use crate::describe::{Describe, Types};

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "", "v1", "events", "Event", Event)
        .short_names(&["ev"])
        .selectable_fields(&[
            ("involvedObject.kind", ""),
            ("involvedObject.namespace", ""),
            ("involvedObject.name", ""),
            ("involvedObject.uid", ""),
            ("involvedObject.apiVersion", ""),
            ("involvedObject.resourceVersion", ""),
            ("involvedObject.fieldPath", ""),
            ("reason", ""),
            ("reportingComponent", ""),
            ("type", ""),
        ])
        .selectable_field("source", &["source.component", "reportingComponent"])
        .field_labels(FieldLabels::Label)
        .finish()
}

#[derive(Debug)]
struct Event;

impl Strategy for Event {
    fn options(&self) -> StrategyOptions {
        StrategyOptions { create_on_update: true, ..StrategyOptions::USUAL }
    }
}
