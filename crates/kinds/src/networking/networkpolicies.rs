//! `networkpolicies` of networking.k8s.io/v1.

use registry::{Resource, Strategy, StrategyOptions};

use crate::describe::{Describe, Types};

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "networking.k8s.io", "v1", "networkpolicies", "NetworkPolicy", NetworkPolicy)
        .short_names(&["netpol"])
        .finish()
}

#[derive(Debug)]
struct NetworkPolicy;

impl Strategy for NetworkPolicy {
    fn options(&self) -> StrategyOptions {
        StrategyOptions { generation: true, ..StrategyOptions::USUAL }
    }
}
