//! `componentstatuses` of the core group.

use registry::{Resource, Strategy, Verb, Verbs};

use crate::describe::{Describe, Types};
use crate::fields::text;
use crate::tables::{Column, Columns};

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "", "v1", "componentstatuses", "ComponentStatus", ComponentStatus)
        .cluster()
        .short_names(&["cs"])
        .verbs(Verbs::of(&[Verb::Get, Verb::List]))
        .virtual_resource()
        .deprecated("v1 ComponentStatus is deprecated in v1.19+")
        .columns(COLUMNS)
        .finish()
}

/// How they are shown in tables.
const COLUMNS: Columns = Columns::new(
    &[
        Column::NAME,
        Column::text("Status", "Whether it is well."),
        Column::text("Message", "What it says of itself."),
        Column::text("Error", "What went wrong when it was asked."),
    ],
    |component, row| {
        let conditions = component.items_at(["conditions"]);
        let healthy = conditions.iter().find(|condition| text(condition, "type") == "Healthy");
        row.name(component);
        row.text(match healthy.map(|condition| text(condition, "status")) {
            Some("True") => "Healthy",
            Some(_) => "Unhealthy",
            None => "Unknown",
        });
        for field in ["message", "error"] {
            row.text(healthy.map_or("", |condition| text(condition, field)));
        }
    },
);

#[derive(Debug)]
struct ComponentStatus;

impl Strategy for ComponentStatus {}
