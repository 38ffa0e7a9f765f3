//! `leases` of coordination.k8s.io/v1.

use object::Value;
use registry::{Context, Resource, Strategy, StrategyOptions};
use status::FieldErrors;

use crate::checks::Field;
use crate::describe::{Describe, Types};
use crate::rules;
use crate::tables::{Column, Columns};

/// What is behind a feature gate that is off (CoordinatedLeaderElection).
const GATED: &[&[&str]] = &[&["spec", "strategy"], &["spec", "preferredHolder"]];

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "coordination.k8s.io", "v1", "leases", "Lease", Lease).columns(COLUMNS).finish()
}

/// How they are shown in tables.
const COLUMNS: Columns =
    Columns::new(&[Column::NAME, Column::text("Holder", "Who holds it."), Column::AGE], |lease, row| {
        row.name(lease);
        row.text(lease.str_at(["spec", "holderIdentity"]));
        row.age(lease);
    });

#[derive(Debug)]
struct Lease;

impl Strategy for Lease {
    fn options(&self) -> StrategyOptions {
        StrategyOptions { create_on_update: true, unconditional_update: false, ..StrategyOptions::USUAL }
    }

    fn prepare_create(&self, _context: &mut Context<'_>, object: &mut Value) {
        rules::drop_gated(object, None, GATED);
    }

    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        rules::drop_gated(object, Some(old), GATED);
    }

    fn validate_create(&self, _context: &mut Context<'_>, object: &Value, errors: &mut FieldErrors) {
        let lease = Field::root(object);
        let spec = lease.child("spec");
        if let Some(duration) = spec.child("leaseDurationSeconds").present()
            && duration.int() <= 0
        {
            duration.invalid(errors, "must be greater than 0");
        }
        spec.child("leaseTransitions").non_negative(errors);
    }
}
