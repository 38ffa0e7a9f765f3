//! `volumeattachments` of storage.k8s.io/v1.

use object::Value;
use registry::{Context, DeleteAnswer, Resource, Strategy, StrategyOptions};
use status::{FieldError, FieldErrors};

use super::csidrivers::validate_driver_name;
use crate::checks::Field;
use crate::describe::{Describe, Types};
use crate::tables::{Column, Columns};
use crate::{internal, rules};

/// How long the message of an error and the metadata of a volume may be, in bytes.
const MAX_MESSAGE: i64 = 262_144;
const MAX_METADATA: i64 = 262_144;

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "storage.k8s.io", "v1", "volumeattachments", "VolumeAttachment", VolumeAttachment)
        .cluster()
        .status(VolumeAttachmentStatus)
        .columns(COLUMNS)
        .finish()
}

/// How they are shown in tables.
const COLUMNS: Columns = Columns::new(
    &[
        Column::NAME,
        Column { format: "name", ..Column::text("Attacher", "What attaches the volume.") },
        Column::text("PV", "The volume."),
        Column::text("Node", "The node it is attached to."),
        Column::boolean("Attached", "Whether it is."),
        Column::AGE,
    ],
    |attachment, row| {
        row.name(attachment);
        row.text(attachment.str_at(["spec", "attacher"]));
        row.text(attachment.str_at(["spec", "source", "persistentVolumeName"]));
        row.text(attachment.str_at(["spec", "nodeName"]));
        row.flag(attachment.at(["status", "attached"]).and_then(Value::as_bool).unwrap_or(false));
        row.age(attachment);
    },
);

#[derive(Debug)]
struct VolumeAttachment;

impl Strategy for VolumeAttachment {
    fn options(&self) -> StrategyOptions {
        StrategyOptions {
            unconditional_update: false,
            delete_answer: DeleteAnswer::Object,
            checks_metadata_twice: false,
            checks_metadata_again: true,
            ..StrategyOptions::USUAL
        }
    }

    fn prepare_create(&self, _context: &mut Context<'_>, object: &mut Value) {
        object.remove("status");
    }

    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        rules::restore(object, old, &["status"]);
    }

    fn validate_create(&self, _context: &mut Context<'_>, object: &Value, errors: &mut FieldErrors) {
        let attachment = Field::root(object);
        validate(&attachment, errors);
        let spec = attachment.child("spec");
        validate_driver_name(&spec.child("attacher"), errors);
        let source = spec.child("source");
        let volume = source.child("persistentVolumeName");
        if volume.is_present() {
            volume.name(errors, meta::names::dns1123_subdomain);
        }
    }

    fn validate_update(
        &self,
        context: &mut Context<'_>,
        object: &Value,
        old: &Value,
        errors: &mut FieldErrors,
    ) {
        validate_update(context, object, old, errors);
    }

    fn reset_fields(&self) -> &'static [&'static str] {
        &["status"]
    }
}

fn validate_update(context: &Context<'_>, object: &Value, old: &Value, errors: &mut FieldErrors) {
    let (attachment, old) = (Field::root(object), Field::root(old));
    validate(&attachment, errors);
    let spec = attachment.child("spec");
    if !spec.same(&old.child("spec")) {
        let value = internal::bad_value(context.request.resource.ty.get().child("spec"), spec.value);
        errors.push(FieldError::invalid(&spec.path, value, "field is immutable"));
    }
}

fn validate(attachment: &Field<'_, '_>, errors: &mut FieldErrors) {
    let spec = attachment.child("spec");
    let attacher = spec.child("attacher");
    if attacher.required(errors) {
        attacher.name(errors, |text| meta::names::qualified_name(&text.to_lowercase()));
    }
    let source = spec.child("source");
    let (inline, volume) = (source.child("inlineVolumeSpec"), source.child("persistentVolumeName"));
    match (inline.is_present(), volume.is_present()) {
        (false, false) => {
            source.missing(errors, "must specify exactly one of inlineVolumeSpec and persistentVolumeName");
        }
        (true, true) => {
            source.forbidden(errors, "must specify exactly one of inlineVolumeSpec and persistentVolumeName");
        }
        (false, true) if volume.text().is_empty() => {
            volume.missing(errors, "must specify non empty persistentVolumeName");
        }
        _ => {}
    }
    spec.child("nodeName").name(errors, meta::names::dns1123_subdomain);
    let status = attachment.child("status");
    validate_metadata(&status.child("attachmentMetadata"), errors);
    for field in ["attachError", "detachError"] {
        let error = status.child(field);
        let message = error.child("message");
        if message.text().len() as i64 > MAX_MESSAGE {
            errors.push(FieldError::too_long(&message.path, MAX_MESSAGE));
        }
    }
}

fn validate_metadata(metadata: &Field<'_, '_>, errors: &mut FieldErrors) {
    let length = |(key, value): (&str, &Value)| (key.len() + value.as_str().unwrap_or("").len()) as i64;
    let size: i64 = metadata.entries().map(length).sum();
    if size > MAX_METADATA {
        errors.push(FieldError::too_long(&metadata.path, MAX_METADATA));
    }
}

#[derive(Debug)]
struct VolumeAttachmentStatus;

impl Strategy for VolumeAttachmentStatus {
    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        object.make_object();
        rules::restore(object, old, &["spec"]);
    }

    fn validate_update(
        &self,
        context: &mut Context<'_>,
        object: &Value,
        old: &Value,
        errors: &mut FieldErrors,
    ) {
        validate_update(context, object, old, errors);
    }

    fn reset_fields(&self) -> &'static [&'static str] {
        &["spec"]
    }
}
