//! `customresourcedefinitions` of apiextensions.k8s.io/v1.

use object::Value;
use registry::{Context, Resource, Strategy, StrategyOptions};

use crate::{
    describe::{Describe, Types},
    rules,
};

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(
        types,
        "apiextensions.k8s.io",
        "v1",
        "customresourcedefinitions",
        "CustomResourceDefinition",
        CustomResourceDefinition,
    )
    .cluster()
    .short_names(&["crd", "crds"])
    .categories(&["api-extensions"])
    .stored_at("apiextensions.k8s.io/customresourcedefinitions")
    .status(CustomResourceDefinitionStatus)
    .finish()
}

#[derive(Debug)]
struct CustomResourceDefinition;

impl Strategy for CustomResourceDefinition {
    fn options(&self) -> StrategyOptions {
        StrategyOptions { unconditional_update: false, generation: true, ..StrategyOptions::USUAL }
    }
}

#[derive(Debug)]
struct CustomResourceDefinitionStatus;

impl Strategy for CustomResourceDefinitionStatus {
    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        rules::only_status(object, old);
    }
}
