//! `persistentvolumes` of the core group.

use object::Value;
use registry::{Context, DeleteAnswer, Resource, Strategy, StrategyOptions};

use crate::{
    describe::{Describe, Types},
    rules,
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
}

#[derive(Debug)]
struct PersistentVolumeStatus;

impl Strategy for PersistentVolumeStatus {
    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        rules::only_status(object, old);
    }
}
