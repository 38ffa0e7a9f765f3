//! The headers by which another API server learns who asks; it believes them because of this server's certificate.

use http::{HeaderMap, HeaderName, HeaderValue};
use registry::User;

const PREFIX: &str = "x-remote-";

/// Sets the headers of `user`; whatever the client sent in their place goes.
pub(super) fn set(headers: &mut HeaderMap, user: &User) {
    let sent: Vec<HeaderName> =
        headers.keys().filter(|name| name.as_str().starts_with(PREFIX)).cloned().collect();
    for name in sent {
        headers.remove(name);
    }
    let mut add = |name: &str, value: &str| {
        if let (Ok(name), Ok(value)) =
            (HeaderName::try_from(format!("{PREFIX}{name}")), HeaderValue::from_str(value))
        {
            headers.append(name, value);
        }
    };
    add("user", &user.name);
    if !user.uid.is_empty() {
        add("uid", &user.uid);
    }
    for group in &user.groups {
        add("group", group);
    }
    for (key, values) in &user.extra {
        let name = format!("extra-{}", escape(key));
        for value in values {
            add(&name, value);
        }
    }
}

/// A key as part of a header's name: what may not stand there, and `%`, is percent-encoded.
fn escape(key: &str) -> String {
    let mut out = String::new();
    for byte in key.bytes() {
        match byte {
            b'!' | b'#' | b'$' | b'&' | b'\'' | b'*' | b'+' | b'-' | b'.' | b'^' | b'_' | b'`' | b'|'
            | b'~' => {
                out.push(byte as char);
            }
            _ if byte.is_ascii_alphanumeric() => out.push(byte as char),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_who_asks_is_named() {
        let mut headers = HeaderMap::new();
        headers.insert("x-remote-group", HeaderValue::from_static("system:masters"));
        headers.insert("x-remote-extra-x", HeaderValue::from_static("y"));
        let user = User {
            name: "alice".to_owned(),
            groups: vec!["a".to_owned(), "b".to_owned()],
            extra: vec![("example.com/key".to_owned(), vec!["v".to_owned()])],
            ..User::default()
        };
        set(&mut headers, &user);
        let mut all: Vec<_> =
            headers.iter().map(|(name, value)| (name.as_str(), value.to_str().ok())).collect();
        all.sort();
        assert_eq!(
            all,
            [
                ("x-remote-extra-example.com%2fkey", Some("v")),
                ("x-remote-group", Some("a")),
                ("x-remote-group", Some("b")),
                ("x-remote-user", Some("alice")),
            ]
        );
    }
}
