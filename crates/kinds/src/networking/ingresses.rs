//! `ingresses` of networking.k8s.io/v1.

use object::Value;
use registry::{Context, Resource, Strategy, StrategyOptions};

use crate::{
    describe::{Describe, Types},
    rules,
};

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "networking.k8s.io", "v1", "ingresses", "Ingress", Ingress)
        .short_names(&["ing"])
        .stored_at("ingress")
        .status(IngressStatus)
        .finish()
}

#[derive(Debug)]
struct Ingress;

impl Strategy for Ingress {
    fn options(&self) -> StrategyOptions {
        StrategyOptions { generation: true, ..StrategyOptions::USUAL }
    }
}

#[derive(Debug)]
struct IngressStatus;

impl Strategy for IngressStatus {
    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        rules::only_status(object, old);
    }
}
