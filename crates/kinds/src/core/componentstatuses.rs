//! `componentstatuses` of the core group.

use registry::{Resource, Strategy, Verb, Verbs};

use crate::describe::{Describe, Types};

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "", "v1", "componentstatuses", "ComponentStatus", ComponentStatus)
        .cluster()
        .short_names(&["cs"])
        .verbs(Verbs::of(&[Verb::Get, Verb::List]))
        .virtual_resource()
        .deprecated("v1 ComponentStatus is deprecated in v1.19+")
        .finish()
}

#[derive(Debug)]
struct ComponentStatus;

impl Strategy for ComponentStatus {}
