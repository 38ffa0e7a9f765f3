//! The kinds of `networking.k8s.io`.

mod ingress_rules;
mod ingressclasses;
mod ingresses;
mod ipaddresses;
mod networkpolicies;
mod references;
mod servicecidrs;

use registry::Resource;

use crate::describe::Types;

/// Every resource of the group.
pub(crate) fn describe(types: &Types) -> Vec<Resource> {
    vec![
        ingressclasses::describe(types),
        ingresses::describe(types),
        ipaddresses::describe(types),
        networkpolicies::describe(types),
        servicecidrs::describe(types),
    ]
}
