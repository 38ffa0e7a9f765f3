//! The status of a claim: what is allocated, and for whom.

use object::Value;
use schema::TypeRef;
use status::{FieldError, FieldErrors};

use super::names::validate_driver;
use super::requests::{at_most, distinct, validate_parameters};
use crate::checks::Field;
use crate::internal;

const MAX_CONSUMERS: usize = 256;
const MAX_INTERFACE: usize = 256;
const MAX_HARDWARE_ADDRESS: usize = 128;

/// Checks a changed status against the old one.
pub(super) fn validate(claim: &Field<'_, '_>, old: &Value, ty: TypeRef<'_>, errors: &mut FieldErrors) {
    let status = claim.child("status");
    let consumers = status.child("reservedFor");
    for consumer in consumers.items() {
        for field in ["resource", "name", "uid"] {
            consumer.child(field).required(errors);
        }
    }
    at_most(&consumers, MAX_CONSUMERS, errors);
    distinct(&consumers, "uid", errors);
    let allocation = status.child("allocation");
    let devices = status.child("devices");
    for device in devices.items() {
        validate_device(&device, allocation.value, errors);
    }
    if !consumers.is_empty() && !allocation.is_present() {
        consumers.forbidden(errors, "may not be specified when `allocated` is not set");
    }
    let before = old.at(["status", "allocation"]).filter(|before| !before.is_null());
    match before {
        Some(before) if allocation.is_present() && before != allocation.value => {
            let value = internal::bad_value(ty.at(["status", "allocation"]), allocation.value);
            errors.push(FieldError::invalid(&allocation.path, value, "field is immutable"));
        }
        _ => {}
    }
}

fn validate_device(device: &Field<'_, '_>, allocation: &Value, errors: &mut FieldErrors) {
    const IDENTITY: &[&str] = &["driver", "pool", "device", "shareID"];
    validate_driver(&device.child("driver"), errors);
    let share = device.child("shareID");
    if share.is_present() && !is_uuid(share.text()) {
        let detail = format!("error validating uid: invalid UUID length: {}", share.text().len());
        share.invalid(errors, detail);
    }
    let allocated = allocation.items_at(["devices", "results"]);
    let same = |result: &&Value| IDENTITY.iter().all(|field| result.get(field) == device.value.get(field));
    if !allocated.iter().any(|result| same(&result)) {
        let part = |field: &str| status::go_quote(device.value.str_at([field]));
        let value = format!(
            r#"{{"Driver":{},"Pool":{},"Device":{},"ShareID":{}}}"#,
            part("driver"),
            part("pool"),
            part("device"),
            part("shareID")
        );
        let detail = "must be an allocated device in the claim";
        errors.push(FieldError::invalid(&device.path, status::BadValue::Bare(value), detail));
    }
    device.child("conditions").items().for_each(|condition| validate_condition(&condition, errors));
    if device.child("data").is_present() {
        validate_parameters(&device.child("data"), errors);
    }
    validate_network(&device.child("networkData"), errors);
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(index, byte)| match index {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

fn validate_condition(condition: &Field<'_, '_>, errors: &mut FieldErrors) {
    let kind = condition.child("type");
    if kind.required(errors) {
        kind.name(errors, meta::names::qualified_name);
    }
    condition.child("status").one_of(errors, &["False", "True", "Unknown"]);
    condition.child("observedGeneration").non_negative(errors);
    condition.child("lastTransitionTime").required(errors);
    let reason = condition.child("reason");
    if reason.required(errors) {
        reason.name(errors, meta::names::condition_reason);
    }
}

fn validate_network(network: &Field<'_, '_>, errors: &mut FieldErrors) {
    for (field, max) in [("interfaceName", MAX_INTERFACE), ("hardwareAddress", MAX_HARDWARE_ADDRESS)] {
        let text = network.child(field);
        if text.text().len() > max {
            errors.push(FieldError::too_long(&text.path, max as i64));
        }
    }
    let addresses = network.child("ips");
    for (index, address) in addresses.items().enumerate() {
        address.name(errors, meta::names::interface_address);
        if addresses.list()[..index].contains(address.value) {
            address.duplicate(errors);
        }
    }
}
