//! `controllerrevisions` of apps/v1.

use registry::{Resource, Strategy};

use crate::describe::{Describe, Types};

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "apps", "v1", "controllerrevisions", "ControllerRevision", ControllerRevision)
        .finish()
}

#[derive(Debug)]
struct ControllerRevision;

impl Strategy for ControllerRevision {}
