//! `apiservices` of apiregistration.k8s.io/v1.

use object::Value;
use registry::{Context, NameRule, Resource, Strategy, StrategyOptions};
use status::{FieldError, FieldErrors};

use crate::checks::Field;
use crate::describe::{Describe, Types};
use crate::fields::text;
use crate::fields::{default_absent, present, present_mut};
use crate::rules;
use crate::tables::{Column, Columns, condition};

const HTTPS_PORT: i64 = 443;
const MAX_GROUP_PRIORITY: i64 = 20_000;
const MAX_VERSION_PRIORITY: i64 = 1_000;

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "apiregistration.k8s.io", "v1", "apiservices", "APIService", APIService)
        .cluster()
        .categories(&["api-extensions"])
        .stored_at("apiregistration.k8s.io/apiservices")
        .status(APIServiceStatus)
        .columns(COLUMNS)
        .finish()
}

/// How they are shown in tables.
const COLUMNS: Columns = Columns::new(
    &[
        Column::NAME,
        Column::text("Service", "What serves the group's version."),
        Column::text("Available", "Whether that can be reached."),
        Column::AGE,
    ],
    |service, row| {
        row.name(service);
        row.text(&backend(service));
        row.text(&availability(service));
        row.age(service);
    },
);

fn backend(service: &Value) -> String {
    let [namespace, name] = ["namespace", "name"].map(|field| service.str_at(["spec", "service", field]));
    if name.is_empty() { "Local".to_owned() } else { format!("{namespace}/{name}") }
}

fn availability(service: &Value) -> String {
    let Some(condition) = condition(service, "Available") else { return "Unknown".to_owned() };
    match (text(condition, "status"), text(condition, "reason")) {
        (status @ "True", _) | (status, "") => status.to_owned(),
        (status, reason) => format!("{status} ({reason})"),
    }
}

#[derive(Debug)]
struct APIService;

impl Strategy for APIService {
    fn options(&self) -> StrategyOptions {
        StrategyOptions {
            unconditional_update: false,
            names: NameRule::PathSegment,
            ..StrategyOptions::USUAL
        }
    }

    fn default(&self, object: &mut Value) {
        if let Some(service) = object.get_mut("spec").and_then(|spec| present_mut(spec, "service")) {
            default_absent(service, "port", HTTPS_PORT);
        }
    }

    fn prepare_create(&self, context: &mut Context<'_>, object: &mut Value) {
        object.remove("status");
        let remote = object.get("spec").is_some_and(|spec| present(spec, "service").is_some());
        if !remote {
            object.set("status", available(context.now));
        }
    }

    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        rules::restore(object, old, &["status"]);
    }

    fn validate_create(&self, _context: &mut Context<'_>, object: &Value, errors: &mut FieldErrors) {
        validate(&Field::root(object), errors);
    }

    fn validate_update(
        &self,
        _context: &mut Context<'_>,
        object: &Value,
        _old: &Value,
        errors: &mut FieldErrors,
    ) {
        validate(&Field::root(object), errors);
    }

    fn reset_fields(&self) -> &'static [&'static str] {
        &["status"]
    }
}

/// The status of a version that is served in process.
fn available(now: &str) -> Value {
    let mut condition = Value::object();
    for (field, value) in [
        ("type", "Available"),
        ("status", "True"),
        ("lastTransitionTime", now),
        ("reason", "Local"),
        ("message", "Local APIServices are always available"),
    ] {
        condition.set(field, value);
    }
    let mut status = Value::object();
    status.set("conditions", vec![condition]);
    status
}

fn validate(service: &Field<'_, '_>, errors: &mut FieldErrors) {
    let spec = service.child("spec");
    let (group, version) = (spec.child("group"), spec.child("version"));
    let expected = format!("{}.{}", version.text(), group.text());
    let metadata = service.child("metadata");
    let name = metadata.child("name");
    if meta::names::path_segment_name(name.text()).is_empty() && name.text() != expected {
        let detail = format!("must be `spec.version+\".\"+spec.group`: {}", status::go_quote(&expected));
        name.invalid_text(errors, detail);
    }
    if group.is_empty() && version.text() != "v1" {
        group.missing(errors, "only v1 may have an empty group and it better be legacy kube");
    }
    if !group.is_empty() {
        group.name(errors, meta::names::dns1123_subdomain);
    }
    version.name(errors, meta::names::dns1035_label);
    for (field, max) in
        [("groupPriorityMinimum", MAX_GROUP_PRIORITY), ("versionPriority", MAX_VERSION_PRIORITY)]
    {
        let priority = spec.child(field);
        if priority.int() <= 0 || priority.int() > max {
            let detail = format!("must be positive and less than {max}");
            errors.push(FieldError::invalid(&priority.path, priority.int(), detail));
        }
    }
    validate_backend(&spec, errors);
}

fn validate_backend(spec: &Field<'_, '_>, errors: &mut FieldErrors) {
    let (bundle, insecure) = (spec.child("caBundle"), spec.child("insecureSkipTLSVerify"));
    let Some(service) = spec.child("service").present().map(|found| found.value) else {
        if !bundle.is_empty() {
            let padding = bundle.text().chars().rev().take_while(|c| *c == '=').count();
            let shown = format!("{} bytes", (bundle.text().len() / 4 * 3).saturating_sub(padding));
            let detail = "local APIServices may not have a caBundle";
            errors.push(FieldError::invalid(&bundle.path, shown, detail));
        }
        if insecure.flag() {
            insecure.invalid(errors, "local APIServices may not have insecureSkipTLSVerify");
        }
        return;
    };
    let service = Field { value: service, path: spec.path.child("service") };
    service.child("namespace").required(errors);
    service.child("name").required(errors);
    let port = service.child("port");
    if !(1..=65_535).contains(&port.int()) {
        port.invalid(errors, "port is not valid: must be between 1 and 65535, inclusive");
    }
    if insecure.flag() && !bundle.is_empty() {
        insecure.invalid(errors, "may not be true if caBundle is present");
    }
}

#[derive(Debug)]
struct APIServiceStatus;

impl Strategy for APIServiceStatus {
    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        rules::only_status(object, old);
    }

    fn validate_update(
        &self,
        _context: &mut Context<'_>,
        object: &Value,
        _old: &Value,
        errors: &mut FieldErrors,
    ) {
        let service = Field::root(object);
        let status = service.child("status");
        for condition in status.child("conditions").items() {
            condition.child("status").one_of(errors, &["True", "False", "Unknown"]);
        }
    }

    fn reset_fields(&self) -> &'static [&'static str] {
        &["spec"]
    }
}
