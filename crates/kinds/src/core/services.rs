//! `services` of the core group.

use object::Value;
use registry::{Context, DeleteAnswer, FieldLabels, NameRule, Resource, Strategy, StrategyOptions, Verb};

use crate::{
    describe::{Describe, Types},
    rules,
};

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "", "v1", "services", "Service", Service)
        .short_names(&["svc"])
        .categories(&["all"])
        .stored_at("services/specs")
        .selectable_fields(&[("spec.clusterIP", ""), ("spec.type", "")])
        .field_labels(FieldLabels::Label)
        .connect(
            "proxy",
            "ServiceProxyOptions",
            &[Verb::Create, Verb::Delete, Verb::Get, Verb::Patch, Verb::Update],
        )
        .status(ServiceStatus)
        .finish()
}

#[derive(Debug)]
struct Service;

impl Strategy for Service {
    fn options(&self) -> StrategyOptions {
        StrategyOptions {
            create_on_update: true,
            delete_answer: DeleteAnswer::Object,
            names: NameRule::Dns1035Label,
            ..StrategyOptions::USUAL
        }
    }
}

#[derive(Debug)]
struct ServiceStatus;

impl Strategy for ServiceStatus {
    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        rules::only_status(object, old);
    }
}
