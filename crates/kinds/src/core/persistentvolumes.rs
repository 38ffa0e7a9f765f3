//! `persistentvolumes` of the core group.

use object::Value;
use registry::{Context, DeleteAnswer, Resource, Strategy, StrategyOptions};

use crate::{
    describe::{Describe, Types},
    fields::{default_to, round_resources},
    pod, rules,
};

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "", "v1", "persistentvolumes", "PersistentVolume", PersistentVolume)
        .cluster()
        .short_names(&["pv"])
        .status(PersistentVolumeStatus)
        .finish()
}

#[derive(Debug)]
struct PersistentVolume;

impl Strategy for PersistentVolume {
    fn options(&self) -> StrategyOptions {
        StrategyOptions { delete_answer: DeleteAnswer::Object, ..StrategyOptions::USUAL }
    }

    fn default(&self, object: &mut Value) {
        let spec = object.make_object().get_or_insert_with("spec", Value::object);
        default_to(spec, "persistentVolumeReclaimPolicy", "Retain");
        default_to(spec, "volumeMode", "Filesystem");
        round_resources(spec, "capacity");
        pod::default_volume_source(spec);
        default_to(object.make_object().get_or_insert_with("status", Value::object), "phase", "Pending");
    }

    fn prepare_create(&self, context: &mut Context<'_>, object: &mut Value) {
        let mut status = Value::object();
        status.set("phase", "Pending");
        status.set("lastPhaseTransitionTime", context.now);
        object.set("status", status);
    }

    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        rules::restore(object, old, &["status"]);
    }

    fn reset_fields(&self) -> &'static [&'static str] {
        &["status"]
    }
}

#[derive(Debug)]
struct PersistentVolumeStatus;

impl Strategy for PersistentVolumeStatus {
    fn prepare_update(&self, context: &mut Context<'_>, object: &mut Value, old: &Value) {
        rules::restore(object, old, &["spec"]);
        let phase = |object: &Value| object.str_at(["status", "phase"]).to_owned();
        let since = |object: &Value| object.at(["status", "lastPhaseTransitionTime"]).cloned();
        if since(object) == since(old) || since(object).is_none() {
            let changed = phase(object) != phase(old);
            let time = if changed { Some(context.now.into()) } else { since(old) };
            match time {
                Some(time) => {
                    object.object_at("status").insert("lastPhaseTransitionTime", time);
                }
                None => {
                    object.object_at("status").remove("lastPhaseTransitionTime");
                }
            }
        }
    }

    fn reset_fields(&self) -> &'static [&'static str] {
        &["spec"]
    }
}
