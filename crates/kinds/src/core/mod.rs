//! The kinds of the core group.

mod bindings;
mod componentstatuses;
mod configmaps;
mod data_source;
mod endpoints;
mod events;
mod limitranges;
mod namespaces;
mod nodes;
mod persistentvolumeclaims;
mod persistentvolumes;
mod pods;
mod podtemplates;
mod replicationcontrollers;
mod resourcequotas;
mod secrets;
mod serviceaccounts;
mod services;

use registry::Resource;

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
