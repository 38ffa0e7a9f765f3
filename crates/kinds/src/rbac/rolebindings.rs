//! `rolebindings` of rbac.authorization.k8s.io/v1.

use object::Value;
use registry::{Context, NameRule, Resource, Strategy, StrategyOptions};
use status::FieldErrors;

use super::rules;
use crate::checks::Field;
use crate::describe::{Describe, Types};

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "rbac.authorization.k8s.io", "v1", "rolebindings", "RoleBinding", RoleBinding)
        .columns(super::columns::COLUMNS)
        .finish()
}

#[derive(Debug)]
struct RoleBinding;

impl Strategy for RoleBinding {
    fn options(&self) -> StrategyOptions {
        StrategyOptions {
            create_on_update: true,
            names: NameRule::PathSegment,
            checks_metadata_again: true,
            ..StrategyOptions::USUAL
        }
    }

    fn default(&self, object: &mut Value) {
        rules::default_binding(object);
    }

    fn validate_create(&self, _context: &mut Context<'_>, object: &Value, errors: &mut FieldErrors) {
        rules::validate_binding(&Field::root(object), true, &["Role", "ClusterRole"], errors);
    }

    fn validate_update(
        &self,
        context: &mut Context<'_>,
        object: &Value,
        old: &Value,
        errors: &mut FieldErrors,
    ) {
        self.validate_create(context, object, errors);
        let ty = context.request.resource.ty.get();
        rules::role_is_kept(&Field::root(object), &Field::root(old), ty, errors);
    }
}
