//! Options in queries, and queries in targets.

use object::Value;
use status::{Result, Status};

use crate::url::Query;

/// An options object of the core group, such as a PodExecOptions, with nothing set.
pub(super) fn options(kind: &str) -> Value {
    let mut value = Value::object();
    value.set("kind", kind);
    value.set("apiVersion", "v1");
    value
}

/// Go's `strconv` error for a text that is no number.
pub(super) fn not_a_number(function: &str, text: &str, error: &std::num::ParseIntError) -> String {
    use std::num::IntErrorKind::{NegOverflow, PosOverflow};
    let why = match error.kind() {
        PosOverflow | NegOverflow => "value out of range",
        _ => "invalid syntax",
    };
    format!("strconv.{function}: parsing {}: {why}", status::go_quote(text))
}

/// A number, if the parameter is there; 400 if it is none.
pub(super) fn number(query: &Query, name: &str) -> Result<Option<i64>> {
    let Some(text) = query.get(name) else { return Ok(None) };
    text.parse().map(Some).map_err(|error| Status::bad_request(not_a_number("ParseInt", text, &error)))
}

/// What stands in a request line for a decoded path and a query.
pub(super) fn target(path: &str, query: Option<&str>) -> String {
    let mut out = escape(path, b"-_.~/$&+,:;=@");
    if out.is_empty() {
        out.push('/');
    }
    if let Some(query) = query {
        out.push('?');
        out.push_str(query);
    }
    out
}

/// A query of pairs that are sorted by their names, as Go's `Values.Encode` writes it.
pub(super) fn encode(pairs: &[(&str, String)]) -> String {
    let mut sorted: Vec<_> = pairs.iter().collect();
    sorted.sort_by_key(|pair| pair.0);
    let encoded = sorted.iter().map(|(name, value)| format!("{name}={}", form(value)));
    encoded.collect::<Vec<_>>().join("&")
}

fn form(text: &str) -> String {
    escape(text, b"-_.~ ").replace(' ', "+")
}

fn escape(text: &str, plain: &[u8]) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || plain.contains(&byte) {
            out.push(byte as char);
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_escaped() {
        assert_eq!(target("/a b/é?x", Some("y=1")), "/a%20b/%C3%A9%3Fx?y=1");
        assert_eq!(target("", None), "/");
    }

    #[test]
    fn queries_are_sorted() {
        let pairs = [("output", "1".to_owned()), ("command", "a b".to_owned()), ("command", "&".to_owned())];
        assert_eq!(encode(&pairs), "command=a+b&command=%26&output=1");
    }
}
