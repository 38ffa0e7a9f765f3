//! `servicecidrs` of networking.k8s.io/v1.

use object::Value;
use registry::{Context, Resource, Strategy};

use crate::{
    describe::{Describe, Types},
    rules,
};

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "networking.k8s.io", "v1", "servicecidrs", "ServiceCIDR", ServiceCIDR)
        .cluster()
        .status(ServiceCIDRStatus)
        .finish()
}

#[derive(Debug)]
struct ServiceCIDR;

impl Strategy for ServiceCIDR {}

#[derive(Debug)]
struct ServiceCIDRStatus;

impl Strategy for ServiceCIDRStatus {
    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        rules::only_status(object, old);
    }
}
