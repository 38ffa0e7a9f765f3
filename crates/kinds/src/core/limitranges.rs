//! `limitranges` of the core group.

use object::Value;
use registry::{Context, Resource, Strategy, StrategyOptions};
use status::FieldErrors;

use super::limit_rules;
use crate::{
    describe::{Describe, Types},
    fields::{items_mut, present_mut, round_resources, text},
};

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "", "v1", "limitranges", "LimitRange", LimitRange).short_names(&["limits"]).finish()
}

#[derive(Debug)]
struct LimitRange;

impl Strategy for LimitRange {
    fn options(&self) -> StrategyOptions {
        StrategyOptions {
            create_on_update: true,
            checks_metadata_twice: false,
            checks_metadata_again: true,
            ..StrategyOptions::USUAL
        }
    }

    fn default(&self, object: &mut Value) {
        let Some(spec) = present_mut(object, "spec") else { return };
        items_mut(spec, "limits").iter_mut().for_each(default_limit);
    }

    fn validate_create(&self, _context: &mut Context<'_>, object: &Value, errors: &mut FieldErrors) {
        limit_rules::always(object, errors);
    }

    fn validate_update(
        &self,
        _context: &mut Context<'_>,
        object: &Value,
        _old: &Value,
        errors: &mut FieldErrors,
    ) {
        limit_rules::always(object, errors);
    }
}

fn default_limit(limit: &mut Value) {
    for field in ["max", "min", "default", "defaultRequest", "maxLimitRequestRatio"] {
        round_resources(limit, field);
    }
    if text(limit, "type") != "Container" {
        return;
    }
    // Where a limit is missing the maximum is one; where a request is, the limit, else the minimum.
    for (from, to) in [("max", "default"), ("default", "defaultRequest"), ("min", "defaultRequest")] {
        let Some(known) = limit.get(from).and_then(Value::as_object).cloned() else { continue };
        let target = limit.object_at(to);
        for (name, quantity) in known.iter() {
            target.get_or_insert_with(name, || quantity.clone());
        }
    }
}
