//! The devices of a slice.

use meta::Quantity;
use object::Value;
use schema::TypeRef;
use status::{FieldError, FieldErrors};

use super::names::{validate_label, validate_name};
use super::requests::{at_most, distinct};
use crate::checks::Field;
use crate::internal;

const MAX_ATTRIBUTES: usize = 32;
const MAX_VALUE: usize = 64;
const MAX_TAINTS: usize = 16;
const MAX_CONDITIONS: usize = 4;
const EFFECTS: &[&str] = &["NoExecute", "NoSchedule", "None"];
/// The values an attribute can have, one of which it must have.
const VALUES: &[&str] = &["int", "bool", "string", "version", "ints", "bools", "strings", "versions"];

/// Checks a device; `selects` says that it tells itself to which nodes it belongs.
pub(super) fn validate(
    device: &Field<'_, '_>,
    ty: Option<TypeRef<'_>>,
    selects: bool,
    errors: &mut FieldErrors,
) {
    validate_label(&device.child("name"), errors);
    let (attributes, capacity) = (device.child("attributes"), device.child("capacity"));
    let count = attributes.entries().count() + capacity.entries().count();
    if count > MAX_ATTRIBUTES {
        let detail =
            format!("the total number of attributes and capacities must not exceed {MAX_ATTRIBUTES}");
        errors.push(FieldError::invalid(&device.path, count as i64, detail));
    }
    let attribute_type = ty.and_then(|ty| ty.schema.named("io.k8s.api.resource.v1.DeviceAttribute"));
    for (name, value) in attributes.entries() {
        validate_name(&attributes, name, errors);
        validate_attribute(&Field { value, path: attributes.path.key(name) }, attribute_type, errors);
    }
    for (name, value) in capacity.entries() {
        validate_name(&capacity, name, errors);
        let capacity = Field { value, path: capacity.path.key(name) };
        validate_policy(&capacity.child("requestPolicy"), value.str_at(["value"]), errors);
    }
    let taints = device.child("taints");
    taints.items().for_each(|taint| validate_taint(&taint, errors));
    at_most(&taints, MAX_TAINTS, errors);
    let consumed = device.child("consumesCounters");
    for counters in consumed.items() {
        validate_counters(&counters, "counterSet", errors);
    }
    distinct(&consumed, "counterSet", errors);
    if selects {
        validate_nodes(device, errors);
    }
    validate_conditions(device, errors);
}

/// Checks counters and the name of the set they are of.
pub(super) fn validate_counters(counters: &Field<'_, '_>, name: &str, errors: &mut FieldErrors) {
    let set = counters.child(name);
    if set.required(errors) {
        validate_label(&set, errors);
    }
    let map = counters.child("counters");
    map.required(errors);
    for (name, _) in map.entries() {
        for message in meta::names::dns1123_label(name) {
            errors.push(FieldError::invalid(&map.path, name, message));
        }
    }
}

fn validate_attribute(attribute: &Field<'_, '_>, ty: Option<TypeRef<'_>>, errors: &mut FieldErrors) {
    let set: Vec<&&str> = VALUES.iter().filter(|value| attribute.child(value).is_present()).collect();
    if let Some(text) = attribute.child("string").present()
        && text.text().len() > MAX_VALUE
    {
        errors.push(FieldError::too_long(&text.path, MAX_VALUE as i64));
    }
    if let Some(version) = attribute.child("version").present() {
        if version.text().len() > MAX_VALUE {
            errors.push(FieldError::too_long(&version.path, MAX_VALUE as i64));
        }
        if !is_semver(version.text()) {
            version.invalid(errors, "must be a string compatible with semver.org spec 2.0.0");
        }
    }
    let value = match set.len() {
        1 => return,
        0 => "".into(),
        _ => internal::bad_value(ty, attribute.value),
    };
    errors.push(FieldError::invalid(&attribute.path, value, "exactly one value must be specified"));
}

/// Whether a text is a version as semver.org has it: `1.2.3-pre.1+build`.
fn is_semver(text: &str) -> bool {
    let (rest, build) = text.split_once('+').map_or((text, None), |(rest, build)| (rest, Some(build)));
    let (core, pre) = rest.split_once('-').map_or((rest, None), |(core, pre)| (core, Some(pre)));
    let number = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|byte| byte.is_ascii_digit())
            && (part == "0" || !part.starts_with('0'))
    };
    let word = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let pre_word =
        |part: &str| word(part) && (!part.bytes().all(|byte| byte.is_ascii_digit()) || number(part));
    core.split('.').count() == 3
        && core.split('.').all(number)
        && pre.is_none_or(|pre| pre.split('.').all(pre_word))
        && build.is_none_or(|build| build.split('.').all(word))
}

fn quantity(text: &str) -> Option<Quantity> {
    Quantity::parse(text).ok()
}

/// Whether one quantity is less than another; false if either is none.
fn less(one: &str, other: &str) -> bool {
    matches!((quantity(one), quantity(other)), (Some(one), Some(other)) if one.sub(&other).signum() < 0)
}

/// Checks how a capacity may be asked for.
fn validate_policy(policy: &Field<'_, '_>, capacity: &str, errors: &mut FieldErrors) {
    if !policy.is_present() {
        return;
    }
    let (default, values, range) =
        (policy.child("default"), policy.child("validValues"), policy.child("validRange"));
    if !default.is_present() {
        for (field, name) in [(&values, "validValues"), (&range, "validRange")] {
            if !field.is_empty() || (name == "validRange" && field.is_present()) {
                default.missing(errors, format!("required when {name} is defined"));
            }
        }
    }
    for (index, value) in values.items().enumerate() {
        let before = &values.list()[..index];
        if before.contains(value.value) {
            value.duplicate(errors);
        } else if before.last().and_then(Value::as_str).is_some_and(|before| less(value.text(), before)) {
            value.invalid(errors, "values must be sorted in ascending order");
        }
        if less(capacity, value.text()) {
            value.invalid(errors, format!("option is larger than capacity value: {capacity}"));
        }
    }
    if default.is_present() && !values.is_empty() && !values.texts().any(|value| value == default.text()) {
        let detail = "default value is not valid according to the requestPolicy";
        errors.push(FieldError::invalid(&values.path, default.text(), detail));
    }
    if range.is_present() {
        validate_range(&range, default.text(), capacity, errors);
    }
}

fn validate_range(range: &Field<'_, '_>, default: &str, capacity: &str, errors: &mut FieldErrors) {
    let (min, max, step) = (range.child("min"), range.child("max"), range.child("step"));
    if less(capacity, min.text()) {
        min.invalid(errors, format!("min is larger than capacity value: {capacity}"));
    }
    if less(capacity, max.text()) {
        max.invalid(errors, format!("max is larger than capacity value: {capacity}"));
    }
    if less(max.text(), min.text()) {
        min.invalid(errors, format!("min is larger than max: {}", max.text()));
    }
    if let (Some(low), Some(width)) = (quantity(min.text()), quantity(step.text())) {
        let one = low.add(&width).canonical();
        if less(capacity, &one) {
            step.invalid(errors, format!("one step {one} is larger than capacity value: {capacity}"));
        }
    }
    if less(default, min.text()) {
        let detail = format!("default is less than min: {}", min.text());
        errors.push(FieldError::invalid(&min.path, default, detail));
    }
    if less(max.text(), default) {
        let detail = format!("default is more than max: {}", max.text());
        errors.push(FieldError::invalid(&max.path, default, detail));
    }
}

fn validate_taint(taint: &Field<'_, '_>, errors: &mut FieldErrors) {
    taint.child("key").name(errors, meta::names::label_key);
    let value = taint.child("value");
    if !value.is_empty() {
        value.name(errors, meta::names::label_value);
    }
    taint.child("effect").required_one_of(errors, EFFECTS);
}

fn validate_nodes(device: &Field<'_, '_>, errors: &mut FieldErrors) {
    let chosen = ["nodeName", "nodeSelector", "allNodes"];
    if !chosen.iter().any(|field| device.child(field).is_present()) {
        device.missing(
            errors,
            "exactly one of `nodeName`, `nodeSelector`, or `allNodes` is required when `perDeviceNodeSelection` is \
             set to true in the ResourceSlice spec",
        );
    }
}

/// Conditions of binding come with conditions of its failure, and the other way round.
fn validate_conditions(device: &Field<'_, '_>, errors: &mut FieldErrors) {
    let (good, bad) = (device.child("bindingConditions"), device.child("bindingFailureConditions"));
    for list in [&good, &bad] {
        for (index, condition) in list.items().enumerate() {
            condition.name(errors, meta::names::qualified_name);
            if list.list()[..index].contains(condition.value) {
                condition.duplicate(errors);
            }
        }
        at_most(list, MAX_CONDITIONS, errors);
    }
    if bad.is_empty() && !good.is_empty() {
        bad.invalid(errors, "bindingFailureConditions are required to use bindingConditions");
    }
    if good.is_empty() && !bad.is_empty() {
        good.invalid(errors, "bindingConditions are required to use bindingFailureConditions");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_semantic() {
        for good in ["1.2.3", "0.0.0", "1.0.0-alpha.1", "1.0.0-0a", "1.0.0+01", "1.0.0-a-b+c.d"] {
            assert!(is_semver(good), "{good}");
        }
        for bad in ["", "1.2", "01.2.3", "1.2.3-", "1.2.3-01", "1.2.3x", "v1.2.3", "1.2.3+"] {
            assert!(!is_semver(bad), "{bad}");
        }
    }
}
