//! `resourceclaimtemplates` of resource.k8s.io/v1.

use object::Value;
use registry::{Context, DeleteAnswer, Resource, Strategy, StrategyOptions};
use status::{FieldError, FieldErrors};

use super::requests::{default_claim, validate_claim};
use crate::checks::Field;
use crate::describe::{Describe, Types};
use crate::internal;

/// The metadata that claims can't be given by a template.
const NOT_GIVEN: &[&str] = &[
    "name",
    "generateName",
    "namespace",
    "uid",
    "resourceVersion",
    "generation",
    "creationTimestamp",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
    "ownerReferences",
    "finalizers",
    "managedFields",
];

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(
        types,
        "resource.k8s.io",
        "v1",
        "resourceclaimtemplates",
        "ResourceClaimTemplate",
        ResourceClaimTemplate,
    )
    .columns(crate::tables::NAME_AND_AGE)
    .finish()
}

#[derive(Debug)]
struct ResourceClaimTemplate;

impl Strategy for ResourceClaimTemplate {
    fn options(&self) -> StrategyOptions {
        StrategyOptions { delete_answer: DeleteAnswer::Object, ..StrategyOptions::USUAL }
    }

    fn default(&self, object: &mut Value) {
        if let Some(spec) = object.at_mut(["spec", "spec"]) {
            default_claim(spec);
        }
    }

    fn validate_create(&self, _context: &mut Context<'_>, object: &Value, errors: &mut FieldErrors) {
        let template = Field::root(object);
        validate(&template.child("spec"), errors);
    }

    fn validate_update(
        &self,
        context: &mut Context<'_>,
        object: &Value,
        old: &Value,
        errors: &mut FieldErrors,
    ) {
        let (template, old) = (Field::root(object), Field::root(old));
        let spec = template.child("spec");
        validate(&spec, errors);
        if !spec.same(&old.child("spec")) {
            let ty = context.request.resource.ty.get().child("spec");
            let value = internal::bad_value(ty, spec.value);
            errors.push(FieldError::invalid(&spec.path, value, "field is immutable"));
        }
    }
}

fn validate(spec: &Field<'_, '_>, errors: &mut FieldErrors) {
    let metadata = spec.child("metadata");
    let annotations = metadata.child("annotations");
    let pairs = annotations.entries().map(|(key, value)| (key, value.as_str().unwrap_or("")));
    errors.extend(meta::names::check_annotations(&annotations.path, pairs));
    let labels = metadata.child("labels");
    let pairs = labels.entries().map(|(key, value)| (key, value.as_str().unwrap_or("")));
    errors.extend(meta::names::check_labels(&labels.path, pairs));
    for field in NOT_GIVEN {
        let field = metadata.child(field);
        if !field.is_empty() {
            field.forbidden(errors, "cannot be set");
        }
    }
    validate_claim(&spec.child("spec"), errors);
}
