//! The kinds of the core group.

mod binding;
mod bindings;
mod claim_rules;
mod componentstatuses;
mod configmaps;
mod data_source;
mod endpoint_rules;
mod endpoints;
mod events;
mod events_columns;
mod eviction;
mod limit_rules;
mod limitranges;
mod namespaces;
mod node_rules;
mod nodes;
mod nodes_columns;
mod persistentvolumeclaims;
mod persistentvolumes;
mod pods;
mod podtemplates;
mod quota_rules;
mod replicationcontrollers;
mod resourcequotas;
mod secrets;
mod serviceaccounts;
mod services;
mod stored_data;
mod tls_pair;
mod volume_rules;
mod volume_warnings;

use std::sync::Arc;

pub(crate) use events_columns::EVENT_COLUMNS;
use object::Value;
use registry::Resource;

use crate::CreatorOf;
use crate::describe::Types;

/// Every resource of the group.
pub(crate) fn describe(types: &Types) -> Vec<Resource> {
    vec![
        bindings::describe(types),
        componentstatuses::describe(types),
        configmaps::describe(types),
        endpoints::describe(types),
        events::describe(types),
        limitranges::describe(types),
        namespaces::describe(types),
        nodes::describe(types),
        persistentvolumeclaims::describe(types),
        persistentvolumes::describe(types),
        pods::describe(types),
        podtemplates::describe(types),
        replicationcontrollers::describe(types),
        resourcequotas::describe(types),
        secrets::describe(types),
        serviceaccounts::describe(types),
        services::describe(types),
    ]
}

/// What carries out the posts of the group that store nothing.
pub(crate) fn creators() -> Vec<CreatorOf> {
    vec![
        ("", "bindings", "", Arc::new(binding::Bind)),
        ("", "pods", "binding", Arc::new(binding::Bind)),
        ("", "pods", "eviction", Arc::new(eviction::Evict)),
    ]
}

/// The `Status` that such a post answers.
fn success() -> Value {
    let mut status = Value::object();
    status.set("kind", "Status");
    status.set("apiVersion", "v1");
    status.set("metadata", Value::object());
    status.set("status", "Success");
    status.set("code", 201);
    status
}
