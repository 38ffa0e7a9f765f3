//! `podtemplates` of the core group.

use registry::{DeleteAnswer, Resource, Strategy, StrategyOptions};

use crate::describe::{Describe, Types};

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
}
