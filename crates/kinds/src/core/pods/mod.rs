//! `pods` of the core group.

mod columns;
mod subresources;

use object::Value;
use registry::{
    Context, DeleteAnswer, DeleteOptions, FieldLabels, Resource, Strategy, StrategyOptions, Verb,
};
use status::FieldErrors;

use self::subresources::{PodEphemeralContainers, PodResize, PodStatus};
use crate::{
    conditions,
    describe::{Describe, Types},
    fields::{int, present_mut, text},
    pod, rules,
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
        .columns(columns::COLUMNS)
        .finish()
}

#[derive(Debug)]
struct Pod;

impl Strategy for Pod {
    fn options(&self) -> StrategyOptions {
        StrategyOptions {
            generation: true,
            delete_answer: DeleteAnswer::Object,
            checks_metadata_again: true,
            ..StrategyOptions::USUAL
        }
    }

    fn default(&self, object: &mut Value) {
        pod::default_pod(object);
        pod::sync_addresses(object);
    }

    fn prepare_create(&self, context: &mut Context<'_>, object: &mut Value) {
        if let Some(spec) = present_mut(object, "spec") {
            pod::drop_disabled(spec, None);
            pod::name_service_account(spec);
        }
        pod::merge_label_keys(object);
        pod::warn_of_app_armor(object, context.warnings);
        pod::copy_annotations(object);
        begin_status(object, context.now);
    }

    fn validate_create(&self, context: &mut Context<'_>, object: &Value, errors: &mut FieldErrors) {
        pod::pod_create(object, context.request.resource.ty.get(), errors);
    }

    fn warn(&self, context: &mut Context<'_>, object: &Value, old: Option<&Value>) {
        if old.is_none() {
            pod::warn_of_pod(object, context.warnings);
        }
    }

    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        keep_spec(object, old);
        rules::restore(object, old, &["status"]);
    }

    fn validate_update(
        &self,
        context: &mut Context<'_>,
        object: &Value,
        old: &Value,
        errors: &mut FieldErrors,
    ) {
        pod::pod_update(object, old, context.request.resource.ty.get(), errors);
    }

    fn graceful_delete(
        &self,
        _context: &Context<'_>,
        object: &Value,
        options: &DeleteOptions,
    ) -> Option<i64> {
        let spec = object.get("spec").unwrap_or(&Value::Null);
        let waits = !text(spec, "nodeName").is_empty()
            && !matches!(object.str_at(["status", "phase"]), "Succeeded" | "Failed");
        let asked =
            options.grace_period_seconds.unwrap_or_else(|| int(spec, "terminationGracePeriodSeconds"));
        Some(match asked {
            _ if !waits => 0,
            ..0 => 1,
            seconds => seconds,
        })
    }

    fn reset_fields(&self) -> &'static [&'static str] {
        &["status"]
    }
}

/// Drops from a changed pod's spec what is not served, and keeps names of its service account the same.
fn keep_spec(pod: &mut Value, old: &Value) {
    if let Some(spec) = present_mut(pod, "spec") {
        pod::drop_disabled(spec, old.get("spec"));
        pod::name_service_account(spec);
    }
}

/// Writes what only the system may write when a pod is made.
fn begin_status(pod: &mut Value, now: &str) {
    let mut status = Value::object();
    status.set("phase", "Pending");
    status.set("qosClass", pod::quality_of_service(pod.get("spec").unwrap_or(&Value::Null)));
    if !pod.items_at(["spec", "schedulingGates"]).is_empty() {
        let mut condition = Value::object();
        condition.set("type", "PodScheduled");
        condition.set("status", "False");
        condition.set("reason", "SchedulingGated");
        condition.set("message", "Scheduling is blocked due to non-empty scheduling gates");
        conditions::set(status.make_object(), condition, now);
    }
    pod.set("status", status);
}
