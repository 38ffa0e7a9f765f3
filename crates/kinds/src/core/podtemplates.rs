//! `podtemplates` of the core group.

use object::Value;
use registry::{Context, DeleteAnswer, Resource, Strategy, StrategyOptions};

use crate::{
    describe::{Describe, Types},
    pod,
};

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "", "v1", "podtemplates", "PodTemplate", PodTemplate).finish()
}

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
}
