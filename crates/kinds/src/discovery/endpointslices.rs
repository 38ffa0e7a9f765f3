//! `endpointslices` of discovery.k8s.io/v1.

use registry::{Resource, Strategy, StrategyOptions};

use crate::describe::{Describe, Types};

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "discovery.k8s.io", "v1", "endpointslices", "EndpointSlice", EndpointSlice).finish()
}

#[derive(Debug)]
struct EndpointSlice;

impl Strategy for EndpointSlice {
    fn options(&self) -> StrategyOptions {
        StrategyOptions { generation: true, ..StrategyOptions::USUAL }
    }
}
