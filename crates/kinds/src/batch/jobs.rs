//! `jobs` of batch/v1.

use meta::time::{Time, human_duration};
use object::Value;
use registry::{
    Context, DeleteOptions, Dependents, FieldLabels, Resource, Strategy, StrategyOptions, Warnings,
};
use status::FieldErrors;

use super::{job_rules, job_status, selector};
use crate::checks::Field;
use crate::describe::{Describe, Types};
use crate::fields::{default_absent, default_to, is_set, items_mut, present_mut};
use crate::tables::{Column, Columns, Row, condition_true, containers, int_at, selector, terminating};
use crate::{pod, rules, workloads};

const TEMPLATE: [&str; 2] = ["spec", "template"];

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "batch", "v1", "jobs", "Job", Job)
        .categories(&["all"])
        .selectable_number("status.successful", "status.succeeded")
        .field_labels(FieldLabels::Kind)
        .status(JobStatus)
        .columns(COLUMNS)
        .finish()
}

/// How they are shown in tables.
const COLUMNS: Columns = Columns::new(
    &[
        Column::NAME,
        Column::text("Status", "How it is, in one word."),
        Column::text("Completions", "How many pods have succeeded, of how many should."),
        Column::text("Duration", "How long it took, or has been running."),
        Column::AGE,
        Column::CONTAINERS,
        Column::IMAGES,
        Column::SELECTOR,
    ],
    |job, row| {
        row.name(job);
        row.text(status_word(job));
        row.text(&completions(job));
        row.text(&run_time(job, row));
        row.age(job);
        containers(job.at(["spec", "template"]), row);
        row.text(&selector(job.at(["spec", "selector"])));
    },
);

fn status_word(job: &Value) -> &'static str {
    let first_true = |names: &[&'static str]| names.iter().copied().find(|name| condition_true(job, name));
    if let Some(over) = first_true(&["Complete", "Failed"]) {
        over
    } else if terminating(job) {
        "Terminating"
    } else {
        first_true(&["Suspended", "FailureTarget", "SuccessCriteriaMet"]).unwrap_or("Running")
    }
}

/// How many pods have succeeded; without a number of completions, one is enough.
fn completions(job: &Value) -> String {
    let succeeded = int_at(job, ["status", "succeeded"]);
    match job.at(["spec", "completions"]).and_then(Value::as_i64) {
        Some(completions) => format!("{succeeded}/{completions}"),
        None => match int_at(job, ["spec", "parallelism"]) {
            parallelism if parallelism > 1 => format!("{succeeded}/1 of {parallelism}"),
            _ => format!("{succeeded}/1"),
        },
    }
}

fn run_time(job: &Value, row: &Row<'_>) -> String {
    let time = |field| Time::parse(job.str_at(["status", field])).ok();
    let end = time("completionTime").unwrap_or(row.now());
    time("startTime").map_or_else(String::new, |start| human_duration(end.since(start)))
}

/// What a delete that says nothing of the job's pods is warned of.
const ORPHANS: &str = "child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to \
                       remove them or set propagationPolicy=Orphan to suppress this warning";

#[derive(Debug)]
struct Job;

impl Strategy for Job {
    fn options(&self) -> StrategyOptions {
        StrategyOptions {
            generation: true,
            dependents: Dependents::OrphanedWithWarning(ORPHANS),
            checks_metadata_again: true,
            ..StrategyOptions::USUAL
        }
    }

    fn default(&self, object: &mut Value) {
        let spec = object.make_object().get_or_insert_with("spec", Value::object);
        if !is_set(spec.get("completions")) && !is_set(spec.get("parallelism")) {
            spec.set("completions", 1);
        }
        default_to(spec, "parallelism", 1);
        let retries = if is_set(spec.get("backoffLimitPerIndex")) { i32::MAX } else { 6 };
        default_to(spec, "backoffLimit", retries);
        default_absent(spec, "completionMode", "NonIndexed");
        default_to(spec, "suspend", false);
        default_to(spec, "manualSelector", false);
        let replacement = if is_set(spec.get("podFailurePolicy")) { "Failed" } else { "TerminatingOrFailed" };
        default_absent(spec, "podReplacementPolicy", replacement);
        default_parts(spec);
        label_like_template(object);
    }

    fn warn_delete(&self, context: &mut Context<'_>, options: &DeleteOptions) {
        if options.propagation.is_none() && options.orphan_dependents.is_none() {
            context.warnings.add(
                "child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to \
                 remove them or set propagationPolicy=Orphan to suppress this warning",
            );
        }
    }

    fn prepare_create(&self, _context: &mut Context<'_>, object: &mut Value) {
        object.remove("status");
        if object.at(["spec", "manualSelector"]).and_then(Value::as_bool) != Some(true) {
            selector::generate(object);
        }
        pod::drop_disabled_in_template(object, None, &TEMPLATE);
    }

    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        rules::restore(object, old, &["status"]);
        pod::drop_disabled_in_template(object, Some(old), &TEMPLATE);
    }

    fn validate_create(&self, context: &mut Context<'_>, object: &Value, errors: &mut FieldErrors) {
        job_rules::create(object, context.request.resource.ty.get(), errors);
    }

    fn validate_update(
        &self,
        context: &mut Context<'_>,
        object: &Value,
        old: &Value,
        errors: &mut FieldErrors,
    ) {
        job_rules::update(object, old, context.request.resource.ty.get(), errors);
    }

    fn warn(&self, context: &mut Context<'_>, object: &Value, old: Option<&Value>) {
        workloads::warn_of_name(object, old, context.warnings);
        if workloads::is_new_or_generation_differs(object, old) {
            warn_of_job_spec(&Field::root(object).child("spec"), context.warnings);
        }
    }

    fn reset_fields(&self) -> &'static [&'static str] {
        &["status"]
    }
}

/// More completions than this, with more parallelism than [`MUCH_PARALLELISM`], may be too many to keep count of.
const MANY_COMPLETIONS: i64 = 100_000;
const MUCH_PARALLELISM: i64 = 10_000;

/// Warns of what the spec of a job says.
pub(super) fn warn_of_job_spec(spec: &Field<'_, '_>, warnings: &mut Warnings) {
    if spec.child("completionMode").text() == "Indexed"
        && spec.child("completions").int() > MANY_COMPLETIONS
        && spec.child("parallelism").int() > MUCH_PARALLELISM
    {
        warnings.add(format!(
            "{}: In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, \
             Kubernetes might not be able to track completedIndexes when a big number of indexes fail",
            spec.path
        ));
    }
    pod::warn_of_template(&spec.child("template"), warnings);
}

#[derive(Debug)]
struct JobStatus;

impl Strategy for JobStatus {
    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        rules::restore(object, old, &["spec"]);
    }

    fn validate_update(
        &self,
        context: &mut Context<'_>,
        object: &Value,
        old: &Value,
        errors: &mut FieldErrors,
    ) {
        job_status::update(object, old, context.request.resource.ty.get(), errors);
    }

    fn reset_fields(&self) -> &'static [&'static str] {
        &["spec"]
    }
}

/// Fills the parts of a job's spec, whether it stands in a Job or in a CronJob's template.
pub(super) fn default_parts(spec: &mut Value) {
    if let Some(policy) = present_mut(spec, "podFailurePolicy") {
        for rule in items_mut(policy, "rules") {
            for condition in items_mut(rule, "onPodConditions") {
                default_to(condition, "status", "True");
            }
        }
    }
    pod::default_template(spec.make_object().get_or_insert_with("template", Value::object));
}

/// A job without labels has those of its template.
fn label_like_template(object: &mut Value) {
    let labels = object.at(["spec", "template", "metadata", "labels"]).and_then(Value::as_object);
    let Some(labels) = labels.filter(|labels| !labels.is_empty()).cloned() else { return };
    let metadata = object.make_object().get_or_insert_with("metadata", Value::object);
    if metadata.get("labels").and_then(Value::as_object).is_none_or(|own| own.is_empty()) {
        metadata.set("labels", labels);
    }
}
