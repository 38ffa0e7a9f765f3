//! `validatingwebhookconfigurations` of admissionregistration.k8s.io/v1.

use registry::{Resource, Strategy, StrategyOptions};

use crate::describe::{Describe, Types};

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(
        types,
        "admissionregistration.k8s.io",
        "v1",
        "validatingwebhookconfigurations",
        "ValidatingWebhookConfiguration",
        ValidatingWebhookConfiguration,
    )
    .cluster()
    .categories(&["api-extensions"])
    .finish()
}

#[derive(Debug)]
struct ValidatingWebhookConfiguration;

impl Strategy for ValidatingWebhookConfiguration {
    fn options(&self) -> StrategyOptions {
        StrategyOptions { unconditional_update: false, generation: true, ..StrategyOptions::USUAL }
    }
}
