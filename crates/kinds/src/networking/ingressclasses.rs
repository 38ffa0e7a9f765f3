//! `ingressclasses` of networking.k8s.io/v1.

use registry::{Resource, Strategy, StrategyOptions};

use crate::describe::{Describe, Types};

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "networking.k8s.io", "v1", "ingressclasses", "IngressClass", IngressClass)
        .cluster()
        .finish()
}

#[derive(Debug)]
struct IngressClass;

impl Strategy for IngressClass {
    fn options(&self) -> StrategyOptions {
        StrategyOptions { generation: true, ..StrategyOptions::USUAL }
    }
}
