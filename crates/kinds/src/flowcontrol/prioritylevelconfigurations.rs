//! `prioritylevelconfigurations` of flowcontrol.apiserver.k8s.io/v1.

use object::Value;
use registry::{Context, Resource, Strategy, StrategyOptions};

use crate::{
    describe::{Describe, Types},
    rules,
};

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(
        types,
        "flowcontrol.apiserver.k8s.io",
        "v1",
        "prioritylevelconfigurations",
        "PriorityLevelConfiguration",
        PriorityLevelConfiguration,
    )
    .cluster()
    .status(PriorityLevelConfigurationStatus)
    .finish()
}

#[derive(Debug)]
struct PriorityLevelConfiguration;

impl Strategy for PriorityLevelConfiguration {
    fn options(&self) -> StrategyOptions {
        StrategyOptions { generation: true, ..StrategyOptions::USUAL }
    }
}

#[derive(Debug)]
struct PriorityLevelConfigurationStatus;

impl Strategy for PriorityLevelConfigurationStatus {
    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        rules::only_status(object, old);
    }
}
