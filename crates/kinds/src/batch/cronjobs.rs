//! `cronjobs` of batch/v1.

use object::Value;
use registry::{Context, Resource, Strategy, StrategyOptions};
use status::FieldErrors;

use super::{cron_job_rules, jobs};
use crate::checks::Field;
use crate::describe::{Describe, Types};
use crate::fields::default_to;
use crate::tables::{Column, Columns, NONE, UNSET, containers, count_at, selector};
use crate::{pod, rules, workloads};

const TEMPLATE: [&str; 4] = ["spec", "jobTemplate", "spec", "template"];

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "batch", "v1", "cronjobs", "CronJob", CronJob)
        .short_names(&["cj"])
        .categories(&["all"])
        .status(CronJobStatus)
        .columns(COLUMNS)
        .finish()
}

/// How they are shown in tables.
const COLUMNS: Columns = Columns::new(
    &[
        Column::NAME,
        Column::text("Schedule", "When it runs, as in cron."),
        Column::text("Timezone", "The time zone the schedule is in."),
        Column::boolean("Suspend", "Whether it is suspended."),
        Column::integer("Active", "How many of its jobs are running."),
        Column::text("Last Schedule", "How long ago it ran last."),
        Column::AGE,
        Column::CONTAINERS,
        Column::IMAGES,
        Column::SELECTOR,
    ],
    |job, row| {
        let template = job.at(["spec", "jobTemplate", "spec"]).unwrap_or(&Value::Null);
        row.name(job);
        row.text(job.str_at(["spec", "schedule"]));
        row.text_or(job.str_at(["spec", "timeZone"]), NONE);
        row.text(match job.at(["spec", "suspend"]).and_then(Value::as_bool) {
            Some(true) => "True",
            Some(false) => "False",
            None => UNSET,
        });
        row.count(count_at(job, ["status", "active"]));
        match job.str_at(["status", "lastScheduleTime"]) {
            "" => row.text(NONE),
            last => row.since(last),
        }
        row.age(job);
        containers(template.get("template"), row);
        row.text(&selector(template.get("selector")));
    },
);

#[derive(Debug)]
struct CronJob;

impl Strategy for CronJob {
    fn options(&self) -> StrategyOptions {
        StrategyOptions { generation: true, ..StrategyOptions::USUAL }
    }

    fn default(&self, object: &mut Value) {
        let spec = object.make_object().get_or_insert_with("spec", Value::object);
        default_to(spec, "concurrencyPolicy", "Allow");
        default_to(spec, "suspend", false);
        default_to(spec, "successfulJobsHistoryLimit", 3);
        default_to(spec, "failedJobsHistoryLimit", 1);
        let template = spec.make_object().get_or_insert_with("jobTemplate", Value::object);
        jobs::default_parts(template.make_object().get_or_insert_with("spec", Value::object));
    }

    fn prepare_create(&self, _context: &mut Context<'_>, object: &mut Value) {
        object.remove("status");
        pod::drop_disabled_in_template(object, None, &TEMPLATE);
    }

    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        rules::restore(object, old, &["status"]);
        pod::drop_disabled_in_template(object, Some(old), &TEMPLATE);
    }

    fn validate_create(&self, context: &mut Context<'_>, object: &Value, errors: &mut FieldErrors) {
        cron_job_rules::always(object, None, context.request.resource.ty.get(), errors);
    }

    fn validate_update(
        &self,
        context: &mut Context<'_>,
        object: &Value,
        old: &Value,
        errors: &mut FieldErrors,
    ) {
        cron_job_rules::always(object, Some(old), context.request.resource.ty.get(), errors);
    }

    fn warn(&self, context: &mut Context<'_>, object: &Value, old: Option<&Value>) {
        workloads::warn_of_name(object, old, context.warnings);
        if workloads::is_new_or_generation_differs(object, old) {
            let root = Field::root(object);
            let spec = root.child("spec");
            let template = spec.child("jobTemplate");
            jobs::warn_of_job_spec(&template.child("spec"), context.warnings);
        }
    }

    fn reset_fields(&self) -> &'static [&'static str] {
        &["status"]
    }
}

#[derive(Debug)]
struct CronJobStatus;

impl Strategy for CronJobStatus {
    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        rules::restore(object, old, &["spec"]);
    }

    fn reset_fields(&self) -> &'static [&'static str] {
        &["spec"]
    }
}
