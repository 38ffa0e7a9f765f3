//! Bytes to tree.

use std::collections::HashSet;

use super::{half, major};
use crate::{Map, ParseError, Text, Value};

/// How deep lists, maps and tags may nest.
pub const MAX_DEPTH: usize = 64;

/// Maps up to this size are searched for a key; bigger ones are hashed.
const FEW: usize = 16;

/// A text that stands for bytes.
type Encode = fn(&[u8]) -> String;

/// Tags that say how bytes look as text, and the text they make (RFC 8949, section 3.4.5.2).
const EXPECTED_TEXT: &[(u64, Encode)] = &[(21, base64_url), (22, base64), (23, base16)];

/// The tree of one CBOR data item.
///
/// # Errors
/// The item is malformed or outside of the subset: it has a map with other keys than texts or with a key twice,
/// an integer beyond 64 bits, NaN or infinity, or is nested deeper than [`MAX_DEPTH`].
pub fn parse(bytes: &[u8]) -> Result<Value, ParseError> {
    let mut reader = Reader { bytes, at: 0 };
    let value = reader.item(0)?;
    match bytes.len() - reader.at {
        0 => Ok(value),
        rest => reader.fail(format!("cbor: {rest} bytes of extraneous data starting at index {}", reader.at)),
    }
}

/// The initial byte of an item with its argument; none for an indefinite length.
struct Head {
    major: u8,
    info: u8,
    argument: Option<u64>,
}

struct Reader<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl<'b> Reader<'b> {
    fn fail<T>(&self, message: impl Into<String>) -> Result<T, ParseError> {
        Err(ParseError::new(message, self.at))
    }

    fn take(&mut self, count: u64) -> Result<&'b [u8], ParseError> {
        let taken = usize::try_from(count).ok().and_then(|count| self.bytes[self.at..].get(..count));
        match taken {
            Some(taken) => {
                self.at += taken.len();
                Ok(taken)
            }
            None => self.fail("unexpected EOF"),
        }
    }

    fn head(&mut self) -> Result<Head, ParseError> {
        let initial = self.take(1)?[0];
        let (major, info) = (initial & 0xe0, initial & 0x1f);
        let argument = match info {
            0..=23 => Some(u64::from(info)),
            24..=27 => {
                let bytes = self.take(1 << (info - 24))?;
                Some(bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)))
            }
            31 if matches!(major, major::BYTES | major::TEXT | major::ARRAY | major::MAP | major::SIMPLE) => {
                None
            }
            _ => return self.fail(format!("cbor: invalid additional information {info}")),
        };
        Ok(Head { major, info, argument })
    }

    /// Whether the "break" that ends an indefinite length comes next; takes it if so.
    fn at_break(&mut self) -> bool {
        let found = self.bytes.get(self.at) == Some(&0xff);
        self.at += usize::from(found);
        found
    }

    fn item(&mut self, depth: usize) -> Result<Value, ParseError> {
        let head = self.head()?;
        let nested = matches!(head.major, major::ARRAY | major::MAP | major::TAG);
        if nested && depth >= MAX_DEPTH {
            return self.fail(format!("cbor: exceeded max nested level {MAX_DEPTH}"));
        }
        match (head.major, head.argument) {
            (major::UNSIGNED, Some(number)) => self.integer(number).map(Value::Int),
            (major::NEGATIVE, Some(number)) => self.integer(number).map(|number| Value::Int(!number)),
            (major::BYTES | major::TEXT, _) => {
                let bytes = self.string(&head)?;
                self.text(bytes).map(Value::String)
            }
            (major::ARRAY, length) => self.array(length, depth),
            (major::MAP, length) => self.map(length, depth),
            (major::TAG, Some(tag)) => self.tagged(tag, depth),
            _ => self.simple(&head),
        }
    }

    fn integer(&self, number: u64) -> Result<i64, ParseError> {
        i64::try_from(number).or_else(|_| self.fail("cbor: integer overflows int64"))
    }

    /// The bytes of a string, its chunks put together if it has no definite length.
    fn string(&mut self, head: &Head) -> Result<Vec<u8>, ParseError> {
        if let Some(length) = head.argument {
            return self.take(length).map(<[u8]>::to_vec);
        }
        let mut whole = Vec::new();
        while !self.at_break() {
            let chunk = self.head()?;
            match chunk.argument {
                Some(length) if chunk.major == head.major => whole.extend_from_slice(self.take(length)?),
                _ => return self.fail("cbor: wrong element type for indefinite-length string"),
            }
        }
        Ok(whole)
    }

    fn text(&self, bytes: Vec<u8>) -> Result<Text, ParseError> {
        String::from_utf8(bytes).map(Text::from).or_else(|_| self.fail("cbor: invalid UTF-8 string"))
    }

    /// Whether a list or map of `length` has an element after `count` ones.
    fn more(&mut self, length: Option<u64>, count: usize) -> bool {
        length.map_or_else(|| !self.at_break(), |length| (count as u64) < length)
    }

    fn array(&mut self, length: Option<u64>, depth: usize) -> Result<Value, ParseError> {
        let mut items = Vec::new();
        while self.more(length, items.len()) {
            items.push(self.item(depth + 1)?);
        }
        Ok(Value::Array(items))
    }

    fn map(&mut self, length: Option<u64>, depth: usize) -> Result<Value, ParseError> {
        let mut entries: Vec<(Text, Value)> = Vec::new();
        let mut keys = HashSet::new();
        while self.more(length, entries.len()) {
            let head = self.head()?;
            if !matches!(head.major, major::BYTES | major::TEXT) {
                return self.fail("cbor: map keys must be strings");
            }
            let bytes = self.string(&head)?;
            let key = self.text(bytes)?;
            let duplicate = match entries.len() {
                0..FEW => entries.iter().any(|entry| entry.0 == key),
                FEW => !keys.insert(key.clone()) | entries.iter().any(|entry| !keys.insert(entry.0.clone())),
                _ => !keys.insert(key.clone()),
            };
            if duplicate {
                let (key, index) = (status::go_quote(&key), entries.len());
                return self
                    .fail(format!("cbor: found duplicate map key {key} at map element index {index}"));
            }
            entries.push((key, self.item(depth + 1)?));
        }
        Ok(Value::Object(Map::from_entries(entries)))
    }

    /// The content of a tag; bytes under an expected encoding become that text.
    fn tagged(&mut self, tag: u64, depth: usize) -> Result<Value, ParseError> {
        let expected = EXPECTED_TEXT.iter().find(|row| row.0 == tag);
        let bytes_next = self.bytes.get(self.at).is_some_and(|initial| initial & 0xe0 == major::BYTES);
        match expected {
            Some((_, encode)) if bytes_next => {
                let head = self.head()?;
                let bytes = self.string(&head)?;
                Ok(Value::from(encode(&bytes)))
            }
            _ => self.item(depth + 1),
        }
    }

    fn simple(&self, head: &Head) -> Result<Value, ParseError> {
        let number = match (head.info, head.argument) {
            (20 | 21, _) => return Ok(Value::Bool(head.info == 21)),
            (22, _) => return Ok(Value::Null),
            (25, Some(bits)) => half::to_f64(bits as u16),
            (26, Some(bits)) => f64::from(f32::from_bits(bits as u32)),
            (27, Some(bits)) => f64::from_bits(bits),
            (_, Some(value)) => return self.fail(format!("cbor: simple value {value} is not allowed")),
            (_, None) => return self.fail("cbor: unexpected \"break\" code"),
        };
        if number.is_finite() {
            Ok(Value::Float(number))
        } else {
            self.fail("cbor: NaN and infinity are not allowed")
        }
    }
}

const LETTERS: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// Base64 whose last two digits are `extra`, without padding.
fn base64_digits(bytes: &[u8], extra: [u8; 2]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let mut octets = [0; 3];
        octets[..chunk.len()].copy_from_slice(chunk);
        let bits = octets.iter().fold(0, |bits: usize, octet| bits << 8 | usize::from(*octet));
        for index in 0..=chunk.len() {
            let digit = bits >> (18 - 6 * index) & 63;
            out.push(char::from(LETTERS.get(digit).copied().unwrap_or_else(|| extra[digit - LETTERS.len()])));
        }
    }
    out
}

fn base64_url(bytes: &[u8]) -> String {
    base64_digits(bytes, *b"-_")
}

fn base64(bytes: &[u8]) -> String {
    let mut out = base64_digits(bytes, *b"+/");
    while !out.len().is_multiple_of(4) {
        out.push('=');
    }
    out
}

fn base16(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}
