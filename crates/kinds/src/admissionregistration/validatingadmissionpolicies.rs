//! `validatingadmissionpolicies` of admissionregistration.k8s.io/v1.

use object::Value;
use registry::{Context, Resource, Strategy, StrategyOptions};

use crate::{
    describe::{Describe, Types},
    rules,
};

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(
        types,
        "admissionregistration.k8s.io",
        "v1",
        "validatingadmissionpolicies",
        "ValidatingAdmissionPolicy",
        ValidatingAdmissionPolicy,
    )
    .cluster()
    .categories(&["api-extensions"])
    .status(ValidatingAdmissionPolicyStatus)
    .finish()
}

#[derive(Debug)]
struct ValidatingAdmissionPolicy;

impl Strategy for ValidatingAdmissionPolicy {
    fn options(&self) -> StrategyOptions {
        StrategyOptions { unconditional_update: false, generation: true, ..StrategyOptions::USUAL }
    }
}

#[derive(Debug)]
struct ValidatingAdmissionPolicyStatus;

impl Strategy for ValidatingAdmissionPolicyStatus {
    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        rules::only_status(object, old);
    }
}
