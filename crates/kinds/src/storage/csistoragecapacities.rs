//! `csistoragecapacities` of storage.k8s.io/v1.

use meta::Quantity;
use object::Value;
use registry::{Context, Resource, Strategy, StrategyOptions};
use status::FieldErrors;

use crate::checks::{Field, NOT_NEGATIVE};
use crate::describe::{Describe, Types};

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(
        types,
        "storage.k8s.io",
        "v1",
        "csistoragecapacities",
        "CSIStorageCapacity",
        CSIStorageCapacity,
    )
    .finish()
}

#[derive(Debug)]
struct CSIStorageCapacity;

impl Strategy for CSIStorageCapacity {
    fn options(&self) -> StrategyOptions {
        StrategyOptions { unconditional_update: false, ..StrategyOptions::USUAL }
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
        let (capacity, old) = (Field::root(object), Field::root(old));
        validate(&capacity, errors);
        for field in ["nodeTopology", "storageClassName"] {
            capacity.child(field).immutable(errors, &old.child(field));
        }
    }
}

fn validate(capacity: &Field<'_, '_>, errors: &mut FieldErrors) {
    capacity.child("storageClassName").name(errors, meta::names::dns1123_subdomain);
    if let Some(selector) = capacity.child("nodeTopology").present() {
        selector.label_selector(errors, false);
    }
    let quantity = capacity.child("capacity");
    if Quantity::parse(quantity.text()).is_ok_and(|parsed| parsed.signum() < 0) {
        quantity.invalid(errors, NOT_NEGATIVE);
    }
}
