//! `csinodes` of storage.k8s.io/v1.

use object::Value;
use registry::{Context, DeleteAnswer, Resource, Strategy, StrategyOptions};
use status::{FieldError, FieldErrors};

use super::csidrivers::validate_driver_name;
use crate::checks::Field;
use crate::describe::{Describe, Types};
use crate::internal;
use crate::tables::{Column, Columns, count_at};

/// How long a node's name may be in its storage system.
const MAX_NODE_ID: usize = 256;

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "storage.k8s.io", "v1", "csinodes", "CSINode", CSINode)
        .cluster()
        .columns(COLUMNS)
        .finish()
}

/// How they are shown in tables.
const COLUMNS: Columns = Columns::new(
    &[Column::NAME, Column::integer("Drivers", "How many drivers the node has."), Column::AGE],
    |node, row| {
        row.name(node);
        row.count(count_at(node, ["spec", "drivers"]));
        row.age(node);
    },
);

#[derive(Debug)]
struct CSINode;

impl Strategy for CSINode {
    fn options(&self) -> StrategyOptions {
        StrategyOptions {
            unconditional_update: false,
            delete_answer: DeleteAnswer::Object,
            ..StrategyOptions::USUAL
        }
    }

    fn validate_create(&self, _context: &mut Context<'_>, object: &Value, errors: &mut FieldErrors) {
        validate(&Field::root(object), errors);
    }

    fn validate_update(
        &self,
        context: &mut Context<'_>,
        object: &Value,
        old: &Value,
        errors: &mut FieldErrors,
    ) {
        let node = Field::root(object);
        validate(&node, errors);
        let spec = node.child("spec");
        let drivers = spec.child("drivers");
        let ty = context.request.resource.ty.get().at(["spec", "drivers"]).and_then(|list| list.items());
        // What a driver says of a node stays; drivers come and go.
        for old in old.items_at(["spec", "drivers"]) {
            let same_name = |new: &&Value| new.str_at(["name"]) == old.str_at(["name"]);
            if let Some(new) = drivers.list().iter().find(same_name)
                && !same_driver(new, old)
            {
                let mut shown = new.clone();
                shown.remove("allocatable");
                let value = internal::bad_value(ty, &shown);
                errors.push(FieldError::invalid(&drivers.path, value, "field is immutable"));
            }
        }
    }
}

/// Whether a driver's entry is unchanged but for what it may allocate.
fn same_driver(new: &Value, old: &Value) -> bool {
    ["nodeID", "topologyKeys"].iter().all(|field| new.get(field) == old.get(field))
}

fn validate(node: &Field<'_, '_>, errors: &mut FieldErrors) {
    let spec = node.child("spec");
    let drivers = spec.child("drivers");
    let mut names = Vec::new();
    for driver in drivers.items() {
        let name = driver.child("name");
        validate_driver_name(&name, errors);
        validate_node_id(&driver.child("nodeID"), errors);
        let allocatable = driver.child("allocatable");
        allocatable.child("count").non_negative(errors);
        let mut seen = Vec::new();
        for key in driver.child("topologyKeys").list() {
            // The original reports keys at the driver's own path.
            let key = Field { value: key, path: driver.path };
            key.required(errors);
            if seen.contains(&key.text()) {
                key.duplicate(errors);
            }
            seen.push(key.text());
            key.name(errors, meta::names::qualified_name);
        }
        if names.contains(&name.text()) {
            name.duplicate(errors);
        }
        names.push(name.text());
    }
}

fn validate_node_id(id: &Field<'_, '_>, errors: &mut FieldErrors) {
    if id.text().is_empty() {
        id.missing(errors, "");
    }
    if id.text().len() > MAX_NODE_ID {
        id.invalid(errors, format!("must be {MAX_NODE_ID} characters or less"));
    }
}
