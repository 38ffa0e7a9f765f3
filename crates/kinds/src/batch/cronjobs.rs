//! `cronjobs` of batch/v1.

use object::Value;
use registry::{Context, Resource, Strategy, StrategyOptions};

use crate::{
    describe::{Describe, Types},
    rules,
};

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "batch", "v1", "cronjobs", "CronJob", CronJob)
        .short_names(&["cj"])
        .categories(&["all"])
        .status(CronJobStatus)
        .finish()
}

#[derive(Debug)]
struct CronJob;

impl Strategy for CronJob {
    fn options(&self) -> StrategyOptions {
        StrategyOptions { generation: true, ..StrategyOptions::USUAL }
    }
}

#[derive(Debug)]
struct CronJobStatus;

impl Strategy for CronJobStatus {
    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        rules::only_status(object, old);
    }
}
