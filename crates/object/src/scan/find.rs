//! Members of objects and elements of lists, by name and in order.

use std::borrow::Cow;

use super::{skip, string_end};
use crate::json;

/// The bytes of the value at a path of keys, such as `["metadata", "labels"]`; nothing if some step is absent or
/// not an object.
pub fn find<'b>(bytes: &'b [u8], path: &[&str]) -> Option<&'b [u8]> {
    path.iter()
        .try_fold(bytes, |value, key| members(value).find(|(name, _)| same(name, key)).map(|found| found.1))
}

/// What [`find`] returns for each of `paths`, in one pass over the bytes. Later parts of the document are not
/// looked at once every path is found.
pub fn find_all<'b, const N: usize>(bytes: &'b [u8], paths: [&[&str]; N]) -> [Option<&'b [u8]>; N] {
    let mut search = Search { paths, matched: [0; N], found: [None; N] };
    search.visit(&mut Inside::new(bytes, b'{'), 0);
    search.found
}

/// The search for several paths at once.
struct Search<'p, 'b, const N: usize> {
    paths: [&'p [&'p str]; N],
    /// How many keys of each path lead to the object that is being visited.
    matched: [usize; N],
    found: [Option<&'b [u8]>; N],
}

impl<'b, const N: usize> Search<'_, 'b, N> {
    /// Looks through the object that `depth` keys lead to, up to its closing bracket.
    fn visit(&mut self, object: &mut Inside<'b>, depth: usize) {
        while let Some(name) = object.next_key() {
            let Some(start) = object.next_start() else { return };
            let deeper = self.advance(name, depth);
            if deeper && object.bytes.get(start) == Some(&b'{') {
                object.at = start + 1;
                self.visit(object, depth + 1);
                object.at += 1;
            } else {
                object.at = skip(object.bytes, start);
            }
            self.note(object.bytes.get(start..object.at), depth);
            if self.found.iter().all(Option::is_some) {
                return;
            }
        }
    }

    /// Counts the key for the paths that go through it; tells whether some go on behind it.
    fn advance(&mut self, name: &[u8], depth: usize) -> bool {
        let mut deeper = false;
        for (path, matched) in self.paths.iter().zip(&mut self.matched) {
            if *matched == depth && path.get(depth).is_some_and(|key| same(name, key)) {
                *matched = depth + 1;
                deeper |= path.len() > depth + 1;
            }
        }
        deeper
    }

    /// Notes the value for the paths that end at its key, and takes the key back from all.
    fn note(&mut self, value: Option<&'b [u8]>, depth: usize) {
        for ((path, matched), found) in self.paths.iter().zip(&mut self.matched).zip(&mut self.found) {
            if *matched > depth {
                *matched = depth;
                if path.len() == depth + 1 {
                    *found = value;
                }
            }
        }
    }
}

/// The members of an object in document order: the inside of the key's quotes as it is written, and the value's
/// bytes. Nothing if `bytes` are not an object.
pub fn members(bytes: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    let mut inside = Inside::new(bytes, b'{');
    std::iter::from_fn(move || {
        let key = inside.next_key()?;
        Some((key, inside.next_value()?))
    })
}

/// The elements' bytes of a list in order. Nothing if `bytes` are not a list.
pub fn elements(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut inside = Inside::new(bytes, b'[');
    std::iter::from_fn(move || inside.next_value())
}

/// The text of a JSON string, escapes undone; nothing if `bytes` are not a string.
pub fn text(bytes: &[u8]) -> Option<Cow<'_, str>> {
    let inside = bytes.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
    json::unescape(std::str::from_utf8(inside).ok()?)
}

/// Whether a key as it is written is `key`.
fn same(written: &[u8], key: &str) -> bool {
    written == key.as_bytes()
        || (written.len() > key.len()
            && written.contains(&b'\\')
            && std::str::from_utf8(written).ok().and_then(json::unescape).is_some_and(|name| name == key))
}

/// A walk through the inside of a list or object.
struct Inside<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl<'b> Inside<'b> {
    fn new(bytes: &'b [u8], bracket: u8) -> Inside<'b> {
        let start = bytes.iter().position(|byte| !byte.is_ascii_whitespace());
        let at = start.filter(|&at| bytes[at] == bracket).map_or(bytes.len(), |at| at + 1);
        Inside { bytes, at }
    }

    /// Goes past white space, commas and colons; nothing at the closing bracket.
    #[inline]
    fn next_start(&mut self) -> Option<usize> {
        loop {
            match self.bytes.get(self.at)? {
                b' ' | b'\n' | b'\t' | b'\r' | b',' | b':' => self.at += 1,
                b'}' | b']' => return None,
                _ => return Some(self.at),
            }
        }
    }

    /// The inside of the next key's quotes.
    #[inline]
    fn next_key(&mut self) -> Option<&'b [u8]> {
        let start = self.next_start()?;
        if self.bytes.get(start) != Some(&b'"') {
            return None;
        }
        self.at = string_end(self.bytes, start + 1);
        self.bytes.get(start + 1..self.at - 1)
    }

    fn next_value(&mut self) -> Option<&'b [u8]> {
        let start = self.next_start()?;
        self.at = skip(self.bytes, start);
        self.bytes.get(start..self.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const POD: &[u8] =
        br#" {"kind" : "Pod", "metadata":{"name":"a","labels": {"x":"1","y":"}"},"\u006f":[1]},
        "spec":{"nodeName":"n","containers":[{"name":"c"}, {} ,[],"s"]},"status":null} "#;

    #[test]
    fn paths_are_found() {
        for (path, value) in [
            (&["kind"][..], Some(r#""Pod""#)),
            (&["metadata", "labels"], Some(r#"{"x":"1","y":"}"}"#)),
            (&["metadata", "labels", "y"], Some(r#""}""#)),
            (&["metadata", "o"], Some("[1]")),
            (&["spec", "nodeName"], Some(r#""n""#)),
            (&["status"], Some("null")),
            (&["status", "phase"], None),
            (&["spec", "containers", "name"], None),
            (&["none"], None),
        ] {
            assert_eq!(find(POD, path), value.map(str::as_bytes), "{path:?}");
        }
        assert_eq!(find(POD, &[]), Some(POD));
    }

    #[test]
    fn several_paths_in_one_pass() {
        let found = find_all(
            POD,
            [
                &["status"],
                &["metadata", "labels", "x"],
                &["metadata", "labels"],
                &["spec", "nodeName"],
                &["spec", "none"],
            ],
        );
        let texts = found.map(|value| value.and_then(|value| std::str::from_utf8(value).ok()));
        assert_eq!(texts, [Some("null"), Some("\"1\""), Some(r#"{"x":"1","y":"}"}"#), Some("\"n\""), None]);
    }

    #[test]
    fn lists_are_walked() {
        let list = find(POD, &["spec", "containers"]).unwrap_or_default();
        let items: Vec<_> = elements(list).map(String::from_utf8_lossy).collect();
        assert_eq!(items, [r#"{"name":"c"}"#, "{}", "[]", "\"s\""]);
        assert_eq!(elements(b"{}").count(), 0);
        assert_eq!(members(b"[1]").count(), 0);
    }

    #[test]
    fn texts_are_unescaped() {
        assert_eq!(text(br#""a\n\u00e9""#).as_deref(), Some("a\né"));
        assert_eq!(text(b"\"\""), Some("".into()));
        assert_eq!(text(b"1"), None);
        assert_eq!(text(b"\""), None);
    }
}
