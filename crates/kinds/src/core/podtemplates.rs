//! `podtemplates` of the core group.

use object::Value;
use registry::{Context, DeleteAnswer, Resource, Strategy, StrategyOptions};
use status::FieldErrors;

use crate::tables::{Column, Columns, containers, labels};
use crate::{
    checks::Field,
    describe::{Describe, Types},
    pod, workloads,
};

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "", "v1", "podtemplates", "PodTemplate", PodTemplate).columns(COLUMNS).finish()
}

/// How they are shown in tables.
const COLUMNS: Columns = Columns::new(
    &[
        Column::NAME,
        Column::text("Containers", "The names of the containers."),
        Column::text("Images", "Their images."),
        Column::text("Pod Labels", "The labels that pods made of it have."),
    ],
    |template, row| {
        row.name(template);
        containers(template.get("template"), row);
        row.text(&labels(template.at(["template", "metadata", "labels"])));
    },
);

#[derive(Debug)]
struct PodTemplate;

impl Strategy for PodTemplate {
    fn options(&self) -> StrategyOptions {
        StrategyOptions { generation: true, delete_answer: DeleteAnswer::Object, ..StrategyOptions::USUAL }
    }

    fn default(&self, object: &mut Value) {
        pod::default_template(object.make_object().get_or_insert_with("template", Value::object));
    }

    fn prepare_create(&self, _context: &mut Context<'_>, object: &mut Value) {
        pod::drop_disabled_in_template(object, None, &["template"]);
    }

    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        pod::drop_disabled_in_template(object, Some(old), &["template"]);
    }

    fn validate_create(&self, context: &mut Context<'_>, object: &Value, errors: &mut FieldErrors) {
        let root = Field::root(object);
        pod::pod_template(&root.child("template"), context.request.resource.ty.get(), errors);
    }

    fn warn(&self, context: &mut Context<'_>, object: &Value, old: Option<&Value>) {
        if workloads::is_new_or_generation_differs(object, old) {
            pod::warn_of_template(&Field::root(object).child("template"), context.warnings);
        }
    }

    fn validate_update(
        &self,
        context: &mut Context<'_>,
        object: &Value,
        _old: &Value,
        errors: &mut FieldErrors,
    ) {
        let root = Field::root(object);
        pod::pod_template(&root.child("template"), context.request.resource.ty.get(), errors);
    }
}
