//! `flowschemas` of flowcontrol.apiserver.k8s.io/v1.

use object::Value;
use registry::{Context, Resource, Strategy, StrategyOptions};

use crate::{
    describe::{Describe, Types},
    rules,
};

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "flowcontrol.apiserver.k8s.io", "v1", "flowschemas", "FlowSchema", FlowSchema)
        .cluster()
        .status(FlowSchemaStatus)
        .finish()
}

#[derive(Debug)]
struct FlowSchema;

impl Strategy for FlowSchema {
    fn options(&self) -> StrategyOptions {
        StrategyOptions { generation: true, ..StrategyOptions::USUAL }
    }
}

#[derive(Debug)]
struct FlowSchemaStatus;

impl Strategy for FlowSchemaStatus {
    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        rules::only_status(object, old);
    }
}
