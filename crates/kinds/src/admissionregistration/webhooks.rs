//! Webhooks, of both kinds of configuration.

use cel::admission::Admission;
use object::Value;
use status::{FieldError, FieldErrors};

use super::matching::{self, FAILURE_POLICIES, MATCH_POLICIES, REINVOCATION_POLICIES};
use super::{expressions, url};
use crate::checks::Field;
use crate::fields::{default_absent, items_mut, present_mut};

const HTTPS_PORT: i64 = 443;
const DEFAULT_TIMEOUT: i64 = 10;
const MAX_TIMEOUT: i64 = 30;
/// The versions of AdmissionReview that are spoken.
const REVIEW_VERSIONS: &[&str] = &["v1", "v1beta1"];
const SIDE_EFFECTS: &[&str] = &["None", "NoneOnDryRun"];

/// Which configuration the webhooks are of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// MutatingWebhookConfiguration.
    Mutating,
    /// ValidatingWebhookConfiguration.
    Validating,
}

/// Fills the webhooks of a configuration.
pub(super) fn default(configuration: &mut Value, kind: Kind) {
    for webhook in items_mut(configuration, "webhooks") {
        default_absent(webhook, "failurePolicy", "Fail");
        matching::default_match(webhook);
        default_absent(webhook, "timeoutSeconds", DEFAULT_TIMEOUT);
        if kind == Kind::Mutating {
            default_absent(webhook, "reinvocationPolicy", "Never");
        }
        matching::default_rules(webhook, "rules");
        let client = webhook.get_mut("clientConfig");
        if let Some(service) = client.and_then(|client| present_mut(client, "service")) {
            default_absent(service, "port", HTTPS_PORT);
        }
    }
}

/// Checks the webhooks of a configuration.
pub(super) fn validate(configuration: &Value, kind: Kind, errors: &mut FieldErrors) {
    let configuration = Field::root(configuration);
    let mut names = Vec::new();
    for webhook in configuration.child("webhooks").items() {
        validate_webhook(&webhook, kind, errors);
        validate_versions(&webhook.child("admissionReviewVersions"), errors);
        let name = webhook.child("name");
        if !name.is_empty() {
            if names.contains(&name.text()) {
                name.duplicate(errors);
            }
            names.push(name.text());
        }
    }
}

fn validate_webhook(webhook: &Field<'_, '_>, kind: Kind, errors: &mut FieldErrors) {
    let name = webhook.child("name");
    errors.extend(meta::names::fully_qualified_name(&name.path, name.text()));
    webhook.child("rules").items().for_each(|rule| matching::validate_rule(&rule, errors));
    validate_choice(&webhook.child("failurePolicy"), FAILURE_POLICIES, errors);
    validate_choice(&webhook.child("matchPolicy"), MATCH_POLICIES, errors);
    let effects = webhook.child("sideEffects");
    match effects.present() {
        Some(effects) => effects.one_of(errors, SIDE_EFFECTS),
        None => effects.missing(errors, format!("must specify one of {}", SIDE_EFFECTS.join(", "))),
    }
    if let Some(timeout) = webhook.child("timeoutSeconds").present()
        && !(1..=MAX_TIMEOUT).contains(&timeout.int())
    {
        let detail = format!("the timeout value must be between 1 and {MAX_TIMEOUT} seconds");
        timeout.invalid(errors, detail);
    }
    for selector in ["namespaceSelector", "objectSelector"] {
        if let Some(selector) = webhook.child(selector).present() {
            selector.label_selector(errors, false);
        }
    }
    if kind == Kind::Mutating {
        validate_choice(&webhook.child("reinvocationPolicy"), REINVOCATION_POLICIES, errors);
    }
    validate_client(&webhook.child("clientConfig"), errors);
    let admission = Admission { authorizer: true, ..Admission::default() };
    expressions::validate_conditions(&webhook.child("matchConditions"), &admission, errors);
}

fn validate_choice(field: &Field<'_, '_>, allowed: &[&str], errors: &mut FieldErrors) {
    if field.is_present() {
        field.one_of(errors, allowed);
    }
}

fn validate_client(client: &Field<'_, '_>, errors: &mut FieldErrors) {
    let (address, service) = (client.child("url"), client.child("service"));
    match (address.is_present(), service.is_present()) {
        (true, false) => url::validate(&address, errors),
        (false, true) => validate_service(&service, errors),
        _ => client.missing(errors, "exactly one of url or service is required"),
    }
}

pub(crate) fn validate_service(service: &Field<'_, '_>, errors: &mut FieldErrors) {
    // The original takes one for the other.
    for (field, reported) in [("namespace", "name"), ("name", "namespace")] {
        if service.child(field).is_empty() {
            errors.push(FieldError::required(&service.path.child(reported), ""));
        }
    }
    let port = service.child("port");
    if !(1..=65_535).contains(&port.int()) {
        port.invalid(errors, "port is not valid: must be between 1 and 65535, inclusive");
    }
    validate_path(&service.child("path"), errors);
}

fn validate_path(path: &Field<'_, '_>, errors: &mut FieldErrors) {
    let text = path.text();
    match text {
        "" | "/" => return,
        "//" => return path.invalid(errors, "segment[0] may not be empty"),
        _ if !text.starts_with('/') => path.invalid(errors, "must start with a '/'"),
        _ => {}
    }
    let rest = text.chars().next().map_or("", |first| &text[first.len_utf8()..]);
    for (index, segment) in rest.strip_suffix('/').unwrap_or(rest).split('/').enumerate() {
        if segment.is_empty() {
            path.invalid(errors, format!("segment[{index}] may not be empty"));
            continue;
        }
        for message in meta::names::dns1123_subdomain(segment) {
            path.invalid(errors, format!("segment[{index}]: {message}"));
        }
    }
}

fn validate_versions(versions: &Field<'_, '_>, errors: &mut FieldErrors) {
    if versions.is_empty() {
        return versions.missing(errors, format!("must specify one of {}", REVIEW_VERSIONS.join(", ")));
    }
    for (index, version) in versions.items().enumerate() {
        if versions.list()[..index].contains(version.value) {
            version.invalid(errors, "duplicate version");
        } else {
            version.name(errors, meta::names::dns1035_label);
        }
    }
    if !versions.texts().any(|version| REVIEW_VERSIONS.contains(&version)) {
        versions.invalid(errors, format!("must include at least one of {}", REVIEW_VERSIONS.join(", ")));
    }
}
