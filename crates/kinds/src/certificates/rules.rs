//! The rules of certificate signing requests.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use object::Value;
use status::{FieldError, FieldErrors};

use crate::checks::Field;
use crate::pem;

const USAGES: &[&str] = &[
    "any",
    "cert sign",
    "client auth",
    "code signing",
    "content commitment",
    "crl sign",
    "data encipherment",
    "decipher only",
    "digital signature",
    "email protection",
    "encipher only",
    "ipsec end system",
    "ipsec tunnel",
    "ipsec user",
    "key agreement",
    "key encipherment",
    "microsoft sgc",
    "netscape sgc",
    "ocsp signing",
    "s/mime",
    "server auth",
    "signing",
    "timestamping",
];
/// Conditions that are never false, once made, and that stay.
const LASTING_CONDITIONS: &[&str] = &["Approved", "Denied", "Failed"];
const LEGACY_SIGNER: &str = "kubernetes.io/legacy-unknown";
const MIN_SECONDS: i64 = 600;
const MAX_DOMAIN: usize = 253;
const MAX_SIGNER: usize = 571;

/// What an update may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Through {
    /// The object itself: neither approval nor certificate.
    Object,
    /// `/approval`.
    Approval,
    /// `/status`.
    Status,
}

/// Checks a whole request.
pub(super) fn validate(request: &Field<'_, '_>, errors: &mut FieldErrors) {
    let spec = request.child("spec");
    let pem = spec.child("request");
    if !decoded(pem.text()).is_some_and(|text| is_request(&text)) {
        pem.invalid_text(errors, "PEM block type must be CERTIFICATE REQUEST");
    }
    let usages = spec.child("usages");
    usages.required(errors);
    usages.items().for_each(|usage| usage.one_of(errors, USAGES));
    usages.distinct_texts(errors);
    let signer = spec.child("signerName");
    if signer.text() == LEGACY_SIGNER {
        signer.invalid(errors, "the legacy signerName is not allowed via this API version");
    } else {
        validate_signer(&signer, errors);
    }
    let expiration = spec.child("expirationSeconds");
    if expiration.is_present() && expiration.int() < MIN_SECONDS {
        expiration.invalid(errors, "may not specify a duration less than 600 seconds (10 minutes)");
    }
    let status = request.child("status");
    validate_conditions(&status.child("conditions"), errors);
    let certificate = status.child("certificate");
    if let Some(why) = bad_certificate(certificate.text()) {
        errors.push(FieldError::invalid(&certificate.path, "<certificate data>", why));
    }
}

/// Checks a changed request against the old one.
pub(super) fn validate_update(
    request: &Field<'_, '_>,
    old: &Value,
    through: Through,
    errors: &mut FieldErrors,
) {
    validate(request, errors);
    let status = request.child("status");
    let conditions = status.child("conditions");
    for kind in LASTING_CONDITIONS {
        let (now, before) = (of_type(request.value, kind), of_type(old, kind));
        let decision = *kind != "Failed" && through != Through::Approval;
        let change = if now.len() < before.len() {
            "remove"
        } else if decision && now.len() > before.len() {
            "add"
        } else if decision && now != before {
            "modify"
        } else {
            continue;
        };
        let detail = format!("updates may not {change} a condition of type {}", status::go_quote(kind));
        conditions.forbidden(errors, detail);
    }
    let certificate = status.child("certificate");
    let before = old.str_at(["status", "certificate"]);
    if certificate.text() != before {
        if through != Through::Status {
            certificate.forbidden(errors, "updates may not set certificate content");
        } else if !before.is_empty() {
            certificate.forbidden(errors, "updates may not modify existing certificate content");
        }
    }
}

/// The conditions of one type.
pub(super) fn of_type<'v>(request: &'v Value, kind: &str) -> Vec<&'v Value> {
    request
        .items_at(["status", "conditions"])
        .iter()
        .filter(|condition| condition.str_at(["type"]) == kind)
        .collect()
}

fn validate_conditions(conditions: &Field<'_, '_>, errors: &mut FieldErrors) {
    let mut seen: Vec<&str> = Vec::new();
    for condition in conditions.items() {
        let (kind, status) = (condition.child("type"), condition.child("status"));
        kind.required(errors);
        let allowed: &[&str] = match LASTING_CONDITIONS.contains(&kind.text()) {
            true => &["True"],
            false => &["False", "True", "Unknown"],
        };
        status.required_one_of(errors, allowed);
        let opposite = match kind.text() {
            "Approved" => "Denied",
            "Denied" => "Approved",
            _ => "",
        };
        if !opposite.is_empty() && seen.contains(&opposite) {
            let detail = "Approved and Denied conditions are mutually exclusive";
            errors.push(FieldError::invalid(&conditions.path, kind.text(), detail));
        }
        if seen.contains(&kind.text()) {
            kind.duplicate(errors);
        }
        seen.push(kind.text());
    }
}

fn validate_signer(signer: &Field<'_, '_>, errors: &mut FieldErrors) {
    if !signer.required(errors) {
        return;
    }
    let parts: Vec<&str> = signer.text().split('/').collect();
    let [domain, name] = parts.as_slice() else {
        let detail = "must be a fully qualified domain and path of the form 'example.com/signer-name'";
        return signer.invalid(errors, detail);
    };
    if domain.len() > MAX_DOMAIN {
        errors.push(FieldError::too_long(&signer.path, MAX_DOMAIN as i64));
    }
    validate_labels(signer, domain, meta::names::dns1123_label, errors);
    if !domain.contains('.') {
        let detail = "should be a domain with at least two segments separated by dots";
        errors.push(FieldError::invalid(&signer.path, *domain, detail));
    }
    validate_labels(signer, name, meta::names::dns1123_subdomain, errors);
    if signer.text().len() > MAX_SIGNER {
        errors.push(FieldError::too_long(&signer.path, MAX_SIGNER as i64));
    }
}

/// Checks the labels of a part of a signer's name, up to the first bad one.
fn validate_labels(
    signer: &Field<'_, '_>,
    part: &str,
    rule: fn(&str) -> meta::names::Messages,
    errors: &mut FieldErrors,
) {
    let bad = part.split('.').map(|label| (label, rule(label))).find(|(_, messages)| !messages.is_empty());
    let Some((label, messages)) = bad else { return };
    for message in messages {
        let detail = format!("validating label {}: {message}", status::go_quote(label));
        errors.push(FieldError::invalid(&signer.path, part, detail));
    }
}

fn decoded(base64: &str) -> Option<String> {
    String::from_utf8(STANDARD.decode(base64).ok()?).ok()
}

fn is_request(text: &str) -> bool {
    pem::decode(text)
        .is_some_and(|(block, _)| block.kind == "CERTIFICATE REQUEST" && pem::is_sequence(&block.bytes))
}

fn bad_certificate(base64: &str) -> Option<String> {
    if base64.is_empty() {
        return None;
    }
    let text = decoded(base64).unwrap_or_default();
    let (mut rest, mut blocks) = (text.as_str(), 0);
    while let Some((block, after)) = pem::decode(rest) {
        if block.kind != "CERTIFICATE" {
            let kind = status::go_quote(&block.kind);
            return Some(format!("only CERTIFICATE PEM blocks are allowed, found {kind}"));
        }
        if block.has_headers {
            return Some("no PEM block headers are permitted".to_owned());
        }
        if !pem::is_sequence(&block.bytes) {
            return Some("x509: malformed certificate".to_owned());
        }
        blocks += 1;
        rest = after;
    }
    (blocks == 0).then(|| "must contain at least one CERTIFICATE PEM block".to_owned())
}
