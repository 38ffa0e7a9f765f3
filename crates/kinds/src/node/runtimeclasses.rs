//! `runtimeclasses` of node.k8s.io/v1.

use meta::Quantity;
use object::Value;
use registry::{Context, Resource, Strategy, StrategyOptions};
use schema::TypeRef;
use status::{FieldError, FieldErrors};

use crate::checks::{Field, NOT_NEGATIVE};
use crate::describe::{Describe, Types};
use crate::tables::{Column, Columns};
use crate::{internal, tolerations};

/// Resources that need no domain.
const STANDARD_RESOURCES: &[&str] = &["cpu", "memory", "ephemeral-storage"];

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "node.k8s.io", "v1", "runtimeclasses", "RuntimeClass", RuntimeClass)
        .cluster()
        .columns(COLUMNS)
        .finish()
}

/// How they are shown in tables.
const COLUMNS: Columns = Columns::new(
    &[Column::NAME, Column::text("Handler", "What the runtime of the nodes calls it."), Column::AGE],
    |class, row| {
        row.name(class);
        row.text(class.str_at(["handler"]));
        row.age(class);
    },
);

#[derive(Debug)]
struct RuntimeClass;

impl Strategy for RuntimeClass {
    fn options(&self) -> StrategyOptions {
        StrategyOptions { create_on_update: true, unconditional_update: false, ..StrategyOptions::USUAL }
    }

    fn validate_create(&self, context: &mut Context<'_>, object: &Value, errors: &mut FieldErrors) {
        validate(context.request.resource.ty.get(), &Field::root(object), errors);
    }

    fn validate_update(
        &self,
        context: &mut Context<'_>,
        object: &Value,
        old: &Value,
        errors: &mut FieldErrors,
    ) {
        let (class, old) = (Field::root(object), Field::root(old));
        validate(context.request.resource.ty.get(), &class, errors);
        class.child("handler").immutable_text(errors, &old.child("handler"));
    }
}

fn validate(ty: TypeRef<'_>, class: &Field<'_, '_>, errors: &mut FieldErrors) {
    let handler = class.child("handler");
    if handler.required(errors) {
        handler.name(errors, meta::names::dns1123_label);
    }
    let overhead = class.child("overhead");
    let limits = Field { path: overhead.path.child("limits"), ..overhead.child("podFixed") };
    validate_overhead(&limits, errors);
    let scheduling = class.child("scheduling");
    let selector = scheduling.child("nodeSelector");
    let pairs = selector.entries().map(|(key, value)| (key, value.as_str().unwrap_or("")));
    errors.extend(meta::names::check_labels(&selector.path, pairs));
    validate_tolerations(ty, &scheduling.child("tolerations"), errors);
}

fn validate_overhead(limits: &Field<'_, '_>, errors: &mut FieldErrors) {
    for (name, value) in limits.entries() {
        let path = limits.path.key(name);
        for message in meta::names::qualified_name(name) {
            errors.push(FieldError::invalid(&path, name, message));
        }
        let plain = !name.contains('/');
        if plain && !STANDARD_RESOURCES.contains(&name) && !name.starts_with("hugepages-") {
            for detail in [
                "must be a standard resource type or fully qualified",
                "must be a standard resource for containers",
            ] {
                errors.push(FieldError::invalid(&path, name, detail));
            }
        }
        if Quantity::parse(value.as_str().unwrap_or("")).is_ok_and(|quantity| quantity.signum() < 0) {
            Field { value, path }.invalid(errors, NOT_NEGATIVE);
        }
    }
}

fn validate_tolerations(ty: TypeRef<'_>, list: &Field<'_, '_>, errors: &mut FieldErrors) {
    tolerations::validate(list, errors);
    let ty = ty.at(["scheduling", "tolerations"]).and_then(|list| list.items());
    for (index, item) in list.items().enumerate() {
        if list.list()[..index].contains(item.value) {
            errors.push(FieldError::duplicate(&item.path, internal::bad_value(ty, item.value)));
        }
    }
}
