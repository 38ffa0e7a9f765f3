//! `servicecidrs` of networking.k8s.io/v1.

use meta::names::parse_cidr;
use object::Value;
use registry::{Context, Resource, Strategy};
use status::{FieldError, FieldErrors};

use crate::checks::Field;
use crate::describe::{Describe, Types};
use crate::tables::{Column, Columns, joined};
use crate::{internal, rules};

const MAX_RANGES: usize = 2;

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "networking.k8s.io", "v1", "servicecidrs", "ServiceCIDR", ServiceCIDR)
        .cluster()
        .status(ServiceCIDRStatus)
        .columns(COLUMNS)
        .finish()
}

/// How they are shown in tables.
const COLUMNS: Columns = Columns::new(
    &[Column::NAME, Column::text("CIDRs", "The ranges services get addresses of."), Column::AGE],
    |range, row| {
        row.name(range);
        row.text(&joined(range.get("spec").unwrap_or(&Value::Null), "cidrs", ","));
        row.age(range);
    },
);

#[derive(Debug)]
struct ServiceCIDR;

impl Strategy for ServiceCIDR {
    fn prepare_create(&self, _context: &mut Context<'_>, object: &mut Value) {
        object.remove("status");
    }

    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        rules::restore(object, old, &["status"]);
    }

    fn validate_create(&self, context: &mut Context<'_>, object: &Value, errors: &mut FieldErrors) {
        let range = Field::root(object);
        validate(context, &range.child("spec"), errors);
    }

    fn validate_update(
        &self,
        context: &mut Context<'_>,
        object: &Value,
        old: &Value,
        errors: &mut FieldErrors,
    ) {
        let (range, old) = (Field::root(object), Field::root(old));
        let (spec, old_spec) = (range.child("spec"), old.child("spec"));
        let (cidrs, old) = (spec.child("cidrs"), old_spec.child("cidrs"));
        match (old.list().len(), cidrs.list().len()) {
            (before, now) if before == now => {
                cidrs.items().zip(old.items()).for_each(|(cidr, old)| cidr.immutable(errors, &old));
            }
            // A range of the other family may be added.
            (1, MAX_RANGES) => {
                cidrs.items().zip(old.items()).for_each(|(cidr, old)| cidr.immutable(errors, &old));
                validate(context, &spec, errors);
            }
            _ => cidrs.immutable(errors, &old),
        }
    }

    fn reset_fields(&self) -> &'static [&'static str] {
        &["status"]
    }
}

fn validate(context: &Context<'_>, spec: &Field<'_, '_>, errors: &mut FieldErrors) {
    let cidrs = spec.child("cidrs");
    let ty = context.request.resource.ty.get().child("spec");
    match cidrs.list() {
        [] => return cidrs.missing(errors, "at least one CIDR required"),
        [_] => {}
        [first, second] => {
            let family = |cidr: &Value| parse_cidr(cidr.as_str()?).map(|cidr| cidr.address.is_ipv4());
            if family(first).is_some() && family(first) == family(second) {
                let detail = "may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and \
                              2001:db8::/64";
                return cidrs.invalid(errors, detail);
            }
        }
        _ => {
            let value = internal::bad_value(ty, spec.value);
            return errors.push(FieldError::invalid(&cidrs.path, value, "may only hold up to 2 values"));
        }
    }
    for cidr in cidrs.items() {
        cidr.name(errors, meta::names::cidr);
    }
}

#[derive(Debug)]
struct ServiceCIDRStatus;

impl Strategy for ServiceCIDRStatus {
    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        rules::restore(object, old, &["spec"]);
    }

    fn reset_fields(&self) -> &'static [&'static str] {
        &["spec"]
    }
}
