//! Bytes to tree.

use std::borrow::Cow;

use super::{check, locate, number, string};
use crate::{Map, Notices, ParseError, Text, Value};

/// How deep lists and objects may nest, as in Go's decoder.
pub const MAX_DEPTH: usize = 10_000;

/// The tree of a JSON document; of duplicate keys the last one counts.
///
/// # Errors
/// A syntax error or a number beyond a float's range, in Go's words.
pub fn parse(bytes: &[u8]) -> Result<Value, ParseError> {
    tree(bytes).map(|(value, _)| value)
}

/// The tree of a JSON document, and its duplicate keys.
///
/// # Errors
/// As [`parse`].
pub fn parse_with_notices(bytes: &[u8]) -> Result<(Value, Notices), ParseError> {
    let (value, duplicates) = tree(bytes)?;
    let notices = if duplicates { locate::duplicates(bytes) } else { Notices::default() };
    Ok((value, notices))
}

/// The tree, and whether some object has a key twice.
pub(crate) fn tree(bytes: &[u8]) -> Result<(Value, bool), ParseError> {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => {
            check::check(bytes)?;
            Cow::Owned(string::replace_invalid(bytes))
        }
    };
    let mut parser = Parser::new(&text);
    match parser.document() {
        Ok(value) => Ok((value, parser.duplicates)),
        Err(fault) => Err(explain(bytes, &text, fault)),
    }
}

/// Why the fast path stopped. Syntax comes first wherever it is, as Go checks it before it decodes.
fn explain(bytes: &[u8], text: &str, fault: Fault) -> ParseError {
    if let Err(error) = check::check(bytes) {
        return error;
    }
    let literal = fault.number.and_then(|(start, end)| text.get(start..end)).unwrap_or_default();
    ParseError::new(
        format!("json: cannot unmarshal number {literal} into Go value of type float64"),
        fault.at,
    )
}

/// Where the fast path stopped; with the extent of a number that no float holds, if that is why.
struct Fault {
    at: usize,
    number: Option<(usize, usize)>,
}

/// A list or object that is not closed yet; its children start at this index of the parser's stack.
enum Open {
    Object(usize),
    Array(usize),
}

/// What a step of the parser found: a whole value, or the beginning of a child.
enum Step {
    Value(Value),
    Child,
}

/// Children of open lists and objects wait on two stacks and move to vectors of exactly their number when their
/// parent closes. There is no recursion, so depth costs no machine stack.
struct Parser<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    open: Vec<Open>,
    items: Vec<Value>,
    entries: Vec<(Text, Value)>,
    duplicates: bool,
}

impl<'t> Parser<'t> {
    fn new(text: &'t str) -> Parser<'t> {
        Parser {
            text,
            bytes: text.as_bytes(),
            at: 0,
            open: Vec::with_capacity(16),
            items: Vec::new(),
            entries: Vec::with_capacity(64),
            duplicates: false,
        }
    }

    fn document(&mut self) -> Result<Value, Fault> {
        loop {
            let Step::Value(mut value) = self.begin()? else { continue };
            loop {
                match self.open.last() {
                    None => {
                        return if self.peek().is_none() { Ok(value) } else { Err(self.fault()) };
                    }
                    Some(&Open::Array(start)) => {
                        self.items.push(value);
                        match self.peek() {
                            Some(b',') => {
                                self.at += 1;
                                break;
                            }
                            Some(b']') => {
                                value = Value::Array(self.close(|parser| parser.items.split_off(start)))
                            }
                            _ => return Err(self.fault()),
                        }
                    }
                    Some(&Open::Object(start)) => {
                        if let Some(entry) = self.entries.last_mut() {
                            entry.1 = value;
                        }
                        match self.peek() {
                            Some(b',') => {
                                self.at += 1;
                                self.key()?;
                                break;
                            }
                            Some(b'}') => {
                                value = Value::Object(self.close(|parser| parser.close_object(start)))
                            }
                            _ => return Err(self.fault()),
                        }
                    }
                }
            }
        }
    }

    /// Reads a scalar or an empty list or object, or opens one.
    fn begin(&mut self) -> Result<Step, Fault> {
        let value = match self.peek() {
            Some(b'"') => Value::String(self.string()?),
            Some(b'{') => {
                self.at += 1;
                if self.peek() != Some(b'}') {
                    self.push(Open::Object(self.entries.len()))?;
                    self.key()?;
                    return Ok(Step::Child);
                }
                self.at += 1;
                self.leaf(Value::object())?
            }
            Some(b'[') => {
                self.at += 1;
                if self.peek() != Some(b']') {
                    self.push(Open::Array(self.items.len()))?;
                    return Ok(Step::Child);
                }
                self.at += 1;
                self.leaf(Value::Array(Vec::new()))?
            }
            Some(b't') => self.word(b"true", Value::Bool(true))?,
            Some(b'f') => self.word(b"false", Value::Bool(false))?,
            Some(b'n') => self.word(b"null", Value::Null)?,
            Some(b'-' | b'0'..=b'9') => self.number()?,
            _ => return Err(self.fault()),
        };
        Ok(Step::Value(value))
    }

    /// The next byte that is not white space, which stays the next one.
    #[inline]
    fn peek(&mut self) -> Option<u8> {
        loop {
            match self.bytes.get(self.at) {
                Some(b' ' | b'\n' | b'\t' | b'\r') => self.at += 1,
                other => return other.copied(),
            }
        }
    }

    fn fault(&self) -> Fault {
        Fault { at: self.at, number: None }
    }

    fn push(&mut self, open: Open) -> Result<(), Fault> {
        if self.open.len() >= MAX_DEPTH {
            return Err(self.fault());
        }
        self.open.push(open);
        Ok(())
    }

    /// An empty list or object is a level too.
    fn leaf(&self, value: Value) -> Result<Value, Fault> {
        if self.open.len() < MAX_DEPTH { Ok(value) } else { Err(self.fault()) }
    }

    fn close<T>(&mut self, take: impl FnOnce(&mut Self) -> T) -> T {
        self.at += 1;
        self.open.pop();
        take(self)
    }

    fn close_object(&mut self, start: usize) -> Map {
        let (map, duplicates) = Map::sorted(self.entries.split_off(start));
        self.duplicates |= duplicates;
        map
    }

    /// Reads `"key":` and makes room for its value.
    fn key(&mut self) -> Result<(), Fault> {
        if self.peek() != Some(b'"') {
            return Err(self.fault());
        }
        let key = self.string()?;
        if self.peek() != Some(b':') {
            return Err(self.fault());
        }
        self.at += 1;
        self.entries.push((key, Value::Null));
        Ok(())
    }

    /// Reads a string whose opening quote is the next byte.
    fn string(&mut self) -> Result<Text, Fault> {
        let start = self.at + 1;
        let end = string::plain_end(self.bytes, start);
        if self.bytes.get(end) == Some(&b'"') {
            self.at = end + 1;
            return Ok(Text::new(&self.text[start..end]));
        }
        self.escaped_string(start, end)
    }

    #[cold]
    fn escaped_string(&mut self, start: usize, mut end: usize) -> Result<Text, Fault> {
        while self.bytes.get(end) == Some(&b'\\') {
            end = string::plain_end(self.bytes, (end + 2).min(self.bytes.len()));
        }
        let inside = self.text.get(start..end).filter(|_| self.bytes.get(end) == Some(&b'"'));
        let text = inside.and_then(string::unescape).ok_or_else(|| self.fault())?;
        self.at = end + 1;
        Ok(Text::from(text))
    }

    fn word(&mut self, word: &[u8], value: Value) -> Result<Value, Fault> {
        if self.bytes.get(self.at..self.at + word.len()) != Some(word) {
            return Err(self.fault());
        }
        self.at += word.len();
        Ok(value)
    }

    fn number(&mut self) -> Result<Value, Fault> {
        let start = self.at;
        let (end, integer) = number::literal(self.bytes, start).ok_or_else(|| self.fault())?;
        self.at = end;
        number::value(&self.text[start..end], integer).ok_or(Fault { at: start, number: Some((start, end)) })
    }
}
