//! `replicationcontrollers` of the core group.

use object::Value;
use registry::{Context, FieldLabels, Resource, Strategy, StrategyOptions};

use crate::{
    describe::{Describe, Types},
    rules,
};

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "", "v1", "replicationcontrollers", "ReplicationController", ReplicationController)
        .short_names(&["rc"])
        .categories(&["all"])
        .stored_at("controllers")
        .selectable_fields(&[("status.replicas", "0")])
        .field_labels(FieldLabels::Label)
        .scale("spec.replicas", "status.replicas", "spec.selector")
        .status(ReplicationControllerStatus)
        .finish()
}

#[derive(Debug)]
struct ReplicationController;

impl Strategy for ReplicationController {
    fn options(&self) -> StrategyOptions {
        StrategyOptions { generation: true, ..StrategyOptions::USUAL }
    }
}

#[derive(Debug)]
struct ReplicationControllerStatus;

impl Strategy for ReplicationControllerStatus {
    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        rules::only_status(object, old);
    }
}
