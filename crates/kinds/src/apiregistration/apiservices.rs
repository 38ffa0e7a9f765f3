//! `apiservices` of apiregistration.k8s.io/v1.

use object::Value;
use registry::{Context, Resource, Strategy, StrategyOptions};

use crate::{
    describe::{Describe, Types},
    rules,
};

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "apiregistration.k8s.io", "v1", "apiservices", "APIService", APIService)
        .cluster()
        .categories(&["api-extensions"])
        .stored_at("apiregistration.k8s.io/apiservices")
        .status(APIServiceStatus)
        .finish()
}

#[derive(Debug)]
struct APIService;

impl Strategy for APIService {
    fn options(&self) -> StrategyOptions {
        StrategyOptions { unconditional_update: false, ..StrategyOptions::USUAL }
    }
}

#[derive(Debug)]
struct APIServiceStatus;

impl Strategy for APIServiceStatus {
    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        rules::only_status(object, old);
    }
}
