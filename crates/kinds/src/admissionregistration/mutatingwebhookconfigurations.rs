//! `mutatingwebhookconfigurations` of admissionregistration.k8s.io/v1.

use registry::{Resource, Strategy, StrategyOptions};

use crate::describe::{Describe, Types};

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(
        types,
        "admissionregistration.k8s.io",
        "v1",
        "mutatingwebhookconfigurations",
        "MutatingWebhookConfiguration",
        MutatingWebhookConfiguration,
    )
    .cluster()
    .categories(&["api-extensions"])
    .finish()
}

#[derive(Debug)]
struct MutatingWebhookConfiguration;

impl Strategy for MutatingWebhookConfiguration {
    fn options(&self) -> StrategyOptions {
        StrategyOptions { unconditional_update: false, generation: true, ..StrategyOptions::USUAL }
    }
}
