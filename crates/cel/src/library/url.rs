//! URLs as Go's net/url reads them.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Row;
use crate::error::{CelError, Outcome};
use crate::opaque::{OpaqueValue, expect, opaque};
use crate::value::{Key, Map, Value};

/// The functions.
pub(crate) const TABLE: &[Row] = &[
    ("string_to_url: url(string) -> URL", url),
    ("is_url_string: isURL(string) -> bool", is_url),
    ("url_get_scheme: URL::getScheme() -> string", |args| part(args, |url| url.scheme.clone())),
    ("url_get_host: URL::getHost() -> string", |args| part(args, |url| url.host.clone())),
    ("url_get_hostname: URL::getHostname() -> string", |args| {
        part(args, |url| url.split_host().0.to_owned())
    }),
    ("url_get_port: URL::getPort() -> string", |args| part(args, |url| url.split_host().1.to_owned())),
    ("url_get_escaped_path: URL::getEscapedPath() -> string", |args| part(args, |url| url.path.clone())),
    ("url_get_query: URL::getQuery() -> map(string, list(string))", query),
];

#[derive(Debug, Default, PartialEq)]
struct Url {
    scheme: String,
    host: String,
    /// As written, with what must be escaped escaped.
    path: String,
    query: String,
    rest: String,
}

impl OpaqueValue for Url {
    fn type_name(&self) -> &'static str {
        "kubernetes.URL"
    }
    fn equals(&self, other: &dyn OpaqueValue) -> bool {
        let other: &dyn std::any::Any = other;
        other.downcast_ref::<Url>() == Some(self)
    }
}

impl Url {
    /// The host without port and brackets, and the port.
    fn split_host(&self) -> (&str, &str) {
        let host = self.host.as_str();
        if let Some((inside, after)) = host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            return (inside, after.strip_prefix(':').unwrap_or(""));
        }
        host.rsplit_once(':').unwrap_or((host, ""))
    }
}

/// What is wrong with `text` as an absolute URL or path.
pub(super) fn problem(text: &str) -> Option<String> {
    parse(text).err().map(|problem| format!("parse {}: {problem}", status::go_quote(text)))
}

fn parse(text: &str) -> Result<Url, String> {
    if text.bytes().any(|b| b < 0x20 || b == 0x7f) {
        return Err("net/url: invalid control character in URL".to_owned());
    }
    if text.is_empty() {
        return Err("empty url".to_owned());
    }
    let (before, _fragment) = text.split_once('#').unwrap_or((text, ""));
    let mut url = Url::default();
    let rest = scheme(before, &mut url)?;
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    url.query = query.to_owned();
    if !rest.starts_with('/') {
        if url.scheme.is_empty() {
            return Err("invalid URI for request".to_owned());
        }
        // Without a slash after the scheme everything is opaque.
        url.rest = rest.to_owned();
        return Ok(url);
    }
    let path = match rest.strip_prefix("//") {
        Some(authority) if !url.scheme.is_empty() || !rest.starts_with("///") => {
            let end = authority.find('/').unwrap_or(authority.len());
            url.host = host(&authority[..end])?;
            &authority[end..]
        }
        _ => rest,
    };
    escapes(path, false)?;
    url.path = escaped(path);
    Ok(url)
}

/// Reads the scheme; the rest follows it.
fn scheme<'t>(text: &'t str, url: &mut Url) -> Result<&'t str, String> {
    for (at, b) in text.bytes().enumerate() {
        match b {
            b'a'..=b'z' | b'A'..=b'Z' => {}
            b'0'..=b'9' | b'+' | b'-' | b'.' if at > 0 => {}
            b':' if at == 0 => return Err("missing protocol scheme".to_owned()),
            b':' => {
                url.scheme = text[..at].to_ascii_lowercase();
                return Ok(&text[at + 1..]);
            }
            _ => break,
        }
    }
    Ok(text)
}

/// Checks `%XX` escapes; in hosts only some bytes may be escaped.
fn escapes(text: &str, in_host: bool) -> Result<(), String> {
    let mut bytes = text.as_bytes();
    while let Some(at) = bytes.iter().position(|b| *b == b'%') {
        let digits = bytes.get(at + 1..at + 3).filter(|digits| digits.iter().all(u8::is_ascii_hexdigit));
        if digits.is_none() {
            let shown = String::from_utf8_lossy(&bytes[at..(at + 3).min(bytes.len())]).into_owned();
            return Err(format!("invalid URL escape {}", status::go_quote(&shown)));
        }
        if in_host && digits.is_some_and(|digits| digits[0] < b'8' && digits != b"25") {
            let shown = String::from_utf8_lossy(&bytes[at..at + 3]).into_owned();
            return Err(format!("invalid URL escape {}", status::go_quote(&shown)));
        }
        bytes = &bytes[at + 3..];
    }
    Ok(())
}

fn host(authority: &str) -> Result<String, String> {
    let host = match authority.rsplit_once('@') {
        Some((user, host)) => {
            escapes(user, false)?;
            if !user.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._:~!$&'()*+,;=%@".contains(&b)) {
                return Err("net/url: invalid userinfo".to_owned());
            }
            host
        }
        None => authority,
    };
    let port = if host.starts_with('[') {
        let end = host.rfind(']').ok_or("missing ']' in host")?;
        &host[end + 1..]
    } else {
        host.rfind(':').map_or("", |at| &host[at..])
    };
    let digits = port.strip_prefix(':').unwrap_or("x");
    if !port.is_empty() && !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(format!("invalid port {} after host", status::go_quote(port)));
    }
    escapes(host, true)?;
    if let Some(bad) = host.chars().find(|c| matches!(c, ' ' | '\\' | '^' | '{' | '}' | '|' | '`')) {
        return Err(format!("invalid character {} in host name", status::go_quote(&bad.to_string())));
    }
    Ok(host.to_owned())
}

/// A path with the bytes escaped that may not stand in one.
fn escaped(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for b in path.bytes() {
        if b.is_ascii_alphanumeric() || b"-_.~$&+,/:;=@!'()*[]%".contains(&b) {
            out.push(b as char);
        } else {
            out.push_str(&format!("%{b:02X}"));
        }
    }
    out
}

fn text<'v>(args: &'v [Value<'_>]) -> Result<&'v str, CelError> {
    args.first().and_then(Value::as_str).ok_or_else(CelError::no_such_overload)
}

fn url<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    let text = text(args)?;
    parse(text).map(opaque).map_err(|problem| {
        CelError::new(format!(
            "URL parse error during conversion from string: parse {}: {problem}",
            status::go_quote(text)
        ))
    })
}

fn is_url<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    Ok(Value::Bool(parse(text(args)?).is_ok()))
}

fn own<'v>(args: &'v [Value<'_>]) -> Result<&'v Url, CelError> {
    args.first().map_or_else(|| Err(CelError::no_such_overload()), expect::<Url>)
}

fn part<'a>(args: &[Value<'a>], of: fn(&Url) -> String) -> Outcome<'a> {
    Ok(Value::from(of(own(args)?)))
}

/// `+` and `%XX` undone; nothing for a bad escape.
fn unescaped(text: &str) -> Option<String> {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(b) = bytes.next() {
        match b {
            b'+' => out.push(b' '),
            b'%' => {
                let digit = |b: Option<u8>| (b? as char).to_digit(16);
                out.push((digit(bytes.next())? * 16 + digit(bytes.next())?) as u8);
            }
            b => out.push(b),
        }
    }
    String::from_utf8(out).ok()
}

fn query<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    let mut values: BTreeMap<String, Vec<Value<'a>>> = BTreeMap::new();
    for pair in own(args)?.query.split('&').filter(|pair| !pair.is_empty() && !pair.contains(';')) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        if let (Some(name), Some(value)) = (unescaped(name), unescaped(value)) {
            values.entry(name).or_default().push(Value::from(value));
        }
    }
    let entries = values
        .into_iter()
        .map(|(name, values)| (Key::String(name.as_str().into()), (Value::from(name), Value::list(values))));
    Ok(Value::Map(Map::Shared(Arc::new(entries.collect()))))
}
