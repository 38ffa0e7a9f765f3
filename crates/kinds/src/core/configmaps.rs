//! `configmaps` of the core group.

use registry::{Resource, Strategy};

use crate::describe::{Describe, Types};

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "", "v1", "configmaps", "ConfigMap", ConfigMap).short_names(&["cm"]).finish()
}

#[derive(Debug)]
struct ConfigMap;

impl Strategy for ConfigMap {}
