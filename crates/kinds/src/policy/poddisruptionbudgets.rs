//! `poddisruptionbudgets` of policy/v1.

use object::Value;
use registry::{Context, Resource, Strategy, StrategyOptions};

use crate::tables::{Column, Columns, int_at};
use crate::{
    describe::{Describe, Types},
    rules,
};

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "policy", "v1", "poddisruptionbudgets", "PodDisruptionBudget", PodDisruptionBudget)
        .short_names(&["pdb"])
        .status(PodDisruptionBudgetStatus)
        .columns(COLUMNS)
        .finish()
}

/// How they are shown in tables.
const COLUMNS: Columns = Columns::new(
    &[
        Column::NAME,
        Column::text("Min Available", "How many pods must stay available."),
        Column::text("Max Unavailable", "How many pods may be unavailable."),
        Column::integer("Allowed Disruptions", "How many pods may be evicted now."),
        Column::AGE,
    ],
    |budget, row| {
        row.name(budget);
        for field in ["minAvailable", "maxUnavailable"] {
            row.text(&match budget.at(["spec", field]) {
                Some(Value::Int(number)) => number.to_string(),
                Some(Value::String(percent)) => percent.to_string(),
                _ => "N/A".to_owned(),
            });
        }
        row.integer(int_at(budget, ["status", "disruptionsAllowed"]));
        row.age(budget);
    },
);

#[derive(Debug)]
struct PodDisruptionBudget;

impl Strategy for PodDisruptionBudget {
    fn options(&self) -> StrategyOptions {
        StrategyOptions {
            unconditional_update: false,
            generation: true,
            checks_metadata_twice: false,
            ..StrategyOptions::USUAL
        }
    }

    fn prepare_create(&self, _context: &mut Context<'_>, object: &mut Value) {
        object.remove("status");
    }

    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        rules::restore(object, old, &["status"]);
    }

    fn reset_fields(&self) -> &'static [&'static str] {
        &["status"]
    }
}

#[derive(Debug)]
struct PodDisruptionBudgetStatus;

impl Strategy for PodDisruptionBudgetStatus {
    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        rules::restore(object, old, &["spec"]);
    }

    fn reset_fields(&self) -> &'static [&'static str] {
        &["spec"]
    }
}
