//! `persistentvolumes` of the core group.

use object::Value;
use registry::{Context, DeleteAnswer, Resource, Strategy, StrategyOptions};
use status::FieldErrors;

use super::{volume_rules, volume_warnings};
use crate::tables::{Column, Columns, UNSET, access_modes, storage_class, terminating};
use crate::{
    describe::{Describe, Types},
    fields::{default_absent, default_to, round_resources},
    pod, rules,
};

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "", "v1", "persistentvolumes", "PersistentVolume", PersistentVolume)
        .cluster()
        .short_names(&["pv"])
        .status(PersistentVolumeStatus)
        .columns(COLUMNS)
        .finish()
}

/// How they are shown in tables.
const COLUMNS: Columns = Columns::new(
    &[
        Column::NAME,
        Column::text("Capacity", "How much it holds."),
        Column::text("Access Modes", "How it may be mounted."),
        Column::text("Reclaim Policy", "What becomes of it after its claim."),
        Column::text("Status", "Whether it is free, bound or on its way out."),
        Column::text("Claim", "The claim it is bound to."),
        Column::text("StorageClass", "The class it belongs to."),
        Column::text("VolumeAttributesClass", "The class of its attributes."),
        Column::text("Reason", "Why its status is what it is."),
        Column::AGE,
        Column::text("VolumeMode", "Whether it is a filesystem or a block device.").wide(),
    ],
    |volume, row| {
        let claim = ["namespace", "name"].map(|field| volume.str_at(["spec", "claimRef", field]));
        let phase = volume.str_at(["status", "phase"]);
        row.name(volume);
        row.text(volume.str_at(["spec", "capacity", "storage"]));
        row.text(&access_modes(volume, "spec"));
        row.text(volume.str_at(["spec", "persistentVolumeReclaimPolicy"]));
        row.text(if terminating(volume) { "Terminating" } else { phase });
        let claimed = volume.at(["spec", "claimRef"]).is_some_and(|claim| !claim.is_null());
        row.text(&if claimed { claim.join("/") } else { String::new() });
        row.text(storage_class(volume));
        row.text_or(volume.str_at(["spec", "volumeAttributesClassName"]), UNSET);
        row.text(volume.str_at(["status", "reason"]));
        row.age(volume);
        row.text_or(volume.str_at(["spec", "volumeMode"]), UNSET);
    },
);

#[derive(Debug)]
struct PersistentVolume;

impl Strategy for PersistentVolume {
    fn options(&self) -> StrategyOptions {
        StrategyOptions {
            delete_answer: DeleteAnswer::Object,
            checks_metadata_again: true,
            ..StrategyOptions::USUAL
        }
    }

    fn default(&self, object: &mut Value) {
        let spec = object.make_object().get_or_insert_with("spec", Value::object);
        default_to(spec, "persistentVolumeReclaimPolicy", "Retain");
        default_absent(spec, "volumeMode", "Filesystem");
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

    fn warn(&self, context: &mut Context<'_>, object: &Value, _old: Option<&Value>) {
        volume_warnings::of_volume(object, context.warnings);
    }

    fn reset_fields(&self) -> &'static [&'static str] {
        &["status"]
    }

    fn validate_create(&self, _context: &mut Context<'_>, object: &Value, errors: &mut FieldErrors) {
        volume_rules::always(object, errors);
    }

    fn validate_update(
        &self,
        context: &mut Context<'_>,
        object: &Value,
        old: &Value,
        errors: &mut FieldErrors,
    ) {
        // The original checks the whole volume as new, and again as changed.
        volume_rules::always(object, errors);
        volume_rules::always(object, errors);
        volume_rules::update(object, old, context.request.resource.ty.get(), errors);
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
