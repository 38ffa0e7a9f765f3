//! `configmaps` of the core group.

use registry::{Resource, Strategy};

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

impl Strategy for ConfigMap {}
