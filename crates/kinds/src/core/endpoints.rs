//! `endpoints` of the core group.

use registry::{Resource, Strategy, StrategyOptions};

use crate::describe::{Describe, Types};

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "", "v1", "endpoints", "Endpoints", Endpoints)
        .short_names(&["ep"])
        .stored_at("services/endpoints")
        .deprecated("v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice")
        .finish()
}

#[derive(Debug)]
struct Endpoints;

impl Strategy for Endpoints {
    fn options(&self) -> StrategyOptions {
        StrategyOptions { create_on_update: true, ..StrategyOptions::USUAL }
    }
}
