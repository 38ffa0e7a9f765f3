//! `events` of the core group.

use object::Value;
use registry::{Context, FieldLabels, Resource, Strategy, StrategyOptions};
use status::FieldErrors;

use crate::describe::{Describe, Types};
use crate::events_api::validation;

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
        .columns(super::events_columns::EVENT_COLUMNS)
        .finish()
}

#[derive(Debug)]
struct Event;

impl Strategy for Event {
    fn options(&self) -> StrategyOptions {
        StrategyOptions {
            create_on_update: true,
            without_dependents: true,
            checks_metadata_twice: false,
            ..StrategyOptions::USUAL
        }
    }

    fn validate_create(&self, context: &mut Context<'_>, object: &Value, errors: &mut FieldErrors) {
        validation::validate_create(context, object, errors);
    }

    fn validate_update(
        &self,
        context: &mut Context<'_>,
        object: &Value,
        old: &Value,
        errors: &mut FieldErrors,
    ) {
        validation::validate_update(context, object, old, errors);
    }
}
