//! The strategies of workloads: what makes pods of a template, and its status. A kind says what is its own.

use object::Value;
use registry::{Context, Strategy, StrategyOptions, Warnings};
use schema::TypeRef;
use status::FieldErrors;

use crate::checks::Field;
use crate::{pod, rules};

const TEMPLATE: [&str; 2] = ["spec", "template"];

/// A kind of workload.
#[derive(Debug)]
pub(crate) struct Workload {
    /// The plain choices.
    pub(crate) options: StrategyOptions,
    /// Fills in the defaults.
    pub(crate) default: fn(&mut Value),
    /// Resets what is the kind's own of a new object (no old one) or a changed one.
    pub(crate) prepare: Option<fn(&mut Value, Option<&Value>)>,
    /// Checks the spec.
    pub(crate) validate: fn(&Field<'_, '_>, TypeRef<'_>, &mut FieldErrors),
    /// Checks what may not change.
    pub(crate) validate_change: Option<fn(&Value, &Value, TypeRef<'_>, &mut FieldErrors)>,
    /// Whether its name becomes part of host names, which is warned of.
    pub(crate) names_hosts: bool,
    /// Warns of what is the kind's own.
    pub(crate) warn: Option<fn(&Value, &mut Warnings)>,
}

impl Workload {
    /// What most workloads choose.
    pub(crate) const USUAL: StrategyOptions = StrategyOptions { generation: true, ..StrategyOptions::USUAL };
}

impl Strategy for &'static Workload {
    fn options(&self) -> StrategyOptions {
        self.options
    }

    fn default(&self, object: &mut Value) {
        (self.default)(object);
    }

    fn prepare_create(&self, _context: &mut Context<'_>, object: &mut Value) {
        object.remove("status");
        pod::drop_disabled_in_template(object, None, &TEMPLATE);
        if let Some(prepare) = self.prepare {
            prepare(object, None);
        }
    }

    fn validate_create(&self, context: &mut Context<'_>, object: &Value, errors: &mut FieldErrors) {
        let root = Field::root(object);
        (self.validate)(&root.child("spec"), context.request.resource.ty.get(), errors);
    }

    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        rules::restore(object, old, &["status"]);
        pod::drop_disabled_in_template(object, Some(old), &TEMPLATE);
        if let Some(prepare) = self.prepare {
            prepare(object, Some(old));
        }
    }

    fn validate_update(
        &self,
        context: &mut Context<'_>,
        object: &Value,
        old: &Value,
        errors: &mut FieldErrors,
    ) {
        self.validate_create(context, object, errors);
        if let Some(validate) = self.validate_change {
            validate(object, old, context.request.resource.ty.get(), errors);
        }
    }

    fn warn(&self, context: &mut Context<'_>, object: &Value, old: Option<&Value>) {
        if self.names_hosts {
            super::warn_of_name(object, old, context.warnings);
        }
        super::warn_of_template(object, old, context.warnings);
        if let Some(warn) = self.warn {
            warn(object, context.warnings);
        }
    }

    fn reset_fields(&self) -> &'static [&'static str] {
        &["status"]
    }
}

/// The status of a kind of workload: counters of its pods.
#[derive(Debug)]
pub(crate) struct WorkloadStatus {
    /// What a client does not own who writes the status: `spec`, and what of the metadata stays.
    pub(crate) kept: &'static [&'static str],
    /// Fields that are not negative.
    pub(crate) counters: &'static [&'static str],
    /// Those that are at most the whole.
    pub(crate) parts: &'static [&'static str],
    /// The field that counts all of the pods.
    pub(crate) whole: &'static str,
    /// What is said if more pods are available than ready; empty where that is not looked at.
    pub(crate) too_many_available: &'static str,
}

impl Strategy for &'static WorkloadStatus {
    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        for path in self.kept {
            rules::restore(object, old, &path.split('.').collect::<Vec<_>>());
        }
    }

    fn validate_update(
        &self,
        _context: &mut Context<'_>,
        object: &Value,
        old: &Value,
        errors: &mut FieldErrors,
    ) {
        let root = Field::root(object);
        let status = root.child("status");
        super::counters(&status, self.counters, self.parts, self.whole, errors);
        let available = status.child("availableReplicas");
        if !self.too_many_available.is_empty() && available.int() > status.child("readyReplicas").int() {
            available.invalid(errors, self.too_many_available);
        }
        if self.counters.contains(&"collisionCount") {
            super::collision_count(&status, old, errors);
        }
    }

    fn reset_fields(&self) -> &'static [&'static str] {
        self.kept
    }
}
