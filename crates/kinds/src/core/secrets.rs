//! `secrets` of the core group.

use registry::{FieldLabels, Resource, Strategy};

use crate::describe::{Describe, Types};

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "", "v1", "secrets", "Secret", Secret)
        .selectable_fields(&[("type", "")])
        .field_labels(FieldLabels::Label)
        .finish()
}

#[derive(Debug)]
struct Secret;

impl Strategy for Secret {}
