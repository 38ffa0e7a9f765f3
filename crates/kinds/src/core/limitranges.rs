//! `limitranges` of the core group.

use registry::{Resource, Strategy, StrategyOptions};

use crate::describe::{Describe, Types};

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "", "v1", "limitranges", "LimitRange", LimitRange).short_names(&["limits"]).finish()
}

#[derive(Debug)]
struct LimitRange;

impl Strategy for LimitRange {
    fn options(&self) -> StrategyOptions {
        StrategyOptions { create_on_update: true, ..StrategyOptions::USUAL }
    }
}
