//! The kinds of `admissionregistration.k8s.io`.

mod mutatingadmissionpolicies;
mod mutatingadmissionpolicybindings;
mod mutatingwebhookconfigurations;
mod validatingadmissionpolicies;
mod validatingadmissionpolicybindings;
mod validatingwebhookconfigurations;

use registry::Resource;

use crate::describe::Types;

/// Every resource of the group.
pub(crate) fn describe(types: &Types) -> Vec<Resource> {
    vec![
        mutatingadmissionpolicies::describe(types),
        mutatingadmissionpolicybindings::describe(types),
        mutatingwebhookconfigurations::describe(types),
        validatingadmissionpolicies::describe(types),
        validatingadmissionpolicybindings::describe(types),
        validatingwebhookconfigurations::describe(types),
    ]
}
