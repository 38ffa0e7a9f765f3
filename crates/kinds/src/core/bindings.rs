//! `bindings` of the core group.

use registry::{Resource, Strategy, Verb, Verbs};

use crate::describe::{Describe, Types};

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "", "v1", "bindings", "Binding", Binding)
        .verbs(Verbs::of(&[Verb::Create]))
        .virtual_resource()
        .finish()
}

#[derive(Debug)]
struct Binding;

impl Strategy for Binding {}
