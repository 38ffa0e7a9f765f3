//! `volumeattributesclasses` of storage.k8s.io/v1.

use object::Value;
use registry::{Context, DeleteAnswer, Resource, Strategy, StrategyOptions};
use status::FieldErrors;

use super::storageclasses::{validate_parameters, validate_provisioner};
use crate::checks::Field;
use crate::describe::{Describe, Types};
use crate::tables::{Column, Columns, name_of_class};

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(
        types,
        "storage.k8s.io",
        "v1",
        "volumeattributesclasses",
        "VolumeAttributesClass",
        VolumeAttributesClass,
    )
    .cluster()
    .short_names(&["vac"])
    .columns(COLUMNS)
    .finish()
}

/// How they are shown in tables.
const COLUMNS: Columns = Columns::new(
    &[Column::NAME, Column::text("DriverName", "The driver that knows its parameters."), Column::AGE],
    |class, row| {
        name_of_class(class, &["volumeattributesclass.alpha.kubernetes.io/is-default-class"], row);
        row.text(class.str_at(["driverName"]));
        row.age(class);
    },
);

#[derive(Debug)]
struct VolumeAttributesClass;

impl Strategy for VolumeAttributesClass {
    fn options(&self) -> StrategyOptions {
        StrategyOptions { delete_answer: DeleteAnswer::Object, ..StrategyOptions::USUAL }
    }

    fn validate_create(&self, _context: &mut Context<'_>, object: &Value, errors: &mut FieldErrors) {
        validate(&Field::root(object), errors);
    }

    fn validate_update(
        &self,
        _context: &mut Context<'_>,
        object: &Value,
        old: &Value,
        errors: &mut FieldErrors,
    ) {
        let (class, old) = (Field::root(object), Field::root(old));
        for (field, detail) in [
            ("driverName", "updates to driverName are forbidden."),
            ("parameters", "updates to parameters are forbidden."),
        ] {
            if !class.child(field).same(&old.child(field)) {
                class.child(field).forbidden(errors, detail);
            }
        }
        validate(&class, errors);
    }
}

fn validate(class: &Field<'_, '_>, errors: &mut FieldErrors) {
    validate_provisioner(&class.child("driverName"), errors);
    let parameters = class.child("parameters");
    if parameters.is_empty() {
        parameters.missing(errors, "must contain at least one key/value pair");
    } else {
        validate_parameters(&parameters, errors);
    }
}
