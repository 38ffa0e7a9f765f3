//! `volumeattachments` of storage.k8s.io/v1.

use object::Value;
use registry::{Context, DeleteAnswer, Resource, Strategy, StrategyOptions};

use crate::{
    describe::{Describe, Types},
    rules,
};

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "storage.k8s.io", "v1", "volumeattachments", "VolumeAttachment", VolumeAttachment)
        .cluster()
        .status(VolumeAttachmentStatus)
        .finish()
}

#[derive(Debug)]
struct VolumeAttachment;

impl Strategy for VolumeAttachment {
    fn options(&self) -> StrategyOptions {
        StrategyOptions {
            unconditional_update: false,
            delete_answer: DeleteAnswer::Object,
            ..StrategyOptions::USUAL
        }
    }
}

#[derive(Debug)]
struct VolumeAttachmentStatus;

impl Strategy for VolumeAttachmentStatus {
    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        rules::only_status(object, old);
    }
}
