//! `controllerrevisions` of apps/v1.

use object::Value;
use registry::{Context, Resource, Strategy, StrategyOptions, Verb};
use status::FieldErrors;

use crate::checks::Field;
use crate::describe::{Describe, Types};
use crate::fields::{flag, text};
use crate::tables::{Column, Columns, NONE, int_at};

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "apps", "v1", "controllerrevisions", "ControllerRevision", ControllerRevision)
        .columns(COLUMNS)
        .finish()
}

/// How they are shown in tables.
const COLUMNS: Columns = Columns::new(
    &[
        Column::NAME,
        Column::text("Controller", "What it is a revision of."),
        Column::text("Revision", "Its number."),
        Column::AGE,
    ],
    |revision, row| {
        let owners = revision.items_at(["metadata", "ownerReferences"]);
        let controller = owners.iter().find(|owner| flag(owner, "controller")).map(|owner| {
            let group = text(owner, "apiVersion").split_once('/').map_or("", |(group, _)| group);
            let dot = if group.is_empty() { "" } else { "." };
            format!("{}{dot}{group}/{}", text(owner, "kind").to_lowercase(), text(owner, "name"))
        });
        row.name(revision);
        row.text(controller.as_deref().unwrap_or(NONE));
        row.integer(int_at(revision, ["revision"]));
        row.age(revision);
    },
);

#[derive(Debug)]
struct ControllerRevision;

impl Strategy for ControllerRevision {
    fn options(&self) -> StrategyOptions {
        StrategyOptions { checks_metadata_again: true, ..StrategyOptions::USUAL }
    }

    fn validate_create(&self, _context: &mut Context<'_>, object: &Value, errors: &mut FieldErrors) {
        validate(object, errors);
    }

    fn validate_update(
        &self,
        context: &mut Context<'_>,
        object: &Value,
        old: &Value,
        errors: &mut FieldErrors,
    ) {
        validate(object, errors);
        let (root, old_root) = (Field::root(object), Field::root(old));
        let data = root.child("data");
        // The original compares the data's encoding, which every patch makes anew: none that changes an object passes.
        if context.request.verb == Verb::Patch && !is_same(object, old) {
            data.invalid(errors, "field is immutable");
        } else {
            data.immutable(errors, &old_root.child("data"));
        }
    }
}

/// Whether two states of an object differ in who manages it at most.
fn is_same(object: &Value, old: &Value) -> bool {
    let bare = |object: &Value| {
        let mut bare = object.clone();
        bare.object_at("metadata").remove("managedFields");
        bare
    };
    bare(object) == bare(old)
}

fn validate(object: &Value, errors: &mut FieldErrors) {
    let root = Field::root(object);
    let data = root.child("data");
    match data.value {
        Value::Null => data.missing(errors, "data is mandatory"),
        Value::Object(_) => {}
        _ => data.missing(errors, "data must be a valid JSON object"),
    }
    root.child("revision").non_negative(errors);
}
