//! `configmaps` of the core group.

use object::Value;
use registry::{Context, Resource, Strategy, StrategyOptions};
use status::FieldErrors;

use super::stored_data;
use crate::describe::{Describe, Types};
use crate::tables::{Column, Columns, count_at};

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "", "v1", "configmaps", "ConfigMap", ConfigMap)
        .short_names(&["cm"])
        .columns(COLUMNS)
        .finish()
}

/// How they are shown in tables.
const COLUMNS: Columns = Columns::new(
    &[Column::NAME, Column::text("Data", "How many keys it holds."), Column::AGE],
    |map, row| {
        row.name(map);
        row.count(count_at(map, ["data"]) + count_at(map, ["binaryData"]));
        row.age(map);
    },
);

#[derive(Debug)]
struct ConfigMap;

impl Strategy for ConfigMap {
    fn options(&self) -> StrategyOptions {
        StrategyOptions { checks_metadata_again: true, ..StrategyOptions::USUAL }
    }

    fn validate_create(&self, _context: &mut Context<'_>, object: &Value, errors: &mut FieldErrors) {
        stored_data::config_map(object, errors);
    }

    fn validate_update(
        &self,
        _context: &mut Context<'_>,
        object: &Value,
        old: &Value,
        errors: &mut FieldErrors,
    ) {
        stored_data::stays(object, old, &["data", "binaryData"], errors);
        stored_data::config_map(object, errors);
    }
}
