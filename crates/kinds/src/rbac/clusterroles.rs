//! `clusterroles` of rbac.authorization.k8s.io/v1.

use object::Value;
use registry::{Context, NameRule, Resource, Strategy, StrategyOptions};
use status::{BadValue, FieldError, FieldErrors};

use super::rules;
use crate::checks::Field;
use crate::describe::{Describe, Types};

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "rbac.authorization.k8s.io", "v1", "clusterroles", "ClusterRole", ClusterRole)
        .cluster()
        .finish()
}

#[derive(Debug)]
struct ClusterRole;

impl Strategy for ClusterRole {
    fn options(&self) -> StrategyOptions {
        StrategyOptions {
            create_on_update: true,
            names: NameRule::PathSegment,
            checks_metadata_again: true,
            ..StrategyOptions::USUAL
        }
    }

    fn validate_create(&self, _context: &mut Context<'_>, object: &Value, errors: &mut FieldErrors) {
        let role = Field::root(object);
        rules::validate_rules(&role, false, errors);
        if let Some(aggregation) = role.child("aggregationRule").present() {
            validate_aggregation(&aggregation.child("clusterRoleSelectors"), errors);
        }
    }
}

fn validate_aggregation(selectors: &Field<'_, '_>, errors: &mut FieldErrors) {
    if selectors.is_empty() {
        let detail = "at least one clusterRoleSelector required if aggregationRule is non-nil";
        selectors.missing(errors, detail);
    }
    for selector in selectors.items() {
        let known = errors.len();
        selector.label_selector(errors, false);
        if errors.len() > known {
            errors.push(FieldError::invalid(&selector.path, BadValue::Null, "invalid label selector."));
        }
    }
}
