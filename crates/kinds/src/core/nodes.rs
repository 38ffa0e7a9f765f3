//! `nodes` of the core group.

use object::Value;
use registry::{Context, FieldLabels, Resource, Strategy, Verb};

use crate::{
    describe::{Describe, Types},
    rules,
};

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "", "v1", "nodes", "Node", Node)
        .cluster()
        .short_names(&["no"])
        .stored_at("minions")
        .selectable_fields(&[("spec.unschedulable", "false")])
        .field_labels(FieldLabels::Label)
        .connect(
            "proxy",
            "NodeProxyOptions",
            &[Verb::Create, Verb::Delete, Verb::Get, Verb::Patch, Verb::Update],
        )
        .status(NodeStatus)
        .finish()
}

#[derive(Debug)]
struct Node;

impl Strategy for Node {}

#[derive(Debug)]
struct NodeStatus;

impl Strategy for NodeStatus {
    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        rules::only_status(object, old);
    }
}
