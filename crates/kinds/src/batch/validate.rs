//! The rules of jobs' specs, in Jobs and in CronJobs' templates.

use std::collections::BTreeSet;

use meta::names::{domain_prefixed_path, qualified_name};
use object::Value;
use schema::TypeRef;
use status::{BadValue, FieldError, FieldErrors};

use super::numbers;
use crate::checks::Field;
use crate::fields::items;
use crate::{internal, pod, workloads};

const MAX_RULES: usize = 20;
const MAX_EXIT_CODES: usize = 255;
const MAX_INDEXES: i64 = 100_000;
const MAX_FOR_MANY_COMPLETIONS: i64 = 10_000;
const ACTIONS: &[&str] = &["Count", "FailIndex", "FailJob", "Ignore"];
const CONDITION_STATUSES: &[&str] = &["False", "True", "Unknown"];

fn shown(types: TypeRef<'_>, of: &str, value: &Value) -> BadValue {
    internal::bad_value(types.schema.named(&format!("io.k8s.api.batch.v1.{of}")), value)
}

/// `valid values: ["A" "B"]`, as Go prints lists.
fn valid_values(values: &[&str]) -> String {
    let list: Vec<String> = values.iter().map(|value| status::go_quote(value)).collect();
    format!("valid values: [{}]", list.join(" "))
}

/// It must be there and one of `allowed`, which are shown where it is not.
fn required_one_of(field: &Field<'_, '_>, allowed: &[&str], errors: &mut FieldErrors) {
    if field.is_empty() {
        field.missing(errors, valid_values(allowed));
    } else {
        field.one_of(errors, allowed);
    }
}

/// A spec but for its selector.
pub(super) fn spec(spec: &Field<'_, '_>, types: TypeRef<'_>, errors: &mut FieldErrors) {
    for field in [
        "parallelism",
        "completions",
        "activeDeadlineSeconds",
        "backoffLimit",
        "ttlSecondsAfterFinished",
        "backoffLimitPerIndex",
    ] {
        spec.child(field).non_negative(errors);
    }
    let (failed, per_index) = (spec.child("maxFailedIndexes"), spec.child("backoffLimitPerIndex"));
    if failed.is_present() {
        failed.non_negative(errors);
        if !per_index.is_present() {
            per_index.missing(errors, "when maxFailedIndexes is specified");
        }
    }
    managed_by(&spec.child("managedBy"), errors);
    completion_mode(spec, errors);
    failure_policy(spec, types, errors);
    success_policy(spec, types, errors);
    let replacement = spec.child("podReplacementPolicy");
    if replacement.is_present() {
        let allowed: &[&str] = if spec.child("podFailurePolicy").is_present() {
            &["Failed"]
        } else {
            &["Failed", "TerminatingOrFailed"]
        };
        replacement.one_of(errors, allowed);
    }
    template(spec, types, errors);
}

fn managed_by(field: &Field<'_, '_>, errors: &mut FieldErrors) {
    const MAX_LENGTH: usize = 63;
    if field.is_present() {
        errors.extend(domain_prefixed_path(&field.path, field.text()));
        if field.text().len() > MAX_LENGTH {
            errors.push(FieldError::too_long(&field.path, MAX_LENGTH as i64));
        }
    }
}

fn completion_mode(spec: &Field<'_, '_>, errors: &mut FieldErrors) {
    let (mode, completions) = (spec.child("completionMode"), spec.child("completions"));
    if mode.is_present() {
        mode.one_of(errors, &["NonIndexed", "Indexed"]);
    }
    let (failed, per_index) = (spec.child("maxFailedIndexes"), spec.child("backoffLimitPerIndex"));
    if mode.text() == "Indexed" {
        if !completions.is_present() {
            completions.missing(errors, "when completion mode is Indexed");
        }
        indexed(spec, errors);
    }
    if !mode.is_present() || mode.text() == "NonIndexed" {
        for field in [per_index, failed] {
            if field.is_present() {
                field.invalid(errors, "requires indexed completion mode");
            }
        }
    }
}

fn indexed(spec: &Field<'_, '_>, errors: &mut FieldErrors) {
    let (completions, parallelism) = (spec.child("completions"), spec.child("parallelism"));
    let failed = spec.child("maxFailedIndexes");
    let at_most = |field: &Field<'_, '_>, most: i64, what: &str, errors: &mut FieldErrors| {
        if field.is_present() && field.int() > most {
            field.invalid(errors, format!("must be less than or equal to {what}"));
        }
    };
    let what = format!("{MAX_INDEXES} when completion mode is Indexed");
    at_most(&parallelism, MAX_INDEXES, &what, errors);
    if completions.is_present() {
        at_most(&failed, completions.int(), "completions", errors);
    }
    at_most(&failed, MAX_INDEXES, &MAX_INDEXES.to_string(), errors);
    if completions.int() > MAX_INDEXES && spec.child("backoffLimitPerIndex").is_present() {
        if !failed.is_present() {
            failed.missing(errors, format!("must be specified when completions is above {MAX_INDEXES}"));
        }
        let what = format!(
            "{MAX_FOR_MANY_COMPLETIONS} when completions are above {MAX_INDEXES} and used with backoff limit per \
             index"
        );
        at_most(&parallelism, MAX_FOR_MANY_COMPLETIONS, &what, errors);
        at_most(&failed, MAX_FOR_MANY_COMPLETIONS, &what, errors);
    }
}

fn failure_policy(spec: &Field<'_, '_>, _types: TypeRef<'_>, errors: &mut FieldErrors) {
    let policy = spec.child("podFailurePolicy");
    if !policy.is_present() {
        return;
    }
    let pod = spec.value.at(["template", "spec"]).unwrap_or(&Value::Null);
    let containers: BTreeSet<&str> = ["containers", "initContainers"]
        .iter()
        .flat_map(|list| items(pod, list))
        .map(|container| container.str_at(["name"]))
        .collect();
    let rules = policy.child("rules");
    if rules.list().len() > MAX_RULES {
        errors.push(FieldError::too_many(&rules.path, rules.list().len(), MAX_RULES));
    }
    for rule in rules.items() {
        let action = rule.child("action");
        if action.text() == "FailIndex" {
            if !spec.child("backoffLimitPerIndex").is_present() {
                action.invalid_text(errors, "requires the backoffLimitPerIndex to be set");
            }
        } else {
            required_one_of(&action, ACTIONS, errors);
        }
        let (codes, conditions) = (rule.child("onExitCodes"), rule.child("onPodConditions"));
        if codes.is_present() {
            exit_codes(&codes, &containers, errors);
        }
        for condition in conditions.items() {
            condition.child("type").name(errors, qualified_name);
            required_one_of(&condition.child("status"), CONDITION_STATUSES, errors);
        }
        let problem = match (codes.is_present(), !conditions.is_empty()) {
            (true, true) => "specifying both OnExitCodes and OnPodConditions is not supported",
            (false, false) => "specifying one of OnExitCodes and OnPodConditions is required",
            _ => continue,
        };
        errors.push(FieldError::invalid(&rule.path, BadValue::Omitted, problem));
    }
}

fn exit_codes(codes: &Field<'_, '_>, containers: &BTreeSet<&str>, errors: &mut FieldErrors) {
    let (operator, values) = (codes.child("operator"), codes.child("values"));
    required_one_of(&operator, &["In", "NotIn"], errors);
    let container = codes.child("containerName");
    if container.is_present() && !containers.contains(container.text()) {
        let detail = "must be one of the container or initContainer names in the pod template";
        container.invalid_text(errors, detail);
    }
    match values.list().len() {
        0 => values.invalid(errors, "at least one value is required"),
        count if count > MAX_EXIT_CODES => {
            errors.push(FieldError::too_many(&values.path, count, MAX_EXIT_CODES));
        }
        _ => {}
    }
    let (mut seen, mut ordered, mut last) = (BTreeSet::new(), true, i64::MIN);
    for value in values.items() {
        if operator.text() == "In" && value.int() == 0 {
            value.invalid(errors, "must not be 0 for the In operator");
        }
        if !seen.insert(value.int()) {
            value.duplicate(errors);
        }
        ordered &= last <= value.int();
        last = value.int();
    }
    if !ordered {
        values.invalid(errors, "must be ordered");
    }
}

fn success_policy(spec: &Field<'_, '_>, types: TypeRef<'_>, errors: &mut FieldErrors) {
    let policy = spec.child("successPolicy");
    if !policy.is_present() {
        return;
    }
    if spec.child("completionMode").text() != "Indexed" {
        let value = shown(types, "SuccessPolicy", policy.value);
        errors.push(FieldError::invalid(&policy.path, value, "requires indexed completion mode"));
        return;
    }
    let rules = policy.child("rules");
    match rules.list().len() {
        0 => {
            rules.missing(errors, "at least one rules must be specified when the successPolicy is specified")
        }
        count if count > MAX_RULES => errors.push(FieldError::too_many(&rules.path, count, MAX_RULES)),
        _ => {}
    }
    let completions = spec.child("completions").int();
    for rule in rules.items() {
        success_rule(&rule, completions, errors);
    }
}

fn success_rule(rule: &Field<'_, '_>, completions: i64, errors: &mut FieldErrors) {
    const MAX_LENGTH: usize = 64 * 1024;
    let (indexes, count) = (rule.child("succeededIndexes"), rule.child("succeededCount"));
    if !indexes.is_present() && !count.is_present() {
        rule.missing(errors, "at least one of succeededCount or succeededIndexes must be specified");
    }
    let mut total = 0;
    if indexes.is_present() {
        if indexes.text().len() > MAX_LENGTH {
            errors.push(FieldError::too_long(&indexes.path, MAX_LENGTH as i64));
        }
        match numbers::indexes(indexes.text(), completions) {
            Ok(intervals) => total = numbers::count(&intervals),
            Err(error) => {
                indexes.invalid_text(errors, format!("error parsing succeededIndexes: {error}"));
            }
        }
    }
    if !count.is_present() {
        return;
    }
    count.non_negative(errors);
    let limits = [
        (true, completions, "the number of specified completions"),
        (indexes.is_present(), total, "the number of indexes in the specified succeededIndexes field"),
    ];
    for (applies, most, what) in limits {
        if applies && count.int() > most {
            count.invalid(errors, format!("must be less than or equal to {most} ({what})"));
        }
    }
}

fn template(spec: &Field<'_, '_>, types: TypeRef<'_>, errors: &mut FieldErrors) {
    let template = spec.child("template");
    pod::pod_template(&template, types, errors);
    let pod = template.child("spec");
    let policy = pod.child("restartPolicy");
    match policy.text() {
        "" | "Always" => policy.missing(errors, "valid values: \"OnFailure\", \"Never\""),
        "Never" => {}
        "OnFailure" => {
            if spec.child("podFailurePolicy").is_present() {
                let detail = "only \"Never\" is supported when podFailurePolicy is specified";
                policy.invalid_text(errors, detail);
            }
        }
        _ => policy.unsupported(errors, &["OnFailure", "Never"]),
    }
}

/// The selector of a Job, which its pods must match.
pub(super) fn selector(spec: &Field<'_, '_>, errors: &mut FieldErrors) {
    let (field, template) = (spec.child("selector"), spec.child("template"));
    if field.is_present() {
        field.label_selector(errors, false);
    } else {
        field.missing(errors, "");
    }
    if workloads::selector(&field).is_some_and(|parsed| !workloads::selects(&field, &parsed, template.value))
    {
        workloads::does_not_match(&template, errors);
    }
}
