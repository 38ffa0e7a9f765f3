//! Keys and values of labels; keys name many other things too.

use super::{Messages, dns, too_long_or_malformed, unless};

const LIMIT: usize = 63;
const KEY: &str = "a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and \
    end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is \
    '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. \
    'example.com/MyName')";
const NAME_PART: &str = "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end \
    with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is \
    '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const VALUE: &str = "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', \
    and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used \
    for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

fn is_name_part(text: &str) -> bool {
    let bytes = text.as_bytes();
    [bytes.first(), bytes.last()].into_iter().all(|end| end.is_some_and(u8::is_ascii_alphanumeric))
        && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
}

/// A label's key: a name, maybe after a domain and a slash. The same as [`qualified_name`].
pub fn label_key(value: &str) -> Messages {
    let (prefix, name) = match value.split_once('/') {
        None => (None, value),
        Some((_, name)) if name.contains('/') => return unless(false, KEY),
        Some((prefix, name)) => (Some(prefix), name),
    };
    let mut messages = prefix.map_or_else(Vec::new, prefix_part);
    if name.is_empty() {
        messages.push("name part must be non-empty".into());
    }
    let too_long = "name part must be no more than 63 bytes";
    messages.extend(too_long_or_malformed(name.len() > LIMIT, too_long, is_name_part(name), NAME_PART));
    messages
}

fn prefix_part(prefix: &str) -> Messages {
    if prefix.is_empty() {
        return unless(false, "prefix part must be non-empty");
    }
    let messages = dns::subdomain(prefix, "must be no more than 253 bytes");
    messages.into_iter().map(|message| format!("prefix part {message}").into()).collect()
}

/// What the API calls a qualified name: `name` or `example.com/name`.
pub fn qualified_name(value: &str) -> Messages {
    label_key(value)
}

/// A label's value; may be empty.
pub fn label_value(value: &str) -> Messages {
    let well_formed = value.is_empty() || is_name_part(value);
    too_long_or_malformed(value.len() > LIMIT, "must be no more than 63 bytes", well_formed, VALUE)
}
