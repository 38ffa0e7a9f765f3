//! `validatingadmissionpolicybindings` of admissionregistration.k8s.io/v1.

use object::Value;
use registry::{Context, Resource, Strategy, StrategyOptions};
use status::FieldErrors;

use super::matching;
use crate::checks::Field;
use crate::describe::{Describe, Types};
use crate::fields::present_mut;

/// What may follow from a failure.
const ACTIONS: &[&str] = &["Audit", "Deny", "Warn"];

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(
        types,
        "admissionregistration.k8s.io",
        "v1",
        "validatingadmissionpolicybindings",
        "ValidatingAdmissionPolicyBinding",
        ValidatingAdmissionPolicyBinding,
    )
    .cluster()
    .categories(&["api-extensions"])
    .columns(super::columns::BINDINGS)
    .finish()
}

#[derive(Debug)]
struct ValidatingAdmissionPolicyBinding;

impl Strategy for ValidatingAdmissionPolicyBinding {
    fn options(&self) -> StrategyOptions {
        StrategyOptions {
            unconditional_update: false,
            generation: true,
            checks_metadata_twice: false,
            checks_metadata_again: true,
            ..StrategyOptions::USUAL
        }
    }

    fn default(&self, object: &mut Value) {
        if let Some(spec) = present_mut(object, "spec") {
            matching::default_resources(spec, "matchResources");
        }
    }

    fn validate_create(&self, _context: &mut Context<'_>, object: &Value, errors: &mut FieldErrors) {
        let binding = Field::root(object);
        let spec = binding.child("spec");
        matching::validate_binding(&spec, errors);
        validate_actions(&spec.child("validationActions"), errors);
    }
}

fn validate_actions(actions: &Field<'_, '_>, errors: &mut FieldErrors) {
    for (index, action) in actions.items().enumerate() {
        action.one_of(errors, ACTIONS);
        if actions.list()[..index].contains(action.value) {
            action.duplicate(errors);
        }
    }
    let has = |wanted: &str| actions.texts().any(|action| action == wanted);
    if has("Deny") && has("Warn") {
        let detail = "must not contain both Deny and Warn (repeating the same validation failure information in \
                      the API response and headers serves no purpose)";
        actions.invalid(errors, detail);
    }
    if actions.is_empty() {
        actions.missing(errors, "at least one validation action is required");
    }
}
