//! The second pass over a document: which keys are there twice, and where fields stand.
//!
//! Trees are sorted; messages list fields in document order and quote numbers as they were written.

use std::collections::{HashMap, HashSet};
use std::fmt::Write;

use super::string::{replace_invalid, unescape};
use crate::scan::{Token, Tokens, skip};
use crate::{Notice, Notices, Text};

/// Where a field stands in a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Location<'b> {
    /// Where its key (a list element: the element) first stands, in bytes: the place in document order.
    pub offset: usize,
    /// The value that counts (the last one, if the key is there twice) as it is written, such as `3.0`.
    pub literal: &'b [u8],
}

/// Where the fields with the given paths (printed as in `spec.containers[0].name`) stand in a well-formed document.
/// Absent ones are left out. Of two keys that print the same path the last one counts.
pub fn locate<'b, 'p>(
    bytes: &'b [u8],
    paths: impl IntoIterator<Item = &'p str>,
) -> HashMap<&'p str, Location<'b>> {
    let wanted: HashSet<&str> = paths.into_iter().collect();
    let mut found: HashMap<&str, Location<'_>> = HashMap::new();
    walk(bytes, |path, key, value| {
        let Some(&path) = wanted.get(path) else { return };
        let literal = bytes.get(value..skip(bytes, value)).unwrap_or_default();
        found
            .entry(path)
            .and_modify(|known| known.literal = literal)
            .or_insert(Location { offset: key, literal });
    });
    found
}

/// The duplicate keys of a well-formed document.
pub(super) fn duplicates(bytes: &[u8]) -> Notices {
    let mut notices = Notices::default();
    let mut walk = Walk::new(bytes);
    while let Some(step) = walk.next() {
        if let Step::Key { at, new: false } = step {
            notices.push(Notice::DuplicateField { path: walk.path.clone(), offset: at });
        }
    }
    notices
}

/// Calls `visit` with each field's path, where its key and where its value start.
fn walk(bytes: &[u8], mut visit: impl FnMut(&str, usize, usize)) {
    let mut walk = Walk::new(bytes);
    let mut key = None;
    while let Some(step) = walk.next() {
        match step {
            Step::Key { at, .. } => key = Some(at),
            Step::Value { at } => visit(&walk.path, key.take().unwrap_or(at), at),
            Step::Other => {}
        }
    }
}

enum Step {
    /// A key, now the last step of the path, and whether its object has it for the first time.
    Key {
        at: usize,
        new: bool,
    },
    /// A value of the present path begins here.
    Value {
        at: usize,
    },
    Other,
}

/// A list or object on the way: the length of its path, and its keys or the index of its present element.
enum Level {
    Object(usize, HashSet<Text>),
    Array(usize, usize),
}

struct Walk<'b> {
    bytes: &'b [u8],
    tokens: Tokens<'b>,
    levels: Vec<Level>,
    path: String,
}

impl<'b> Walk<'b> {
    fn new(bytes: &'b [u8]) -> Walk<'b> {
        Walk { bytes, tokens: Tokens::new(bytes), levels: Vec::new(), path: String::new() }
    }

    fn next(&mut self) -> Option<Step> {
        Some(match self.tokens.next()? {
            Token::Key(start, end) => self.key(start, end),
            Token::Scalar(at, _) => {
                self.element();
                Step::Value { at }
            }
            Token::Open(object, at) => {
                self.element();
                let length = self.path.len();
                let level =
                    if object { Level::Object(length, HashSet::new()) } else { Level::Array(length, 0) };
                self.levels.push(level);
                Step::Value { at }
            }
            Token::Close(_) => {
                if let Some(Level::Object(length, _) | Level::Array(length, _)) = self.levels.pop() {
                    self.path.truncate(length);
                }
                Step::Other
            }
        })
    }

    fn key(&mut self, start: usize, end: usize) -> Step {
        let inside = self.bytes.get(start + 1..end.saturating_sub(1)).unwrap_or_default();
        let written = match std::str::from_utf8(inside) {
            Ok(text) => text.to_owned(),
            Err(_) => replace_invalid(inside),
        };
        let key = unescape(&written).unwrap_or_default();
        let Some(Level::Object(length, keys)) = self.levels.last_mut() else { return Step::Other };
        self.path.truncate(*length);
        if *length > 0 {
            self.path.push('.');
        }
        self.path.push_str(&key);
        Step::Key { at: start, new: keys.insert(Text::from(key)) }
    }

    /// Makes the path name the next element, if a list is being walked.
    fn element(&mut self) {
        if let Some(Level::Array(length, index)) = self.levels.last_mut() {
            self.path.truncate(*length);
            let _ = write!(self.path, "[{index}]");
            *index += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse_with_notices;

    fn texts(document: &str) -> Vec<String> {
        parse_with_notices(document.as_bytes()).unwrap().1.warnings()
    }

    #[test]
    fn duplicates_come_in_document_order_once() {
        assert!(texts(r#"{"a":1,"b":{"a":1}}"#).is_empty());
        assert_eq!(
            texts(r#"{"z":{"y":1,"y":2,"y":3},"a":1,"a":2}"#),
            [r#"duplicate field "z.y""#, r#"duplicate field "a""#]
        );
        assert_eq!(texts(r#"[{"value":{"a":1,"\u0061":2}}]"#), [r#"duplicate field "[0].value.a""#]);
        assert_eq!(
            texts(r#"{"spec":{"containers":[{"n":1},{"n":1,"n":2,"m":[[],[{"x":1,"x":1}]]}]},"spec":{}}"#),
            [
                r#"duplicate field "spec.containers[1].n""#,
                r#"duplicate field "spec.containers[1].m[1][0].x""#,
                r#"duplicate field "spec""#,
            ]
        );
    }

    #[test]
    fn notices_are_limited() {
        let fields: String = (0..300).map(|n| format!(r#""k{n}":1,"k{n}":2,"#)).collect();
        assert_eq!(texts(&format!("{{{fields}\"z\":1}}")).len(), Notices::LIMIT);
    }

    #[test]
    fn fields_are_located() {
        let document = br#"{"z": 3.0, "a": [1, {"b": 1e1}], "c": {"d": {}}, "z": 4.50}"#;
        let found = locate(document, ["z", "a[1].b", "a[0]", "c.d", "none"]);
        let literal =
            |path: &str| found.get(path).and_then(|location| std::str::from_utf8(location.literal).ok());
        assert_eq!(literal("z"), Some("4.50"));
        assert_eq!(literal("a[1].b"), Some("1e1"));
        assert_eq!(literal("a[0]"), Some("1"));
        assert_eq!(literal("c.d"), Some("{}"));
        assert_eq!(found.len(), 4);
        assert!(found["z"].offset < found["a[0]"].offset && found["a[0]"].offset < found["c.d"].offset);
    }
}
