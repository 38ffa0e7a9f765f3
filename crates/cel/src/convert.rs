//! From JSON to values, by what a schema declares.

use object::Value as Json;

use crate::error::{CelError, Outcome};
use crate::time::{Timestamp, parse_duration};
use crate::types::{Declared, Format, Type};
use crate::value::{Fields, List, Map, Text, Value};

/// The value of `json`, whose schema declares `declared` (or nothing).
pub fn from_json<'a>(json: &'a Json, declared: Option<&'a Declared>) -> Outcome<'a> {
    let Some(declared) = declared else { return Ok(plain(json)) };
    match (&declared.ty, declared.format, json) {
        (_, _, Json::Null) if declared.nullable => Ok(Value::Null),
        (_, _, Json::Null) => bad("got null for schema with nullable=false"),
        (_, Format::IntOrString, Json::Int(_) | Json::String(_)) => Ok(plain(json)),
        (_, Format::IntOrString, _) => bad("expected XIntOrString value to be either a string or integer"),
        (_, Format::Bytes, Json::String(text)) => base64(text),
        (_, Format::Duration, Json::String(text)) => parse_duration(text)
            .map(Value::Duration)
            .ok_or_else(|| CelError::new(format!("Invalid duration {text}"))),
        (_, Format::Date, Json::String(text)) => timestamp(text, Timestamp::parse_date(text)),
        (_, Format::DateTime, Json::String(text)) => timestamp(text, Timestamp::parse(text)),
        (Type::Double, _, Json::Int(number)) => Ok(Value::Double(*number as f64)),
        (Type::Double, _, Json::Float(number)) => Ok(Value::Double(*number)),
        (Type::Int, _, Json::Int(number)) => Ok(Value::Int(*number)),
        (Type::Int, _, Json::Float(number)) => Ok(Value::Int(*number as i64)),
        (Type::Bool, _, Json::Bool(value)) => Ok(Value::Bool(*value)),
        (Type::String, _, Json::String(text)) => Ok(Value::String(Text::Borrowed(text))),
        (Type::List(_), _, Json::Array(items)) => Ok(Value::List(List::Json(items, Some(declared)))),
        (Type::Object(object), _, Json::Object(map)) => {
            let fields = if object.open { Fields::Unknown } else { Fields::Of(object) };
            Ok(Value::Map(Map::Json(map, fields)))
        }
        (Type::Map(..), _, Json::Object(map)) => {
            let fields = declared.items.as_deref().map_or(Fields::Unknown, Fields::All);
            Ok(Value::Map(Map::Json(map, fields)))
        }
        (Type::Dyn, ..) => Ok(plain(json)),
        (Type::Object(_), ..) => bad("expected a map for the provided schema with type=object"),
        (Type::Map(..), ..) => bad("expected a map for the provided schema with type=object"),
        (Type::List(_), ..) => bad("expected an array for the provided schema with type=array"),
        _ => bad("does not match the schema's type"),
    }
}

fn bad<'a>(what: &str) -> Outcome<'a> {
    Err(CelError::new(format!("invalid data, {what}")))
}

fn timestamp<'a>(text: &str, time: Option<Timestamp>) -> Outcome<'a> {
    time.map(Value::Timestamp).ok_or_else(|| CelError::new(format!("Invalid timestamp {text}")))
}

fn base64<'a>(text: &str) -> Outcome<'a> {
    decode_base64(text)
        .map(|bytes| Value::Bytes(bytes.into()))
        .ok_or_else(|| CelError::new(format!("invalid byte data: {text}")))
}

/// The bytes of standard padded base64; line breaks are skipped, as Go's decoder does.
pub(crate) fn decode_base64(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut count, mut padding) = (0u32, 0u32, 0u32);
    for byte in text.bytes().filter(|byte| !matches!(byte, b'\n' | b'\r')) {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' => {
                padding += 1;
                continue;
            }
            _ => return None,
        };
        if padding > 0 {
            return None;
        }
        bits = bits << 6 | u32::from(value);
        count += 1;
        if count.is_multiple_of(4) {
            out.extend_from_slice(&bits.to_be_bytes()[1..]);
        }
    }
    match (count % 4, padding) {
        (0, 0) => {}
        (2, 2) => out.push((bits >> 4) as u8),
        (3, 1) => out.extend_from_slice(&[(bits >> 10) as u8, (bits >> 2) as u8]),
        _ => return None,
    }
    Some(out)
}

/// The value of JSON that nothing is declared of.
pub(crate) fn plain(json: &Json) -> Value<'_> {
    match json {
        Json::Null => Value::Null,
        Json::Bool(value) => Value::Bool(*value),
        Json::Int(number) => Value::Int(*number),
        Json::Float(number) => Value::Double(*number),
        Json::String(text) => Value::String(Text::Borrowed(text)),
        Json::Array(items) => Value::List(List::Json(items, None)),
        Json::Object(map) => Value::Map(Map::Json(map, Fields::Unknown)),
    }
}

impl Value<'_> {
    /// The value as JSON; nothing for what has no JSON form (optionals, types, libraries' values).
    pub fn to_json(&self) -> Option<Json> {
        Some(match self {
            Value::Null => Json::Null,
            Value::Bool(value) => Json::Bool(*value),
            Value::Int(number) => Json::Int(*number),
            Value::Uint(number) => i64::try_from(*number).map_or(Json::Float(*number as f64), Json::Int),
            Value::Double(number) => Json::Float(*number),
            Value::String(text) => Json::from(text.as_str()),
            Value::Bytes(bytes) => Json::from(encode_base64(bytes)),
            Value::Timestamp(time) => Json::from(time.to_string()),
            Value::Duration(span) => Json::from(crate::time::duration_text(*span)),
            Value::List(list) => {
                let items: Option<Vec<Json>> = list.iter().map(|item| item.ok()?.to_json()).collect();
                Json::Array(items?)
            }
            Value::Map(Map::Json(map, _)) => Json::Object((*map).clone()),
            Value::Map(map) => {
                let entries: Option<Vec<(object::Text, Json)>> = map
                    .entries()
                    .map(|(key, value)| Some((key.as_str()?.into(), value.ok()?.to_json()?)))
                    .collect();
                Json::Object(object::Map::from_entries(entries?))
            }
            Value::Type(_) | Value::Optional(_) | Value::Opaque(_) | Value::Host(_) => return None,
        })
    }
}

fn encode_base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let part = |index: usize| u32::from(chunk.get(index).copied().unwrap_or(0));
        let bits = part(0) << 16 | part(1) << 8 | part(2);
        for index in 0..4 {
            let digit = (bits >> (18 - 6 * index) & 63) as usize;
            out.push(if index <= chunk.len() { DIGITS[digit] as char } else { '=' });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_reads_back() {
        for length in 0..20u8 {
            let bytes: Vec<u8> = (0..length).map(|n| n.wrapping_mul(37)).collect();
            assert_eq!(decode_base64(&encode_base64(&bytes)), Some(bytes));
        }
        for bad in ["a", "ab=", "ab==c", "a*==", "abc=="] {
            assert_eq!(decode_base64(bad), None, "{bad}");
        }
    }
}
