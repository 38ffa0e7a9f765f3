//! How workloads that keep a number of pods are shown in tables.

use object::Value;

use crate::tables::{Column, Row, containers, int_at};

/// Columns of kinds that keep as many pods as they are told to.
pub(crate) const REPLICATED: &[Column] = &[
    Column::NAME,
    Column::integer("Desired", "How many pods are wanted."),
    Column::integer("Current", "How many there are."),
    Column::integer("Ready", "How many of them are ready."),
    Column::AGE,
    Column::CONTAINERS,
    Column::IMAGES,
    Column::SELECTOR,
];

/// The cells of all those columns but the last.
pub(crate) fn replicated(set: &Value, row: &mut Row<'_>) {
    row.name(set);
    row.integer(int_at(set, ["spec", "replicas"]));
    row.integer(int_at(set, ["status", "replicas"]));
    row.integer(int_at(set, ["status", "readyReplicas"]));
    row.age(set);
    containers(set.at(["spec", "template"]), row);
}
