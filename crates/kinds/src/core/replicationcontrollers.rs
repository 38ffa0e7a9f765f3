//! `replicationcontrollers` of the core group.

use object::Value;
use registry::{Context, FieldLabels, Resource, Strategy, StrategyOptions};

use crate::tables::{Column, Columns, containers, int_at, labels};
use crate::{
    describe::{Describe, Types},
    fields::{default_to, present_mut},
    pod, rules,
};

const TEMPLATE: [&str; 2] = ["spec", "template"];

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "", "v1", "replicationcontrollers", "ReplicationController", ReplicationController)
        .short_names(&["rc"])
        .categories(&["all"])
        .stored_at("controllers")
        .selectable_fields(&[("status.replicas", "0")])
        .field_labels(FieldLabels::Label)
        .scale("spec.replicas", "status.replicas", "spec.selector")
        .status(ReplicationControllerStatus)
        .columns(COLUMNS)
        .finish()
}

/// How they are shown in tables.
const COLUMNS: Columns = Columns::new(
    &[
        Column::NAME,
        Column::integer("Desired", "How many pods are wanted."),
        Column::integer("Current", "How many there are."),
        Column::integer("Ready", "How many of them are ready."),
        Column::AGE,
        Column::CONTAINERS,
        Column::IMAGES,
        Column::SELECTOR,
    ],
    |controller, row| {
        row.name(controller);
        row.integer(int_at(controller, ["spec", "replicas"]));
        row.integer(int_at(controller, ["status", "replicas"]));
        row.integer(int_at(controller, ["status", "readyReplicas"]));
        row.age(controller);
        containers(controller.at(["spec", "template"]), row);
        row.text(&labels(controller.at(["spec", "selector"])));
    },
);

#[derive(Debug)]
struct ReplicationController;

impl Strategy for ReplicationController {
    fn options(&self) -> StrategyOptions {
        StrategyOptions { generation: true, ..StrategyOptions::USUAL }
    }

    fn default(&self, object: &mut Value) {
        let spec = object.make_object().get_or_insert_with("spec", Value::object);
        default_to(spec, "replicas", 1);
        if let Some(template) = present_mut(spec, "template") {
            pod::default_template(template);
        }
        select_and_label_like_template(object);
    }

    fn prepare_create(&self, _context: &mut Context<'_>, object: &mut Value) {
        object.remove("status");
        pod::drop_disabled_in_template(object, None, &TEMPLATE);
    }

    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        rules::restore(object, old, &["status"]);
        pod::drop_disabled_in_template(object, Some(old), &TEMPLATE);
    }

    fn reset_fields(&self) -> &'static [&'static str] {
        &["status"]
    }
}

#[derive(Debug)]
struct ReplicationControllerStatus;

impl Strategy for ReplicationControllerStatus {
    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        rules::restore(object, old, &["spec"]);
    }

    fn reset_fields(&self) -> &'static [&'static str] {
        &["spec"]
    }
}

/// What has no selector or no labels takes over the template's labels.
fn select_and_label_like_template(object: &mut Value) {
    let labels = object.at(["spec", "template", "metadata", "labels"]).and_then(Value::as_object);
    let Some(labels) = labels.filter(|labels| !labels.is_empty()).cloned() else { return };
    for (outer, inner) in [("spec", "selector"), ("metadata", "labels")] {
        let map = object.object_at(outer).get_or_insert_with(inner, Value::object).make_object();
        if map.is_empty() {
            *map = labels.clone();
        }
    }
}
