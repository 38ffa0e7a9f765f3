//! Requests for devices, and what classes, claims and templates have alike.

use std::sync::Arc;

use cel::{Declared, Environment, ObjectType, Type};
use object::Value;
use status::{BadValue, FieldError, FieldErrors};

use super::names::{validate_driver, validate_full_name, validate_label};
use crate::checks::Field;
use crate::fields::{default_number, default_to, items_mut, present_mut, text};

/// How many elements most lists may have.
const MAX_ITEMS: usize = 32;
const MAX_ALTERNATIVES: usize = 8;
/// How long an expression and the parameters of a driver may be, in bytes.
const MAX_EXPRESSION: usize = 10 * 1024;
const MAX_PARAMETERS: usize = 10 * 1024;
const EFFECTS: &[&str] = &["NoExecute", "NoSchedule", "None"];

/// Fills the requests of a claim.
pub(super) fn default_claim(spec: &mut Value) {
    let Some(devices) = present_mut(spec, "devices") else { return };
    for request in items_mut(devices, "requests") {
        if let Some(exactly) = present_mut(request, "exactly") {
            default_request(exactly);
        }
        items_mut(request, "firstAvailable").iter_mut().for_each(default_request);
    }
}

fn default_request(request: &mut Value) {
    default_to(request, "allocationMode", "ExactCount");
    if text(request, "allocationMode") == "ExactCount" {
        default_number(request, "count", 1);
    }
    items_mut(request, "tolerations")
        .iter_mut()
        .for_each(|toleration| default_to(toleration, "operator", "Equal"));
}

/// Adds an error if a list is longer than it may be.
pub(super) fn at_most(list: &Field<'_, '_>, max: usize, errors: &mut FieldErrors) {
    let length = list.list().len();
    if length > max {
        errors.push(FieldError::too_many(&list.path, length, max));
    }
}

/// Adds an error for each element whose `key` an earlier one has.
pub(super) fn distinct(list: &Field<'_, '_>, key: &str, errors: &mut FieldErrors) {
    let mut seen = Vec::new();
    for item in list.items() {
        let name = item.value.str_at([key]);
        if seen.contains(&name) {
            errors.push(FieldError::duplicate(&item.path, name));
        }
        seen.push(name);
    }
}

/// Checks the spec of a claim.
pub(super) fn validate_claim(spec: &Field<'_, '_>, errors: &mut FieldErrors) {
    let devices = spec.child("devices");
    let requests = devices.child("requests");
    requests.items().for_each(|request| validate_request(&request, errors));
    at_most(&requests, MAX_ITEMS, errors);
    distinct(&requests, "name", errors);
    let names = names(requests.list());
    let constraints = devices.child("constraints");
    constraints.items().for_each(|constraint| validate_constraint(&constraint, &names, errors));
    at_most(&constraints, MAX_ITEMS, errors);
    let config = devices.child("config");
    for config in config.items() {
        validate_references(&config.child("requests"), &names, errors);
        validate_config(&config, errors);
    }
    at_most(&config, MAX_ITEMS, errors);
}

/// The names by which requests and their alternatives are referred to.
fn names(requests: &[Value]) -> Vec<String> {
    let mut names = Vec::new();
    for request in requests {
        let name = request.str_at(["name"]);
        names.push(name.to_owned());
        let alternatives = request.items_at(["firstAvailable"]).iter();
        names.extend(alternatives.map(|other| format!("{name}/{}", other.str_at(["name"]))));
    }
    names
}

fn validate_request(request: &Field<'_, '_>, errors: &mut FieldErrors) {
    validate_label(&request.child("name"), errors);
    let (exactly, alternatives) = (request.child("exactly"), request.child("firstAvailable"));
    if !alternatives.is_empty() {
        for alternative in alternatives.items() {
            validate_label(&alternative.child("name"), errors);
            validate_devices(&alternative, errors);
        }
        at_most(&alternatives, MAX_ALTERNATIVES, errors);
        distinct(&alternatives, "name", errors);
    }
    if exactly.is_present() {
        validate_devices(&exactly, errors);
    }
    match (exactly.is_present(), !alternatives.is_empty()) {
        (false, false) => {
            request.missing(errors, "exactly one of `exactly` or `firstAvailable` is required");
        }
        (true, true) => {
            let detail =
                "exactly one of `exactly` or `firstAvailable` is required, but multiple fields are set";
            errors.push(FieldError::invalid(&request.path, BadValue::Null, detail));
        }
        _ => {}
    }
}

/// Checks which devices a request or an alternative is for.
fn validate_devices(request: &Field<'_, '_>, errors: &mut FieldErrors) {
    let class = request.child("deviceClassName");
    if class.required(errors) {
        class.name(errors, meta::names::dns1123_subdomain);
    }
    validate_selectors(&request.child("selectors"), errors);
    let (mode, count) = (request.child("allocationMode"), request.child("count"));
    match mode.text() {
        "All" if count.int() != 0 => {
            count.invalid(errors, "must not be specified when allocationMode is 'All'");
        }
        "All" => {}
        "ExactCount" if count.int() <= 0 => {
            errors.push(FieldError::invalid(&count.path, count.int(), "must be greater than zero"));
        }
        "ExactCount" => {}
        _ => mode.unsupported(errors, &["All", "ExactCount"]),
    }
    request.child("tolerations").items().for_each(|toleration| validate_toleration(&toleration, errors));
}

fn validate_toleration(toleration: &Field<'_, '_>, errors: &mut FieldErrors) {
    let (key, operator) = (toleration.child("key"), toleration.child("operator"));
    let (value, effect) = (toleration.child("value"), toleration.child("effect"));
    if !key.is_empty() {
        key.name(errors, meta::names::label_key);
    }
    match operator.text() {
        "Exists" if !value.is_empty() => value.invalid(errors, "must be empty for operator `Exists`"),
        "Exists" => {}
        "Equal" => {
            value.name(errors, meta::names::label_value);
        }
        _ => operator.required_one_of(errors, &["Equal", "Exists"]),
    }
    if !effect.is_empty() {
        effect.one_of(errors, EFFECTS);
    }
}

fn validate_constraint(constraint: &Field<'_, '_>, names: &[String], errors: &mut FieldErrors) {
    validate_references(&constraint.child("requests"), names, errors);
    let (matching, distinct) = (constraint.child("matchAttribute"), constraint.child("distinctAttribute"));
    for attribute in [&matching, &distinct] {
        if attribute.is_present() {
            validate_full_name(attribute, errors);
        }
    }
    if !matching.is_present() && !distinct.is_present() {
        let detail = "exactly one of \"matchAttribute\" or \"distinctAttribute\" is required, but multiple fields are set";
        constraint.missing(errors, detail);
    }
}

/// Checks a list of names of requests.
fn validate_references(list: &Field<'_, '_>, names: &[String], errors: &mut FieldErrors) {
    for (index, reference) in list.items().enumerate() {
        for part in reference.text().split('/') {
            for message in meta::names::dns1123_label(part) {
                errors.push(FieldError::invalid(&reference.path, part, message));
            }
        }
        if !names.iter().any(|name| name == reference.text()) {
            let detail = "must be the name of a request in the claim or the name of a request and a subrequest \
                          separated by '/'";
            reference.invalid_text(errors, detail);
        }
        if list.list()[..index].contains(reference.value) {
            reference.duplicate(errors);
        }
    }
    at_most(list, MAX_ITEMS, errors);
}

/// Checks the selectors and the configuration of a class.
pub(super) fn validate_class(spec: &Field<'_, '_>, errors: &mut FieldErrors) {
    validate_selectors(&spec.child("selectors"), errors);
    let config = spec.child("config");
    config.items().for_each(|config| validate_config(&config, errors));
    at_most(&config, MAX_ITEMS, errors);
}

fn validate_selectors(selectors: &Field<'_, '_>, errors: &mut FieldErrors) {
    for selector in selectors.items() {
        let cel = selector.child("cel");
        if cel.is_present() {
            validate_expression(&cel.child("expression"), errors);
        } else {
            cel.missing(errors, "");
        }
    }
    at_most(selectors, MAX_ITEMS, errors);
}

fn validate_expression(expression: &Field<'_, '_>, errors: &mut FieldErrors) {
    let source = expression.text();
    if source.len() > MAX_EXPRESSION {
        return errors.push(FieldError::too_long(&expression.path, MAX_EXPRESSION as i64));
    }
    match cel::compile(source, &environment()) {
        Err(issues) => expression.invalid_text(errors, format!("compilation failed: {issues}")),
        Ok(program) if !matches!(program.result(), Type::Bool | Type::Dyn) => {
            expression.invalid(errors, "must evaluate to bool");
        }
        Ok(_) => {}
    }
}

/// What selectors can refer to: a device.
fn environment() -> Environment {
    let by_domain = |of| Type::map(Type::String, Type::map(Type::String, of));
    let fields = [
        ("driver", Type::String),
        ("attributes", by_domain(Type::Dyn)),
        ("capacity", by_domain(Type::opaque("kubernetes.Quantity"))),
        ("allowMultipleAllocations", Type::Bool),
    ];
    let fields: std::collections::HashMap<String, Arc<Declared>> =
        fields.into_iter().map(|(name, ty)| (name.to_owned(), Arc::new(Declared::of(ty)))).collect();
    let by_json_name = fields.clone();
    let device = ObjectType { name: "kubernetes.DRADevice".to_owned(), fields, by_json_name, open: false };
    Environment::new().variable("device", Arc::new(Declared::of(Type::Object(Arc::new(device)))))
}

/// Checks a driver's configuration.
fn validate_config(config: &Field<'_, '_>, errors: &mut FieldErrors) {
    let opaque = config.child("opaque");
    if !opaque.is_present() {
        return opaque.missing(errors, "");
    }
    validate_driver(&opaque.child("driver"), errors);
    validate_parameters(&opaque.child("parameters"), errors);
}

/// Checks what is passed on to a driver as it is.
pub(super) fn validate_parameters(parameters: &Field<'_, '_>, errors: &mut FieldErrors) {
    if !parameters.is_present() {
        return parameters.missing(errors, "");
    }
    if object::json::to_vec(parameters.value).len() > MAX_PARAMETERS {
        errors.push(FieldError::too_long(&parameters.path, MAX_PARAMETERS as i64));
    }
    if parameters.value.as_object().is_none() {
        let detail = "must be a valid JSON object";
        errors.push(FieldError::invalid(&parameters.path, "<value omitted>", detail));
    }
}
