//! `persistentvolumeclaims` of the core group.

use object::Value;
use registry::{Context, DeleteAnswer, Resource, Strategy, StrategyOptions};
use status::FieldErrors;

use super::{claim_rules, data_source, volume_warnings};
use crate::describe::{Describe, Types};
use crate::fields::{default_to, round_resources};
use crate::tables::{Column, Columns, UNSET, access_modes, storage_class, terminating};
use crate::{pod, rules};

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "", "v1", "persistentvolumeclaims", "PersistentVolumeClaim", PersistentVolumeClaim)
        .short_names(&["pvc"])
        .status(PersistentVolumeClaimStatus)
        .columns(COLUMNS)
        .finish()
}

/// How they are shown in tables.
const COLUMNS: Columns = Columns::new(
    &[
        Column::NAME,
        Column::text("Status", "Whether it is bound."),
        Column::text("Volume", "The volume it is bound to."),
        Column::text("Capacity", "How much that holds."),
        Column::text("Access Modes", "How that may be mounted."),
        Column::text("StorageClass", "The class of the volume."),
        Column::text("VolumeAttributesClass", "The class of its attributes."),
        Column::AGE,
        Column::text("VolumeMode", "Whether it is a filesystem or a block device.").wide(),
    ],
    |claim, row| {
        let phase = claim.str_at(["status", "phase"]);
        let volume = claim.str_at(["spec", "volumeName"]);
        row.name(claim);
        row.text(if terminating(claim) { "Terminating" } else { phase });
        row.text(volume);
        row.text(if volume.is_empty() { "" } else { claim.str_at(["status", "capacity", "storage"]) });
        row.text(&if volume.is_empty() { String::new() } else { access_modes(claim, "status") });
        row.text(storage_class(claim));
        row.text_or(claim.str_at(["spec", "volumeAttributesClassName"]), UNSET);
        row.age(claim);
        row.text_or(claim.str_at(["spec", "volumeMode"]), UNSET);
    },
);

#[derive(Debug)]
struct PersistentVolumeClaim;

impl Strategy for PersistentVolumeClaim {
    fn options(&self) -> StrategyOptions {
        StrategyOptions {
            delete_answer: DeleteAnswer::Object,
            checks_metadata_again: true,
            ..StrategyOptions::USUAL
        }
    }

    fn default(&self, object: &mut Value) {
        let spec = object.make_object().get_or_insert_with("spec", Value::object);
        pod::default_claim_spec(spec);
        let status = object.make_object().get_or_insert_with("status", Value::object);
        default_to(status, "phase", "Pending");
        round_resources(status, "capacity");
        round_resources(status, "allocatedResources");
    }

    fn prepare_create(&self, _context: &mut Context<'_>, object: &mut Value) {
        let mut status = Value::object();
        status.set("phase", "Pending");
        object.set("status", status);
        data_source::normalise(object, None);
    }

    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        rules::restore(object, old, &["status"]);
        data_source::normalise(object, Some(old));
    }

    fn reset_fields(&self) -> &'static [&'static str] {
        &["status"]
    }

    fn warn(&self, context: &mut Context<'_>, object: &Value, _old: Option<&Value>) {
        volume_warnings::of_claim(object, context.warnings);
    }

    fn validate_create(&self, _context: &mut Context<'_>, object: &Value, errors: &mut FieldErrors) {
        claim_rules::always(object, errors);
    }

    fn validate_update(
        &self,
        context: &mut Context<'_>,
        object: &Value,
        old: &Value,
        errors: &mut FieldErrors,
    ) {
        claim_rules::always(object, errors);
        claim_rules::update(object, old, context.request.resource.ty.get(), errors);
    }
}

#[derive(Debug)]
struct PersistentVolumeClaimStatus;

impl Strategy for PersistentVolumeClaimStatus {
    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        rules::restore(object, old, &["spec"]);
    }

    fn reset_fields(&self) -> &'static [&'static str] {
        &["spec"]
    }
}
