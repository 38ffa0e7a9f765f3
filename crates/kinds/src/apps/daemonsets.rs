//! `daemonsets` of apps/v1.

use object::Value;
use registry::{Context, Resource, Strategy, StrategyOptions};

use crate::{
    describe::{Describe, Types},
    rules,
};

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "apps", "v1", "daemonsets", "DaemonSet", DaemonSet)
        .short_names(&["ds"])
        .categories(&["all"])
        .status(DaemonSetStatus)
        .finish()
}

#[derive(Debug)]
struct DaemonSet;

impl Strategy for DaemonSet {
    fn options(&self) -> StrategyOptions {
        StrategyOptions { generation: true, ..StrategyOptions::USUAL }
    }
}

#[derive(Debug)]
struct DaemonSetStatus;

impl Strategy for DaemonSetStatus {
    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        rules::only_status(object, old);
    }
}
