//! `subjectaccessreviews` of authorization.k8s.io/v1.

use registry::{Resource, Strategy, Verb, Verbs};

use crate::describe::{Describe, Types};

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(
        types,
        "authorization.k8s.io",
        "v1",
        "subjectaccessreviews",
        "SubjectAccessReview",
        SubjectAccessReview,
    )
    .cluster()
    .verbs(Verbs::of(&[Verb::Create]))
    .virtual_resource()
    .finish()
}

#[derive(Debug)]
struct SubjectAccessReview;

impl Strategy for SubjectAccessReview {}
