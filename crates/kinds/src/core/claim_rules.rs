//! The rules of persistent volume claims.

use meta::Quantity;
use object::Value;
use schema::TypeRef;
use status::{FieldError, FieldErrors};

use crate::checks::Field;
use crate::{internal, pod, rules};

pub(super) fn always(claim: &Value, errors: &mut FieldErrors) {
    let root = Field::root(claim);
    pod::claim_spec(&root.child("spec"), errors);
}

fn storage(object: &Value, list: &[&str]) -> Quantity {
    let text = object.at(list.iter().copied().chain(["storage"])).and_then(Value::as_str);
    text.and_then(|text| Quantity::parse(text).ok()).unwrap_or_default()
}

/// A claim's spec stays what it was, but for the volume's name, which may come, and, once bound, its size and class.
pub(super) fn update(claim: &Value, old: &Value, types: TypeRef<'_>, errors: &mut FieldErrors) {
    let root = Field::root(claim);
    let spec = root.child("spec");
    let mut compared = claim.clone();
    if old.str_at(["spec", "volumeName"]).is_empty() {
        rules::restore(&mut compared, old, &["spec", "volumeName"]);
    }
    if old.at(["spec", "storageClassName"]).is_none_or(Value::is_null) {
        rules::restore(&mut compared, old, &["spec", "storageClassName"]);
    }
    if claim.str_at(["status", "phase"]) == "Bound" {
        if claim.at(["spec", "resources", "requests"]).is_some() {
            rules::restore(&mut compared, old, &["spec", "resources", "requests", "storage"]);
        }
        rules::restore(&mut compared, old, &["spec", "volumeAttributesClassName"]);
    }
    if compared.get("spec") != old.get("spec") {
        let ty = types.schema.named("io.k8s.api.core.v1.PersistentVolumeClaimSpec");
        let of = |claim: &Value| claim.get("spec").cloned().unwrap_or_default();
        let changes = internal::changes(ty, &of(old), &of(&compared));
        let detail = format!(
            "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound \
             claims\n{changes}"
        );
        errors.push(FieldError::forbidden(&spec.path, detail));
    }
    const REQUESTS: [&str; 3] = ["spec", "resources", "requests"];
    let (size, before) = (storage(claim, &REQUESTS), storage(old, &REQUESTS));
    if size < before && size <= storage(old, &["status", "capacity"]) {
        let resources = spec.child("resources");
        let requests = resources.child("requests");
        requests.child("storage").forbidden(errors, "field can not be less than status.capacity");
    }
    let mode = spec.child("volumeMode");
    if Some(mode.value) != old.at(["spec", "volumeMode"]) {
        let path = status::Path::new("volumeMode");
        errors.push(FieldError::invalid(&path, mode.bad_value(), "field is immutable"));
    }
}
