//! `replicasets` of apps/v1.

use object::Value;
use registry::{Context, FieldLabels, Resource, Strategy, StrategyOptions};

use crate::{
    describe::{Describe, Types},
    rules,
};

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "apps", "v1", "replicasets", "ReplicaSet", ReplicaSet)
        .short_names(&["rs"])
        .categories(&["all"])
        .selectable_fields(&[("status.replicas", "0")])
        .field_labels(FieldLabels::Label)
        .scale("spec.replicas", "status.replicas", "spec.selector")
        .status(ReplicaSetStatus)
        .finish()
}

#[derive(Debug)]
struct ReplicaSet;

impl Strategy for ReplicaSet {
    fn options(&self) -> StrategyOptions {
        StrategyOptions { generation: true, ..StrategyOptions::USUAL }
    }
}

#[derive(Debug)]
struct ReplicaSetStatus;

impl Strategy for ReplicaSetStatus {
    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        rules::only_status(object, old);
    }
}
