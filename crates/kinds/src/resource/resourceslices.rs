//! `resourceslices` of resource.k8s.io/v1.

use object::Value;
use registry::{Context, DeleteAnswer, FieldLabels, Resource, Strategy, StrategyOptions};
use schema::TypeRef;
use status::{FieldError, FieldErrors};

use super::devices;
use super::names::validate_driver;
use super::requests::{at_most, distinct};
use crate::checks::Field;
use crate::describe::{Describe, Types};
use crate::fields::{default_absent, items_mut, present_mut};
use crate::internal;
use crate::tables::{Column, Columns};

const MAX_DEVICES: usize = 128;
const MAX_COUNTER_SETS: usize = 8;
const MAX_POOL_NAME: usize = 253;

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "resource.k8s.io", "v1", "resourceslices", "ResourceSlice", ResourceSlice)
        .cluster()
        .selectable_fields(&[("spec.nodeName", ""), ("spec.driver", "")])
        .field_labels(FieldLabels::Typed)
        .columns(COLUMNS)
        .finish()
}

/// How they are shown in tables.
const COLUMNS: Columns = Columns::new(
    &[
        Column::NAME,
        Column::text("Node", "The node that has the devices."),
        Column::text("Driver", "The driver that offers them."),
        Column::text("Pool", "The pool they belong to."),
        Column::AGE,
    ],
    |slice, row| {
        row.name(slice);
        row.text(slice.str_at(["spec", "nodeName"]));
        row.text(slice.str_at(["spec", "driver"]));
        row.text(slice.str_at(["spec", "pool", "name"]));
        row.age(slice);
    },
);

#[derive(Debug)]
struct ResourceSlice;

impl Strategy for ResourceSlice {
    fn options(&self) -> StrategyOptions {
        StrategyOptions { generation: true, delete_answer: DeleteAnswer::Object, ..StrategyOptions::USUAL }
    }

    fn prepare_create(&self, context: &mut Context<'_>, object: &mut Value) {
        drop_gated(object);
        date_taints(object, context.now);
    }

    fn prepare_update(&self, context: &mut Context<'_>, object: &mut Value, _old: &Value) {
        drop_gated(object);
        date_taints(object, context.now);
    }

    fn validate_create(&self, context: &mut Context<'_>, object: &Value, errors: &mut FieldErrors) {
        let slice = Field::root(object);
        validate(&slice.child("spec"), context.request.resource.ty.get(), errors);
    }

    fn validate_update(
        &self,
        context: &mut Context<'_>,
        object: &Value,
        old: &Value,
        errors: &mut FieldErrors,
    ) {
        let (slice, old) = (Field::root(object), Field::root(old));
        let (spec, old) = (slice.child("spec"), old.child("spec"));
        validate(&spec, context.request.resource.ty.get(), errors);
        let (pool, old_pool) = (spec.child("pool"), old.child("pool"));
        pool.child("name").immutable_text(errors, &old_pool.child("name"));
        spec.child("driver").immutable_text(errors, &old.child("driver"));
        spec.child("nodeName").immutable(errors, &old.child("nodeName"));
    }
}

/// Removes what belongs to feature gates that are off (DRAListTypeAttributes, DRANodeAllocatableResources).
fn drop_gated(object: &mut Value) {
    let Some(spec) = present_mut(object, "spec") else { return };
    for device in items_mut(spec, "devices") {
        device.remove("nodeAllocatableResourceMappings");
        let attributes = device.get_mut("attributes").and_then(Value::as_object_mut);
        for (_, attribute) in attributes.into_iter().flat_map(|attributes| attributes.iter_mut()) {
            for list in ["ints", "bools", "strings", "versions"] {
                attribute.remove(list);
            }
        }
    }
}

/// Taints are dated when they are first seen.
fn date_taints(object: &mut Value, now: &str) {
    let Some(spec) = present_mut(object, "spec") else { return };
    for device in items_mut(spec, "devices") {
        items_mut(device, "taints").iter_mut().for_each(|taint| default_absent(taint, "timeAdded", now));
    }
}

fn validate(spec: &Field<'_, '_>, ty: TypeRef<'_>, errors: &mut FieldErrors) {
    validate_driver(&spec.child("driver"), errors);
    validate_pool(&spec.child("pool"), errors);
    validate_nodes(spec, ty, errors);
    let (devices, counters) = (spec.child("devices"), spec.child("sharedCounters"));
    if !devices.is_empty() && !counters.is_empty() {
        let detail = "only one of `sharedCounters` or `devices` is allowed";
        errors.push(FieldError::invalid(&spec.path, "", detail));
    }
    let selects = spec.child("perDeviceNodeSelection").flag();
    for device in devices.items() {
        devices::validate(&device, Some(ty), selects, errors);
    }
    at_most(&devices, MAX_DEVICES, errors);
    distinct(&devices, "name", errors);
    counters.items().for_each(|set| devices::validate_counters(&set, "name", errors));
    at_most(&counters, MAX_COUNTER_SETS, errors);
    distinct(&counters, "name", errors);
}

fn validate_pool(pool: &Field<'_, '_>, errors: &mut FieldErrors) {
    let name = pool.child("name");
    if name.required(errors) {
        if name.text().len() > MAX_POOL_NAME {
            errors.push(FieldError::too_long(&name.path, MAX_POOL_NAME as i64));
        }
        for part in name.text().split('/') {
            for message in meta::names::dns1123_subdomain(part) {
                errors.push(FieldError::invalid(&name.path, part, message));
            }
        }
    }
    let (count, generation) = (pool.child("resourceSliceCount"), pool.child("generation"));
    if count.int() <= 0 {
        errors.push(FieldError::invalid(&count.path, count.int(), "must be greater than zero"));
    }
    if generation.int() < 0 {
        generation.invalid(errors, "must be greater than or equal to zero");
    }
}

/// The slice must say in one way which nodes can use it.
fn validate_nodes(spec: &Field<'_, '_>, ty: TypeRef<'_>, errors: &mut FieldErrors) {
    let mut ways = Vec::new();
    let name = spec.child("nodeName");
    if name.is_present() {
        if name.text().is_empty() {
            name.invalid(errors, "must be either unset or set to a non-empty string");
        } else {
            ways.push("`nodeName`");
            name.name(errors, meta::names::dns1123_subdomain);
        }
    }
    let selector = spec.child("nodeSelector");
    if selector.is_present() {
        ways.push("`nodeSelector`");
        let terms = selector.child("nodeSelectorTerms");
        if terms.is_empty() {
            terms.missing(errors, "must have at least one node selector term");
        }
        if terms.list().len() != 1 {
            let ty = ty.at(["spec", "nodeSelector", "nodeSelectorTerms"]);
            let value = internal::bad_value(ty, terms.value);
            let detail = "must have exactly one node selector term";
            errors.push(FieldError::invalid(&terms.path, value, detail));
        }
    }
    for (field, shown) in [("allNodes", "`allNodes`"), ("perDeviceNodeSelection", "`perDeviceNodeSelection`")]
    {
        let field = spec.child(field);
        if field.flag() {
            ways.push(shown);
        } else if field.is_present() {
            field.invalid(errors, "must be either unset or set to true");
        }
    }
    let needed =
        "exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required";
    match ways.as_slice() {
        [_] => {}
        [] => spec.missing(errors, needed),
        several => {
            let shown = format!("{{{}}}", several.join(", "));
            let detail = format!("{needed}, but multiple fields are set");
            errors.push(FieldError::invalid(&spec.path, shown, detail));
        }
    }
}
