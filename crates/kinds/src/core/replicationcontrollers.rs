//! `replicationcontrollers` of the core group.

use object::Value;
use registry::{Context, Dependents, FieldLabels, Resource, Strategy, StrategyOptions};
use schema::TypeRef;
use status::FieldErrors;

use crate::tables::{Column, Columns, containers, int_at, labels};
use crate::{
    checks::Field,
    describe::{Describe, Types},
    fields::{default_to, present_mut},
    pod, rules, workloads,
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
        StrategyOptions {
            generation: true,
            dependents: Dependents::Orphaned,
            checks_metadata_again: true,
            ..StrategyOptions::USUAL
        }
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

    fn warn(&self, context: &mut Context<'_>, object: &Value, old: Option<&Value>) {
        workloads::warn_of_name(object, old, context.warnings);
        workloads::warn_of_template(object, old, context.warnings);
    }

    fn reset_fields(&self) -> &'static [&'static str] {
        &["status"]
    }

    fn validate_create(&self, context: &mut Context<'_>, object: &Value, errors: &mut FieldErrors) {
        validate(object, context.request.resource.ty.get(), errors);
    }

    fn validate_update(
        &self,
        context: &mut Context<'_>,
        object: &Value,
        _old: &Value,
        errors: &mut FieldErrors,
    ) {
        validate(object, context.request.resource.ty.get(), errors);
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

    fn validate_update(
        &self,
        _context: &mut Context<'_>,
        object: &Value,
        _old: &Value,
        errors: &mut FieldErrors,
    ) {
        let root = Field::root(object);
        let status = root.child("status");
        let all =
            ["replicas", "fullyLabeledReplicas", "readyReplicas", "availableReplicas", "observedGeneration"];
        let parts = ["fullyLabeledReplicas", "readyReplicas", "availableReplicas"];
        workloads::counters(&status, &all, &parts, "replicas", errors);
        let available = status.child("availableReplicas");
        if available.int() > status.child("readyReplicas").int() {
            available.invalid(errors, "cannot be greater than readyReplicas");
        }
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

fn validate(controller: &Value, types: TypeRef<'_>, errors: &mut FieldErrors) {
    let root = Field::root(controller);
    let spec = root.child("spec");
    let (selector, template) = (spec.child("selector"), spec.child("template"));
    spec.child("minReadySeconds").non_negative(errors);
    selector.required(errors);
    spec.child("replicas").non_negative(errors);
    if !template.is_present() {
        template.missing(errors, "");
        return;
    }
    let labels = template.value.at(["metadata", "labels"]).unwrap_or(&Value::Null);
    if !selector.entries().all(|(key, value)| labels.get(key) == Some(value)) {
        workloads::does_not_match(&template, errors);
    }
    pod::pod_template(&template, types, errors);
    if spec.child("replicas").int() > 1 {
        workloads::read_only_disks(&template, errors);
    }
    workloads::runs_for_ever(&template, "ReplicationController", errors);
}
