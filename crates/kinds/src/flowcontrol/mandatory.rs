//! The objects that flow control can't do without: their specs are fixed.

use object::Value;
use registry::Context;
use status::{FieldError, FieldErrors};

use crate::bootstrap;
use crate::checks::Field;
use crate::internal;

const NAMES: &[&str] = &["catch-all", "exempt"];

/// Which table an object stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Table {
    /// Flow schemas.
    Schemas,
    /// Priority levels.
    Levels,
}

/// The spec of a mandatory object must be the fixed one, but for the numbers of the exempt level.
pub(super) fn validate(
    table: Table,
    context: &Context<'_>,
    name: &str,
    spec: &Field<'_, '_>,
    errors: &mut FieldErrors,
) {
    if !NAMES.contains(&name) {
        return;
    }
    let fixed = match table {
        Table::Schemas => bootstrap::flow_schema_spec(name),
        Table::Levels => bootstrap::priority_level_spec(name),
    };
    let (Some(mut fixed), Some(ty)) = (fixed, context.request.resource.ty.get().child("spec")) else {
        return;
    };
    schema::normalise(ty, &mut fixed);
    let (mut given, mut detail) =
        (spec.value.clone(), format!("spec of '{name}' must equal the fixed value"));
    if table == Table::Levels && name == "exempt" {
        for spec in [&mut given, &mut fixed] {
            spec.set("exempt", Value::Null);
        }
        detail = format!("spec of '{name}' except the 'spec.exempt' field must equal the fixed value");
    }
    if given != fixed {
        let value = internal::bad_value(Some(ty), spec.value);
        errors.push(FieldError::invalid(&spec.path, value, detail));
    }
}
