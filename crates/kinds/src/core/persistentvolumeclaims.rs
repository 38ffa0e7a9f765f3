//! `persistentvolumeclaims` of the core group.

use object::Value;
use registry::{Context, DeleteAnswer, Resource, Strategy, StrategyOptions};

use crate::{
    describe::{Describe, Types},
    rules,
};

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "", "v1", "persistentvolumeclaims", "PersistentVolumeClaim", PersistentVolumeClaim)
        .short_names(&["pvc"])
        .status(PersistentVolumeClaimStatus)
        .finish()
}

#[derive(Debug)]
struct PersistentVolumeClaim;

impl Strategy for PersistentVolumeClaim {
    fn options(&self) -> StrategyOptions {
        StrategyOptions { delete_answer: DeleteAnswer::Object, ..StrategyOptions::USUAL }
    }
}

#[derive(Debug)]
struct PersistentVolumeClaimStatus;

impl Strategy for PersistentVolumeClaimStatus {
    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        rules::only_status(object, old);
    }
}
