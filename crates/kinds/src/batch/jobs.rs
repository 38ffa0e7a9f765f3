//! `jobs` of batch/v1.

use object::Value;
use registry::{Context, FieldLabels, Resource, Strategy, StrategyOptions};

use crate::{
    describe::{Describe, Types},
    rules,
};

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "batch", "v1", "jobs", "Job", Job)
        .categories(&["all"])
        .selectable_fields(&[("status.successful", "")])
        .field_labels(FieldLabels::Kind)
        .status(JobStatus)
        .finish()
}

#[derive(Debug)]
struct Job;

impl Strategy for Job {
    fn options(&self) -> StrategyOptions {
        StrategyOptions { generation: true, orphan_by_default: true, ..StrategyOptions::USUAL }
    }
}

#[derive(Debug)]
struct JobStatus;

impl Strategy for JobStatus {
    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        rules::only_status(object, old);
    }
}
