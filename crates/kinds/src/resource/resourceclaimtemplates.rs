//! `resourceclaimtemplates` of resource.k8s.io/v1.

use registry::{DeleteAnswer, Resource, Strategy, StrategyOptions};

use crate::describe::{Describe, Types};

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(
        types,
        "resource.k8s.io",
        "v1",
        "resourceclaimtemplates",
        "ResourceClaimTemplate",
        ResourceClaimTemplate,
    )
    .finish()
}

#[derive(Debug)]
struct ResourceClaimTemplate;

impl Strategy for ResourceClaimTemplate {
    fn options(&self) -> StrategyOptions {
        StrategyOptions { delete_answer: DeleteAnswer::Object, ..StrategyOptions::USUAL }
    }
}
