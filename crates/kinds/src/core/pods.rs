//! `pods` of the core group.

use object::Value;
use registry::{Context, DeleteAnswer, FieldLabels, Resource, Strategy, StrategyOptions, Verb};

use crate::{
    describe::{Describe, Types},
    rules,
};

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "", "v1", "pods", "Pod", Pod)
        .short_names(&["po"])
        .categories(&["all"])
        .selectable_fields(&[
            ("spec.nodeName", ""),
            ("spec.restartPolicy", ""),
            ("spec.schedulerName", ""),
            ("spec.serviceAccountName", ""),
            ("spec.hostNetwork", "false"),
            ("status.phase", ""),
            ("status.podIP", ""),
            ("status.nominatedNodeName", ""),
        ])
        .field_labels(FieldLabels::Label)
        .connect("attach", "PodAttachOptions", &[Verb::Create, Verb::Get])
        .create_subresource("binding", ("", "v1", "Binding"))
        .object_subresource(
            "ephemeralcontainers",
            &[Verb::Get, Verb::Patch, Verb::Update],
            PodEphemeralContainers,
        )
        .create_subresource("eviction", ("policy", "v1", "Eviction"))
        .connect("exec", "PodExecOptions", &[Verb::Create, Verb::Get])
        .connect("log", "Pod", &[Verb::Get])
        .connect("portforward", "PodPortForwardOptions", &[Verb::Create, Verb::Get])
        .connect(
            "proxy",
            "PodProxyOptions",
            &[Verb::Create, Verb::Delete, Verb::Get, Verb::Patch, Verb::Update],
        )
        .object_subresource("resize", &[Verb::Get, Verb::Patch, Verb::Update], PodResize)
        .status(PodStatus)
        .finish()
}

#[derive(Debug)]
struct Pod;

impl Strategy for Pod {
    fn options(&self) -> StrategyOptions {
        StrategyOptions { generation: true, delete_answer: DeleteAnswer::Object, ..StrategyOptions::USUAL }
    }
}

#[derive(Debug)]
struct PodEphemeralContainers;

impl Strategy for PodEphemeralContainers {
    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        rules::only_field(object, old, "spec", "ephemeralContainers");
    }
}

#[derive(Debug)]
struct PodResize;

impl Strategy for PodResize {
    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        rules::only_field(object, old, "spec", "containers");
    }
}

#[derive(Debug)]
struct PodStatus;

impl Strategy for PodStatus {
    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        rules::only_status(object, old);
    }
}
