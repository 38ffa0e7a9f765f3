//! `selfsubjectrulesreviews` of authorization.k8s.io/v1.

use registry::{Resource, Strategy, Verb, Verbs};

use crate::describe::{Describe, Types};

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(
        types,
        "authorization.k8s.io",
        "v1",
        "selfsubjectrulesreviews",
        "SelfSubjectRulesReview",
        SelfSubjectRulesReview,
    )
    .cluster()
    .verbs(Verbs::of(&[Verb::Create]))
    .virtual_resource()
    .finish()
}

#[derive(Debug)]
struct SelfSubjectRulesReview;

impl Strategy for SelfSubjectRulesReview {}
