//! `validatingwebhookconfigurations` of admissionregistration.k8s.io/v1.

use object::Value;
use registry::{Context, Resource, Strategy, StrategyOptions};
use status::FieldErrors;

use super::webhooks::{self, Kind};
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
    .columns(super::columns::WEBHOOKS)
    .finish()
}

#[derive(Debug)]
struct ValidatingWebhookConfiguration;

impl Strategy for ValidatingWebhookConfiguration {
    fn options(&self) -> StrategyOptions {
        StrategyOptions { unconditional_update: false, generation: true, ..StrategyOptions::USUAL }
    }

    fn default(&self, object: &mut Value) {
        webhooks::default(object, Kind::Validating);
    }

    fn validate_create(&self, _context: &mut Context<'_>, object: &Value, errors: &mut FieldErrors) {
        webhooks::validate(object, Kind::Validating, errors);
    }

    fn validate_update(
        &self,
        _context: &mut Context<'_>,
        object: &Value,
        _old: &Value,
        errors: &mut FieldErrors,
    ) {
        webhooks::validate(object, Kind::Validating, errors);
    }
}
