//! `leases` of coordination.k8s.io/v1.

use registry::{Resource, Strategy, StrategyOptions};

use crate::describe::{Describe, Types};

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "coordination.k8s.io", "v1", "leases", "Lease", Lease).finish()
}

#[derive(Debug)]
struct Lease;

impl Strategy for Lease {
    fn options(&self) -> StrategyOptions {
        StrategyOptions { create_on_update: true, unconditional_update: false, ..StrategyOptions::USUAL }
    }
}
