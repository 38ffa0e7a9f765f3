//! The built-in kinds of Kubernetes v1.36: a folder per API group, a file per resource.
//!
//! A file holds everything that is particular to its resource: what is served (verbs, names, subresources), its
//! rules (defaults, what is reset, what is checked), its columns. What several share is in `rules`.
//!
//! Invariants: nothing here knows HTTP or storage; no verb is implemented here; a resource is known to the rest of
//! the program by its description only.

mod admissionregistration;
mod apiextensions;
mod apiregistration;
mod apps;
mod authentication;
mod authorization;
mod autoscaling;
mod batch;
pub mod bootstrap;
mod certificates;
mod checks;
mod conditions;
mod coordination;
mod core;
mod describe;
mod diff;
mod discovery;
mod events_api;
mod fields;
mod flowcontrol;
mod internal;
mod networking;
mod node;
mod node_labels;
mod pem;
mod pod;
mod policy;
mod rbac;
mod resource;
mod rules;
mod scheduling;
mod storage;
mod tables;
mod tolerations;
mod workloads;

use std::sync::Arc;

use registry::{Creator, Resource};
use schema::Schema;

/// What each group's folder offers.
type DescribeGroup = fn(&Arc<Schema>) -> Vec<Resource>;

/// Every built-in resource, groups in the order in which discovery lists them. `types` are the built-in types.
pub fn resources(types: &Arc<Schema>) -> Vec<Resource> {
    const GROUPS: &[DescribeGroup] = &[
        core::describe,
        apiregistration::describe,
        apps::describe,
        events_api::describe,
        authentication::describe,
        authorization::describe,
        autoscaling::describe,
        batch::describe,
        certificates::describe,
        networking::describe,
        policy::describe,
        rbac::describe,
        storage::describe,
        admissionregistration::describe,
        apiextensions::describe,
        scheduling::describe,
        coordination::describe,
        node::describe,
        discovery::describe,
        resource::describe,
        flowcontrol::describe,
    ];
    GROUPS.iter().flat_map(|describe| describe(types)).collect()
}

/// What carries out the posts to a group's resource or (if that is not empty) its subresource.
pub type CreatorOf = (&'static str, &'static str, &'static str, Arc<dyn Creator>);

/// What carries out posts that store nothing themselves, for `registry::Registry::set_creator`.
pub fn creators() -> Vec<CreatorOf> {
    core::creators()
}
