//! The rules an Ingress's spec is checked by.

use object::Value;
use status::{FieldError, FieldErrors};

use super::references::validate_reference;
use crate::checks::Field;

const PATH_TYPES: &[&str] = &["Exact", "ImplementationSpecific", "Prefix"];
/// What a path that is compared segment by segment must not have inside, and at its end.
const BAD_INSIDE: &[&str] = &["//", "/./", "/../", "%2f", "%2F"];
const BAD_ENDS: &[&str] = &["/..", "/."];

/// What an old object has that new ones may not: bad as it is, it may stay.
struct Tolerated {
    secret_names: bool,
    wildcard_rules: bool,
}

impl Tolerated {
    fn of(old: Option<&Value>) -> Tolerated {
        let Some(old) = old else { return Tolerated { secret_names: false, wildcard_rules: false } };
        let old = Field::root(old);
        let bad_secret = |tls: Field<'_, '_>| !secret_name(tls.child("secretName").text()).is_empty();
        let bad_rule = |rule: Field<'_, '_>| {
            let mut errors = FieldErrors::new();
            validate_paths(&rule, &mut errors);
            rule.child("host").text().contains('*') && !errors.is_empty()
        };
        Tolerated {
            secret_names: old.child("tls").items().any(bad_secret),
            wildcard_rules: old.child("rules").items().any(bad_rule),
        }
    }
}

/// Checks the spec of an Ingress, which on update has an old one.
pub(super) fn validate(spec: &Field<'_, '_>, old: Option<&Value>, errors: &mut FieldErrors) {
    let tolerated = Tolerated::of(old);
    let (rules, backend) = (spec.child("rules"), spec.child("defaultBackend"));
    if rules.is_empty() && !backend.is_present() {
        let shown = Field { value: rules.value, path: spec.path };
        shown.invalid(errors, "either `defaultBackend` or `rules` must be specified");
    }
    if backend.is_present() {
        validate_backend(&backend, errors);
    }
    for rule in rules.items() {
        validate_rule(&rule, &tolerated, errors);
    }
    for tls in spec.child("tls").items() {
        tls.child("hosts").items().for_each(|host| validate_host(&host, errors));
        if !tolerated.secret_names {
            tls.child("secretName").name(errors, secret_name);
        }
    }
    let class = spec.child("ingressClassName");
    if class.is_present() {
        class.name(errors, meta::names::dns1123_subdomain);
    }
}

fn secret_name(name: &str) -> meta::names::Messages {
    if name.is_empty() { Vec::new() } else { meta::names::dns1123_subdomain(name) }
}

fn validate_host(host: &Field<'_, '_>, errors: &mut FieldErrors) {
    if host.text().contains('*') {
        host.name(errors, meta::names::wildcard_dns1123_subdomain);
    } else {
        host.name(errors, meta::names::dns1123_subdomain);
    }
}

fn validate_rule(rule: &Field<'_, '_>, tolerated: &Tolerated, errors: &mut FieldErrors) {
    let host = rule.child("host");
    if !host.is_empty() {
        if meta::names::parse_ip(host.text()).is_some() {
            host.invalid(errors, "must be a DNS name, not an IP address");
        }
        validate_host(&host, errors);
    }
    if !host.text().contains('*') || !tolerated.wildcard_rules {
        validate_paths(rule, errors);
    }
}

fn validate_paths(rule: &Field<'_, '_>, errors: &mut FieldErrors) {
    let http = rule.child("http");
    if !http.is_present() {
        return;
    }
    let paths = http.child("paths");
    if paths.is_empty() {
        paths.missing(errors, "");
    }
    paths.items().for_each(|path| validate_path(&path, errors));
}

fn validate_path(path: &Field<'_, '_>, errors: &mut FieldErrors) {
    let (text, kind) = (path.child("path"), path.child("pathType"));
    if !kind.is_present() {
        return kind.missing(errors, "pathType must be specified");
    }
    let absolute = text.text().starts_with('/');
    match kind.text() {
        "Exact" | "Prefix" => {
            if !absolute {
                text.invalid_text(errors, "must be an absolute path");
            }
            for inside in BAD_INSIDE.iter().filter(|inside| text.text().contains(**inside)) {
                text.invalid(errors, format!("must not contain '{inside}'"));
            }
            for end in BAD_ENDS.iter().filter(|end| text.text().ends_with(**end)) {
                text.invalid(errors, format!("cannot end with '{end}'"));
            }
        }
        "ImplementationSpecific" => {
            if !text.is_empty() && !absolute {
                text.invalid(errors, "must be an absolute path");
            }
        }
        _ => kind.unsupported(errors, PATH_TYPES),
    }
    validate_backend(&path.child("backend"), errors);
}

fn validate_backend(backend: &Field<'_, '_>, errors: &mut FieldErrors) {
    let whole = |detail: &str| FieldError::invalid(&backend.path, "", detail);
    let (resource, service) = (backend.child("resource"), backend.child("service"));
    match (resource.is_present(), service.is_present()) {
        (true, true) => errors.push(whole("cannot set both resource and service backends")),
        (true, false) => validate_reference(&resource, errors),
        (false, false) => errors.push(whole("resource or service backend is required")),
        (false, true) => {
            let name = service.child("name");
            if name.required(errors) {
                name.name(errors, meta::names::dns1123_label);
            }
            let port = service.child("port");
            let (port_name, number) = (port.child("name"), port.child("number"));
            match (port_name.is_empty(), number.int() == 0) {
                (false, false) => errors.push(whole("cannot set both port name & port number")),
                (false, true) => {
                    port_name.name(errors, meta::names::port_name);
                }
                (true, false) => number.port_number(errors),
                (true, true) => backend.missing(errors, "port name or number is required"),
            }
        }
    }
}
