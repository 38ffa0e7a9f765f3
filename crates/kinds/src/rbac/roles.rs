//! `roles` of rbac.authorization.k8s.io/v1.

use object::Value;
use registry::{Context, NameRule, Resource, Strategy, StrategyOptions};
use status::FieldErrors;

use super::rules;
use crate::checks::Field;
use crate::describe::{Describe, Types};

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "rbac.authorization.k8s.io", "v1", "roles", "Role", Role).finish()
}

#[derive(Debug)]
struct Role;

impl Strategy for Role {
    fn options(&self) -> StrategyOptions {
        StrategyOptions {
            create_on_update: true,
            names: NameRule::PathSegment,
            checks_metadata_again: true,
            ..StrategyOptions::USUAL
        }
    }

    fn validate_create(&self, _context: &mut Context<'_>, object: &Value, errors: &mut FieldErrors) {
        rules::validate_rules(&Field::root(object), true, errors);
    }
}
