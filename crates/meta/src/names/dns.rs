//! DNS labels and domains.

use super::{Messages, too_long_or_malformed, unless};

const LABEL_LIMIT: usize = 63;
const SUBDOMAIN_LIMIT: usize = 253;
const LABEL_TOO_LONG: &str = "must be no more than 63 characters";
const SUBDOMAIN_TOO_LONG: &str = "must be no more than 253 characters";

const DNS1123_LABEL: &str = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', \
    and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for \
    validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const DNS1123_SUBDOMAIN: &str = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, \
    '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for \
    validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const DNS1123_SUBDOMAIN_WITH_UNDERSCORE: &str = "a lowercase RFC 1123 subdomain must consist of lower case \
    alphanumeric characters, '_', '-' or '.', and must start and end with an alphanumeric character (e.g. \
    'example.com', regex used for validation is \
    '_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?(\\._?[a-z0-9]([-_a-z0-9]*[a-z0-9])?)*')";
const DNS1035_LABEL: &str = "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with \
    an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used \
    for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";
const WILDCARD: &str = "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which \
    must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character (e.g. \
    '*.example.com', regex used for validation is \
    '\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

fn is_lower_alphanumeric(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit()
}

/// Alphanumeric ends, and in between also what `inner` allows.
fn is_word(bytes: &[u8], inner: impl Fn(u8) -> bool) -> bool {
    let ends = [bytes.first(), bytes.last()];
    ends.into_iter().all(|end| end.copied().is_some_and(is_lower_alphanumeric))
        && bytes.iter().all(|byte| is_lower_alphanumeric(*byte) || inner(*byte))
}

fn is_label(text: &str) -> bool {
    is_word(text.as_bytes(), |byte| byte == b'-')
}

fn is_label_with_underscore(text: &str) -> bool {
    is_word(text.strip_prefix('_').unwrap_or(text).as_bytes(), |byte| matches!(byte, b'-' | b'_'))
}

fn is_subdomain(text: &str) -> bool {
    text.split('.').all(is_label)
}

/// A label: `my-name`.
pub fn dns1123_label(value: &str) -> Messages {
    let mut messages = unless(value.len() <= LABEL_LIMIT, LABEL_TOO_LONG);
    if !is_label(value) {
        messages.push(if is_subdomain(value) { "must not contain dots" } else { DNS1123_LABEL }.into());
    }
    messages
}

/// A domain: `example.com`.
pub fn dns1123_subdomain(value: &str) -> Messages {
    subdomain(value, SUBDOMAIN_TOO_LONG)
}

/// The same with another text for what is too long.
pub(super) fn subdomain(value: &str, too_long: &'static str) -> Messages {
    too_long_or_malformed(value.len() > SUBDOMAIN_LIMIT, too_long, is_subdomain(value), DNS1123_SUBDOMAIN)
}

/// A domain whose labels may hold underscores, as DNS search lists do.
pub fn dns1123_subdomain_with_underscore(value: &str) -> Messages {
    too_long_or_malformed(
        value.len() > SUBDOMAIN_LIMIT,
        SUBDOMAIN_TOO_LONG,
        value.split('.').all(is_label_with_underscore),
        DNS1123_SUBDOMAIN_WITH_UNDERSCORE,
    )
}

/// A label that starts with a letter, as Service names do.
pub fn dns1035_label(value: &str) -> Messages {
    too_long_or_malformed(
        value.len() > LABEL_LIMIT,
        LABEL_TOO_LONG,
        value.starts_with(|first: char| first.is_ascii_lowercase()) && is_label(value),
        DNS1035_LABEL,
    )
}

/// A domain with a wildcard for its first label: `*.example.com`.
pub fn wildcard_dns1123_subdomain(value: &str) -> Messages {
    too_long_or_malformed(
        value.len() > SUBDOMAIN_LIMIT,
        SUBDOMAIN_TOO_LONG,
        value.strip_prefix("*.").is_some_and(is_subdomain),
        WILDCARD,
    )
}
