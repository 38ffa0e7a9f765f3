//! Names inside of objects: variables, keys of data, ports, headers, percentages.

use super::{Messages, too_long_or_malformed, unless};

const C_IDENTIFIER: &str = "a valid C identifier must start with alphabetic character or '_', followed by a string \
    of alphanumeric characters or '_' (e.g. 'my_name',  or 'MY_NAME',  or 'MyName', regex used for validation is \
    '[A-Za-z_][A-Za-z0-9_]*')";
const CONDITION_REASON: &str = "a condition reason must start with alphabetic character, optionally followed by a \
    string of alphanumeric characters or '_,:', and must end with an alphanumeric character or '_' (e.g. \
    'my_name',  or 'MY_NAME',  or 'MyName',  or 'ReasonA,ReasonB',  or 'ReasonA:ReasonB', regex used for \
    validation is '[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?')";
const ENV_VAR_NAME: &str = "a valid environment variable name must consist of alphabetic characters, digits, '_', \
    '-', or '.', and must not start with a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or 'MyEnvName1', regex \
    used for validation is '[-._a-zA-Z][-._a-zA-Z0-9]*')";
const RELAXED_ENV_VAR_NAME: &str =
    "a valid environment variable name must consist only of printable ASCII characters other than '='";
const CONFIG_MAP_KEY: &str = "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. \
    'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";
const HTTP_HEADER_NAME: &str = "a valid HTTP header must consist of alphanumeric characters or '-' (e.g. \
    'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')";
const PERCENT: &str = "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or \
    '93%', regex used for validation is '[0-9]+%')";

/// At least one byte, and only allowed ones.
fn is_all(text: &str, allowed: impl Fn(u8) -> bool) -> bool {
    !text.is_empty() && text.bytes().all(allowed)
}

fn starts_with_digit(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_digit())
}

fn is_key_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_')
}

/// No name that a path could climb with.
fn no_parent_directory(value: &str) -> Messages {
    match value {
        "." => unless(false, "must not be '.'"),
        ".." => unless(false, "must not be '..'"),
        _ => unless(!value.starts_with(".."), "must not start with '..'"),
    }
}

/// An identifier of the language C.
pub fn c_identifier(value: &str) -> Messages {
    let well_formed = is_all(value, |byte| byte.is_ascii_alphanumeric() || byte == b'_');
    unless(well_formed && !starts_with_digit(value), C_IDENTIFIER)
}

/// The reason of a condition.
pub fn condition_reason(value: &str) -> Messages {
    let well_formed = value.starts_with(|first: char| first.is_ascii_alphabetic())
        && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_,:".contains(&byte))
        && !value.ends_with([',', ':']);
    unless(well_formed, CONDITION_REASON)
}

/// An environment variable by the strict rule.
pub fn env_var_name(value: &str) -> Messages {
    let mut messages = unless(is_all(value, is_key_byte) && !starts_with_digit(value), ENV_VAR_NAME);
    messages.extend(no_parent_directory(value));
    messages
}

/// An environment variable by today's rule: printable ASCII without `=`.
pub fn relaxed_env_var_name(value: &str) -> Messages {
    let mut messages = unless(!value.is_empty(), "environment variable name must be non-empty");
    let printable = value.bytes().all(|byte| (b' '..=b'~').contains(&byte) && byte != b'=');
    messages.extend(unless(printable, RELAXED_ENV_VAR_NAME));
    messages
}

/// A key of a ConfigMap's or a Secret's data.
pub fn config_map_key(value: &str) -> Messages {
    let too_long = "must be no more than 253 characters";
    let mut messages =
        too_long_or_malformed(value.len() > 253, too_long, is_all(value, is_key_byte), CONFIG_MAP_KEY);
    messages.extend(no_parent_directory(value));
    messages
}

/// The name of an HTTP header.
pub fn http_header_name(value: &str) -> Messages {
    unless(is_all(value, |byte| byte.is_ascii_alphanumeric() || byte == b'-'), HTTP_HEADER_NAME)
}

/// A percentage: `25%`.
pub fn percent(value: &str) -> Messages {
    let digits = value.strip_suffix('%').unwrap_or("");
    unless(is_all(digits, |byte| byte.is_ascii_digit()), PERCENT)
}

/// An IANA service name (RFC 6335) in lower case, as ports are named.
pub fn port_name(value: &str) -> Messages {
    let charset = is_all(value, |byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    let letter = value.bytes().any(|byte| byte.is_ascii_lowercase());
    let hyphen_at_end = value.starts_with('-') || value.ends_with('-');
    let rules = [
        (value.len() <= 15, "must be no more than 15 characters"),
        (charset, "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)"),
        (letter, "must contain at least one letter (a-z)"),
        (!value.contains("--"), "must not contain consecutive hyphens"),
        (!hyphen_at_end, "must not begin or end with a hyphen"),
    ];
    rules.into_iter().flat_map(|(good, message)| unless(good, message)).collect()
}
