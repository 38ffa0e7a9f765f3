//! `tokenreviews` of authentication.k8s.io/v1.

use registry::{Resource, Strategy, Verb, Verbs};

use crate::describe::{Describe, Types};

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "authentication.k8s.io", "v1", "tokenreviews", "TokenReview", TokenReview)
        .cluster()
        .verbs(Verbs::of(&[Verb::Create]))
        .virtual_resource()
        .finish()
}

#[derive(Debug)]
struct TokenReview;

impl Strategy for TokenReview {}
