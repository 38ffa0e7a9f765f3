//! `mutatingadmissionpolicybindings` of admissionregistration.k8s.io/v1.

use registry::{Resource, Strategy, StrategyOptions};

use crate::describe::{Describe, Types};

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
    .finish()
}

#[derive(Debug)]
struct MutatingAdmissionPolicyBinding;

impl Strategy for MutatingAdmissionPolicyBinding {
    fn options(&self) -> StrategyOptions {
        StrategyOptions { unconditional_update: false, generation: true, ..StrategyOptions::USUAL }
    }
}
