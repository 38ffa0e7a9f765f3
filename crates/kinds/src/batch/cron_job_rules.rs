//! The rules of CronJobs.

use std::path::Path;

use object::Value;
use schema::TypeRef;
use status::{FieldError, FieldErrors};

use super::{cron, validate};
use crate::checks::Field;
use crate::workloads;

/// Names leave room for the times that jobs' names end in.
const MAX_NAME: usize = 52;
/// Where systems keep the tz database.
const ZONES: [&str; 2] = ["/usr/share/zoneinfo", "/usr/lib/zoneinfo"];

/// A CronJob, new or (with the one it replaces) changed.
pub(super) fn always(job: &Value, old: Option<&Value>, types: TypeRef<'_>, errors: &mut FieldErrors) {
    let root = Field::root(job);
    let spec = root.child("spec");
    let zone = spec.child("timeZone");
    schedule(&spec, old, errors);
    spec.child("startingDeadlineSeconds").non_negative(errors);
    let old_zone = old.and_then(|old| old.at(["spec", "timeZone"])).unwrap_or(&Value::Null);
    if old.is_none() || zone.value != old_zone {
        time_zone(&zone, errors);
    }
    spec.child("concurrencyPolicy").required_one_of(errors, &["Allow", "Forbid", "Replace"]);
    let template = spec.child("jobTemplate");
    let job_spec = template.child("spec");
    validate::spec(&job_spec, types, errors);
    let selector = job_spec.child("selector");
    if selector.is_present() {
        let value = workloads::shown_selector(&selector, types);
        errors.push(FieldError::invalid(&selector.path, value, "`selector` will be auto-generated"));
    }
    let manual = job_spec.child("manualSelector");
    if manual.flag() {
        errors.push(FieldError::not_supported(&manual.path, true, ["nil", "false"]));
    }
    for field in ["successfulJobsHistoryLimit", "failedJobsHistoryLimit"] {
        spec.child(field).non_negative(errors);
    }
    let metadata = root.child("metadata");
    let name = metadata.child("name");
    if old.is_none() && name.text().len() > MAX_NAME {
        name.invalid_text(errors, format!("must be no more than {MAX_NAME} characters"));
    }
}

fn schedule(spec: &Field<'_, '_>, old: Option<&Value>, errors: &mut FieldErrors) {
    let schedule = spec.child("schedule");
    if !schedule.required(errors) {
        return;
    }
    let zoned = |text: &str| text.contains("TZ");
    if zoned(schedule.text()) {
        let kept = old.is_some_and(|old| zoned(old.str_at(["spec", "schedule"])));
        if !kept {
            schedule.invalid_text(errors, "cannot use TZ or CRON_TZ in schedule, use timeZone field instead");
        }
    }
    if let Some(problem) = cron::problem(schedule.text()) {
        schedule.invalid_text(errors, problem);
    }
}

fn time_zone(zone: &Field<'_, '_>, errors: &mut FieldErrors) {
    let name = zone.text();
    if !zone.is_present() {
        return;
    }
    if name.is_empty() {
        zone.invalid_text(errors, "timeZone must be nil or non-empty string");
    } else if name.eq_ignore_ascii_case("Local") {
        let detail = "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones";
        zone.invalid_text(errors, detail);
    } else if !is_known_zone(name) {
        zone.invalid_text(errors, format!("unknown time zone {name}"));
    }
}

/// Whether the tz database has the zone; a system without one takes every well-formed name.
fn is_known_zone(name: &str) -> bool {
    let well_formed = name.split('/').all(|part| {
        !part.is_empty()
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'+'))
    });
    let databases: Vec<&Path> = ZONES.iter().map(Path::new).filter(|directory| directory.is_dir()).collect();
    well_formed
        && (name == "UTC"
            || databases.is_empty()
            || databases.iter().any(|directory| directory.join(name).is_file()))
}
