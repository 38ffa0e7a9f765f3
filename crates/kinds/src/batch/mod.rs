//! The kinds of `batch`.

mod cron;
mod cron_job_rules;
mod cronjobs;
mod job_rules;
mod job_status;
mod jobs;
mod numbers;
mod selector;
mod validate;

use registry::Resource;

use crate::describe::Types;

/// Every resource of the group.
pub(crate) fn describe(types: &Types) -> Vec<Resource> {
    vec![cronjobs::describe(types), jobs::describe(types)]
}
