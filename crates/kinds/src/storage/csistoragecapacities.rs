//! `csistoragecapacities` of storage.k8s.io/v1.

use registry::{Resource, Strategy, StrategyOptions};

use crate::describe::{Describe, Types};

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(
        types,
        "storage.k8s.io",
        "v1",
        "csistoragecapacities",
        "CSIStorageCapacity",
        CSIStorageCapacity,
    )
    .finish()
}

#[derive(Debug)]
struct CSIStorageCapacity;

impl Strategy for CSIStorageCapacity {
    fn options(&self) -> StrategyOptions {
        StrategyOptions { unconditional_update: false, ..StrategyOptions::USUAL }
    }
}
