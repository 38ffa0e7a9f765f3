//! A kind's rules: what is defaulted, reset and checked around each verb (`rest.*Strategy` of the original).

use std::fmt::Debug;

use object::Value;
use status::FieldErrors;

use crate::{Request, Warnings};

/// What the rules of a kind may look at besides the object.
pub struct Context<'a> {
    /// The request.
    pub request: &'a Request,
    /// Nothing will be persisted.
    pub dry_run: bool,
    /// Where to put warnings.
    pub warnings: &'a mut Warnings,
    /// The time, RFC 3339 with seconds.
    pub now: &'a str,
}

/// What a successful delete answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DeleteAnswer {
    /// A success `Status` naming the object, unless finalizers or grace keep it.
    #[default]
    Status,
    /// The object as it was last.
    Object,
}

/// The plain choices of a kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StrategyOptions {
    /// PUT of an absent object creates it.
    pub create_on_update: bool,
    /// PUT without a resource version is taken.
    pub unconditional_update: bool,
    /// `metadata.generation` starts at 1 and counts changes of the spec.
    pub generation: bool,
    /// What a delete answers.
    pub delete_answer: DeleteAnswer,
    /// Dependents are orphaned unless the request says otherwise.
    pub orphan_by_default: bool,
}

/// A kind's rules. Every method has a default that does nothing; objects are normalised and in this version.
pub trait Strategy: Send + Sync + Debug {
    /// The plain choices.
    fn options(&self) -> StrategyOptions {
        StrategyOptions { unconditional_update: true, ..StrategyOptions::default() }
    }

    /// Fills in what the version's defaults say, on writes and (for stored objects of older releases) on reads.
    fn default(&self, _object: &mut Value) {}

    /// Resets what a creator may not set.
    fn prepare_create(&self, _context: &mut Context<'_>, _object: &mut Value) {}

    /// Checks a new object.
    fn validate_create(&self, _context: &mut Context<'_>, _object: &Value, _errors: &mut FieldErrors) {}

    /// Resets what an updater may not change.
    fn prepare_update(&self, _context: &mut Context<'_>, _object: &mut Value, _old: &Value) {}

    /// Checks a changed object.
    fn validate_update(
        &self,
        _context: &mut Context<'_>,
        _object: &Value,
        _old: &Value,
        _errors: &mut FieldErrors,
    ) {
    }

    /// The paths that are reset here and so never owned by a manager who writes through it.
    fn reset_fields(&self) -> &'static [&'static str] {
        &[]
    }
}

/// Rules of a kind that has none of its own.
#[derive(Clone, Copy, Debug, Default)]
pub struct Basic;

impl Strategy for Basic {}
