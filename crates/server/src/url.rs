//! Paths and queries of request targets, decoded as Go's `net/url` does it.

use std::borrow::Cow;

/// The value of a hexadecimal digit.
fn hex(byte: u8) -> Option<u8> {
    (byte as char).to_digit(16).map(|digit| digit as u8)
}

/// `raw` with its percent escapes decoded, and `+` as a space if `plus`; nothing if an escape is malformed.
/// Bytes that are no UTF-8 become U+FFFD.
fn unescape(raw: &str, plus: bool) -> Option<Cow<'_, str>> {
    if !raw.bytes().any(|byte| byte == b'%' || (plus && byte == b'+')) {
        return Some(Cow::Borrowed(raw));
    }
    let bytes = raw.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut index = 0;
    while index < bytes.len() {
        match bytes[index] {
            b'%' => {
                let high = hex(*bytes.get(index + 1)?)?;
                let low = hex(*bytes.get(index + 2)?)?;
                out.push(high << 4 | low);
                index += 3;
                continue;
            }
            b'+' if plus => out.push(b' '),
            byte => out.push(byte),
        }
        index += 1;
    }
    Some(Cow::Owned(match String::from_utf8(out) {
        Ok(text) => text,
        Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
    }))
}

/// The decoded path; nothing if an escape is malformed.
pub fn decode_path(raw: &str) -> Option<Cow<'_, str>> {
    unescape(raw, false)
}

/// A query's parameters in order. Pairs that are malformed, or hold a `;`, are passed over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query(Vec<(String, String)>);

impl Query {
    /// Parses the part after `?`.
    pub fn parse(raw: &str) -> Query {
        let pairs = raw.split('&').filter(|pair| !pair.is_empty() && !pair.contains(';'));
        Query(
            pairs
                .filter_map(|pair| {
                    let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
                    Some((unescape(key, true)?.into_owned(), unescape(value, true)?.into_owned()))
                })
                .collect(),
        )
    }

    /// The first value of `name`.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|pair| pair.0 == name).map(|pair| pair.1.as_str())
    }

    /// All values of `name`.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |pair| pair.0 == name).map(|pair| pair.1.as_str())
    }

    /// A parameter that is true unless absent, `false` or `0` (`watch`, `force`, ...).
    pub fn flag(&self, name: &str) -> bool {
        self.get(name).is_some_and(|value| !value.eq_ignore_ascii_case("false") && value != "0")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_decode() {
        for (raw, decoded) in [
            ("/a/b", Some("/a/b")),
            ("/a%2Fb", Some("/a/b")),
            ("/%C3%A9+", Some("/é+")),
            ("/%FF", Some("/\u{fffd}")),
            ("/a%", None),
            ("/%zz", None),
            ("/%+1", None),
        ] {
            assert_eq!(decode_path(raw).as_deref(), decoded, "{raw}");
        }
    }

    #[test]
    fn queries_skip_what_is_malformed() {
        let query = Query::parse("a=1&&b;c=2&x=%zz&%zz&d=e+f&a=3&watch&no=0&off=False");
        assert_eq!(query.all("a").collect::<Vec<_>>(), ["1", "3"]);
        assert_eq!((query.get("x"), query.get("b"), query.get("d")), (None, None, Some("e f")));
        assert!(query.flag("watch") && !query.flag("no") && !query.flag("off") && !query.flag("absent"));
    }
}
