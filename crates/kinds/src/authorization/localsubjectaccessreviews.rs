//! `localsubjectaccessreviews` of authorization.k8s.io/v1.

use registry::{Resource, Strategy, Verb, Verbs};

use crate::describe::{Describe, Types};

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(
        types,
        "authorization.k8s.io",
        "v1",
        "localsubjectaccessreviews",
        "LocalSubjectAccessReview",
        LocalSubjectAccessReview,
    )
    .verbs(Verbs::of(&[Verb::Create]))
    .virtual_resource()
    .finish()
}

#[derive(Debug)]
struct LocalSubjectAccessReview;

impl Strategy for LocalSubjectAccessReview {}
