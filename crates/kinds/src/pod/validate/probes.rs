//! Probes and lifecycle handlers.

use meta::names::{http_header_name, port_name, port_number};
use object::Value;
use status::{FieldError, FieldErrors};

use crate::checks::Field;

/// The three probes and the lifecycle of a container; `grace` is the pod's grace period in seconds.
pub(super) fn validate(container: &Field<'_, '_>, grace: i64, errors: &mut FieldErrors) {
    let lifecycle = container.child("lifecycle");
    for hook in ["postStart", "preStop"] {
        let hook = lifecycle.child(hook);
        if hook.is_present() {
            handler(&hook, grace, errors);
        }
    }
    for name in ["livenessProbe", "readinessProbe", "startupProbe"] {
        let probe = container.child(name);
        if !probe.is_present() {
            continue;
        }
        common(&probe, grace, errors);
        if name == "readinessProbe" {
            let own_grace = probe.child("terminationGracePeriodSeconds");
            if own_grace.is_present() {
                own_grace.invalid(errors, "must not be set for readinessProbes");
            }
        } else {
            let successes = probe.child("successThreshold");
            if successes.int() != 1 {
                errors.push(FieldError::invalid(&successes.path, successes.int(), "must be 1"));
            }
        }
    }
}

fn common(probe: &Field<'_, '_>, grace: i64, errors: &mut FieldErrors) {
    handler(probe, grace, errors);
    for field in
        ["initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold"]
    {
        probe.child(field).non_negative(errors);
    }
    let own_grace = probe.child("terminationGracePeriodSeconds");
    if own_grace.is_present() && own_grace.int() <= 0 {
        own_grace.invalid(errors, "must be greater than 0");
    }
}

fn handler(holder: &Field<'_, '_>, grace: i64, errors: &mut FieldErrors) {
    let mut found = 0;
    for kind in ["exec", "httpGet", "tcpSocket", "grpc", "sleep"] {
        let action = holder.child(kind);
        if !action.is_present() {
            continue;
        }
        if found > 0 {
            action.forbidden(errors, "may not specify more than 1 handler type");
            continue;
        }
        found += 1;
        match kind {
            "exec" => {
                action.child("command").required(errors);
            }
            "httpGet" => http_get(&action, errors),
            "sleep" => {
                let seconds = action.child("seconds").int();
                if !(0..=grace).contains(&seconds) {
                    let detail =
                        format!("must be non-negative and less than terminationGracePeriodSeconds ({grace})");
                    errors.push(FieldError::invalid(&action.path, seconds, detail));
                }
            }
            _ => port(&action.child("port"), errors),
        }
    }
    if found == 0 {
        holder.missing(errors, "must specify a handler type");
    }
}

fn http_get(action: &Field<'_, '_>, errors: &mut FieldErrors) {
    action.child("path").required(errors);
    port(&action.child("port"), errors);
    action.child("scheme").one_of(errors, &["HTTP", "HTTPS"]);
    let headers = action.child("httpHeaders");
    for header in headers.list() {
        let name = header.str_at(["name"]);
        for message in http_header_name(name) {
            errors.push(FieldError::invalid(&headers.path, name, message));
        }
    }
}

/// A port's number or name.
pub(crate) fn port(port: &Field<'_, '_>, errors: &mut FieldErrors) {
    match port.value {
        Value::String(name) => {
            for message in port_name(name) {
                port.invalid_text(errors, message);
            }
        }
        _ => {
            for message in port_number(port.int()) {
                errors.push(FieldError::invalid(&port.path, port.int(), message));
            }
        }
    }
}
