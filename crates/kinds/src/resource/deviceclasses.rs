//! `deviceclasses` of resource.k8s.io/v1.

use object::Value;
use registry::{Context, DeleteAnswer, Resource, Strategy, StrategyOptions};
use status::FieldErrors;

use super::requests::validate_class;
use crate::checks::Field;
use crate::describe::{Describe, Types};

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "resource.k8s.io", "v1", "deviceclasses", "DeviceClass", DeviceClass)
        .cluster()
        .columns(crate::tables::NAME_AND_AGE)
        .finish()
}

#[derive(Debug)]
struct DeviceClass;

impl Strategy for DeviceClass {
    fn options(&self) -> StrategyOptions {
        StrategyOptions { generation: true, delete_answer: DeleteAnswer::Object, ..StrategyOptions::USUAL }
    }

    fn validate_create(&self, _context: &mut Context<'_>, object: &Value, errors: &mut FieldErrors) {
        let class = Field::root(object);
        let spec = class.child("spec");
        validate_class(&spec, errors);
        let name = spec.child("extendedResourceName");
        if name.is_present() && !is_extended_resource(name.text()) {
            name.invalid(errors, "must be a valid extended resource name");
        }
    }
}

/// Whether a resource is none of Kubernetes' own, and can be asked for by quota.
fn is_extended_resource(name: &str) -> bool {
    let own = !name.contains('/') || name.contains("kubernetes.io/") || name.starts_with("requests.");
    !own && meta::names::qualified_name(&format!("requests.{name}")).is_empty()
}
