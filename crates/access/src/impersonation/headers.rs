//! The headers that ask for impersonation.

use http::header::{HeaderMap, HeaderName};
use registry::User;
use status::{Result, Status, go_quote};

const USER: HeaderName = HeaderName::from_static("impersonate-user");
const UID: HeaderName = HeaderName::from_static("impersonate-uid");
const GROUP: HeaderName = HeaderName::from_static("impersonate-group");
const EXTRA: &str = "impersonate-extra-";

/// Whom a request wants to act as, as the headers say it; nothing if it does not want to. The headers are taken out,
/// so that nothing later can tell. 400 if there is no user to go with the rest.
pub fn wanted_user(headers: &mut HeaderMap) -> Result<Option<User>> {
    let text = |value: &http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let first = |name: HeaderName| headers.get(name).map(text).unwrap_or_default();
    let mut wanted = User {
        name: first(USER),
        uid: first(UID),
        groups: headers.get_all(GROUP).into_iter().map(text).collect(),
        extra: Vec::new(),
    };
    let mut names: Vec<HeaderName> =
        headers.keys().filter(|name| name.as_str().starts_with(EXTRA)).cloned().collect();
    for name in &names {
        let key = unescape_extra_key(&name.as_str()[EXTRA.len()..]);
        let values = headers.get_all(name).into_iter().map(text);
        match wanted.extra.iter_mut().find(|(known, _)| *known == key) {
            Some((_, known)) => known.extend(values),
            None => wanted.extra.push((key, values.collect())),
        }
    }
    wanted.extra.sort();
    if wanted.name.is_empty() {
        let empty = wanted.uid.is_empty() && wanted.groups.is_empty() && wanted.extra.is_empty();
        return if empty { Ok(None) } else { Err(no_user(&wanted)) };
    }
    names.extend([USER, UID, GROUP]);
    for name in names {
        headers.remove(name);
    }
    Ok(Some(wanted))
}

/// The key of an extra attribute, which stands percent-encoded in a header's name.
pub(crate) fn unescape_extra_key(name: &str) -> String {
    unescape(name).unwrap_or_else(|| name.to_owned())
}

/// Nothing if an escape is malformed or what comes out is no text.
fn unescape(name: &str) -> Option<String> {
    let mut out = Vec::with_capacity(name.len());
    let mut rest = name.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        if *byte != b'%' {
            out.push(*byte);
            continue;
        }
        let (digits, after) = rest.split_at_checked(2)?;
        let digit = |byte: u8| char::from(byte).to_digit(16);
        let value = digit(digits[0])? * 16 + digit(digits[1])?;
        out.push(u8::try_from(value).ok()?);
        rest = after;
    }
    String::from_utf8(out).ok()
}

/// The 400 prints the user as Go does.
fn no_user(wanted: &User) -> Box<Status> {
    let list = |items: &[String]| {
        if items.is_empty() {
            return "[]string(nil)".to_owned();
        }
        let quoted: Vec<String> = items.iter().map(|item| go_quote(item)).collect();
        format!("[]string{{{}}}", quoted.join(", "))
    };
    let extra = if wanted.extra.is_empty() {
        "map[string][]string(nil)".to_owned()
    } else {
        let entries = wanted.extra.iter().map(|(key, values)| format!("{}:{}", go_quote(key), list(values)));
        format!("map[string][]string{{{}}}", entries.collect::<Vec<_>>().join(", "))
    };
    let (name, uid, groups) = (go_quote(&wanted.name), go_quote(&wanted.uid), list(&wanted.groups));
    Status::bad_request(format!(
        "requested &user.DefaultInfo{{Name:{name}, UID:{uid}, Groups:{groups}, Extra:{extra}}} without impersonating a \
         user name"
    ))
}
