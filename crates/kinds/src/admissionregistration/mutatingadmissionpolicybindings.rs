//! `mutatingadmissionpolicybindings` of admissionregistration.k8s.io/v1.

use object::Value;
use registry::{Context, Resource, Strategy, StrategyOptions};
use status::FieldErrors;

use super::matching;
use crate::checks::Field;
use crate::describe::{Describe, Types};
use crate::fields::present_mut;

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(
        types,
        "admissionregistration.k8s.io",
        "v1",
        "mutatingadmissionpolicybindings",
        "MutatingAdmissionPolicyBinding",
        MutatingAdmissionPolicyBinding,
    )
    .cluster()
    .categories(&["api-extensions"])
    .columns(super::columns::BINDINGS)
    .finish()
}

#[derive(Debug)]
struct MutatingAdmissionPolicyBinding;

impl Strategy for MutatingAdmissionPolicyBinding {
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
    }
}
