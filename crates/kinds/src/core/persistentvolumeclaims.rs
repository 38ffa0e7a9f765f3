//! `persistentvolumeclaims` of the core group.

use object::Value;
use registry::{Context, DeleteAnswer, Resource, Strategy, StrategyOptions};

use super::data_source;
use crate::{
    describe::{Describe, Types},
    fields::{default_to, round_resources},
    pod, rules,
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
