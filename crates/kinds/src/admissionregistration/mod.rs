//! The kinds of `admissionregistration.k8s.io`.

mod columns;
mod expressions;
mod matching;
mod mutatingadmissionpolicies;
mod mutatingadmissionpolicybindings;
mod mutatingwebhookconfigurations;
mod policies;
mod url;
mod validatingadmissionpolicies;
mod validatingadmissionpolicybindings;
mod validatingwebhookconfigurations;
mod webhooks;

use registry::Resource;

use crate::describe::Types;

pub(crate) use url::validate as validate_webhook_url;
pub(crate) use webhooks::validate_service as validate_webhook_service;

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
