//! Rules that end at the first kind of error and answer field errors.

use status::{FieldError, FieldErrors, Path};

use super::{Messages, dns1123_label, dns1123_subdomain, label_key};

fn invalid(path: &Path<'_>, value: &str, detail: impl Into<String>) -> FieldErrors {
    vec![FieldError::invalid(path, value, detail)]
}

/// One error with all messages, if there are any.
fn joined(path: &Path<'_>, value: &str, messages: Messages) -> Option<FieldErrors> {
    if messages.is_empty() { None } else { Some(invalid(path, value, messages.join(","))) }
}

/// A domain of at least three labels, as webhooks are named.
pub fn fully_qualified_name(path: &Path<'_>, name: &str) -> FieldErrors {
    if name.is_empty() {
        return vec![FieldError::required(path, "")];
    }
    if let Some(errors) = joined(path, name, dns1123_subdomain(name)) {
        return errors;
    }
    if name.split('.').count() < 3 {
        return invalid(path, name, "should be a domain with at least three segments separated by dots");
    }
    FieldErrors::new()
}

/// A domain of at least two labels, maybe with a dot at its end.
pub fn fully_qualified_domain_name(path: &Path<'_>, name: &str) -> FieldErrors {
    if name.is_empty() {
        return vec![FieldError::required(path, "")];
    }
    let name = name.strip_suffix('.').unwrap_or(name);
    if let Some(errors) = joined(path, name, dns1123_subdomain(name)) {
        return errors;
    }
    if !name.contains('.') {
        return invalid(path, name, "should be a domain with at least two segments separated by dots");
    }
    name.split('.').find_map(|label| joined(path, label, dns1123_label(label))).unwrap_or_default()
}

/// A domain, a slash and an HTTP path (RFC 3986): `acme.io/foo`.
pub fn domain_prefixed_path(path: &Path<'_>, value: &str) -> FieldErrors {
    if value.is_empty() {
        return vec![FieldError::required(path, "")];
    }
    let (host, rest) = match value.split_once('/') {
        Some((host, rest)) if !host.is_empty() && !rest.is_empty() => (host, rest),
        _ => return invalid(path, value, "must be a domain-prefixed path (such as \"acme.io/foo\")"),
    };
    let mut errors: FieldErrors =
        dns1123_subdomain(host).into_iter().map(|message| FieldError::invalid(path, host, message)).collect();
    let is_path_byte = |byte: u8| byte.is_ascii_alphanumeric() || b"/-._~%!$&'()*+,;=:".contains(&byte);
    if !rest.bytes().all(is_path_byte) {
        let detail = "Invalid path (regex used for validation is '[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+')";
        errors.push(FieldError::invalid(path, rest, detail));
    }
    errors
}

/// A domain, a slash and a name: `acme.io/foo`.
pub fn domain_prefixed_key(path: &Path<'_>, key: &str) -> FieldErrors {
    if key.is_empty() {
        return vec![FieldError::required(path, "")];
    }
    let messages = label_key(key);
    if messages.is_empty() && !key.contains('/') {
        return invalid(path, key, "must be a domain-prefixed key (such as \"acme.io/foo\")");
    }
    messages.into_iter().map(|message| FieldError::invalid(path, key, message)).collect()
}
