//! `nodes` of the core group.

use object::Value;
use registry::{Context, FieldLabels, Resource, Strategy, Verb};
use status::FieldErrors;

use super::node_rules;
use crate::{
    describe::{Describe, Types},
    fields::round_resources,
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
        .columns(super::nodes_columns::COLUMNS)
        .finish()
}

#[derive(Debug)]
struct Node;

impl Strategy for Node {
    fn default(&self, object: &mut Value) {
        join_pod_ranges(object.make_object().get_or_insert_with("spec", Value::object));
        let status = object.make_object().get_or_insert_with("status", Value::object);
        round_resources(status, "capacity");
        round_resources(status, "allocatable");
        if status.get("allocatable").is_none()
            && let Some(capacity) = status.get("capacity").cloned()
        {
            status.set("allocatable", capacity);
        }
    }

    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        rules::restore(object, old, &["status"]);
    }

    fn reset_fields(&self) -> &'static [&'static str] {
        &["status"]
    }

    fn validate_create(&self, context: &mut Context<'_>, object: &Value, errors: &mut FieldErrors) {
        node_rules::create(object, context.request.resource.ty.get(), errors);
    }

    fn validate_update(
        &self,
        context: &mut Context<'_>,
        object: &Value,
        old: &Value,
        errors: &mut FieldErrors,
    ) {
        node_rules::update(object, old, context.request.resource.ty.get(), errors);
    }
}

#[derive(Debug)]
struct NodeStatus;

impl Strategy for NodeStatus {
    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        rules::restore(object, old, &["spec"]);
    }

    fn reset_fields(&self) -> &'static [&'static str] {
        &["spec"]
    }

    fn validate_update(
        &self,
        context: &mut Context<'_>,
        object: &Value,
        old: &Value,
        errors: &mut FieldErrors,
    ) {
        node_rules::update(object, old, context.request.resource.ty.get(), errors);
    }
}

/// `podCIDR` is the first of `podCIDRs`; where they differ, the older field counts.
fn join_pod_ranges(spec: &mut Value) {
    let first = spec.str_at(["podCIDR"]).to_owned();
    let listed = spec.items_at(["podCIDRs"]).first().and_then(Value::as_str).map(str::to_owned);
    match listed {
        _ if !first.is_empty() && listed.as_deref() != Some(&first) => {
            spec.set("podCIDRs", vec![Value::from(first)]);
        }
        Some(listed) => spec.set("podCIDR", listed),
        None => {}
    }
}
