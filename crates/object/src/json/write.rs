//! Tree to bytes, as Go's `encoding/json` writes them.

use std::slice;

use super::number::exponent;
use super::string::plain_end;
use crate::{Text, Value};

/// The compact JSON of `value`.
pub fn to_vec(value: &Value) -> Vec<u8> {
    let mut out = Vec::with_capacity(256);
    write(&mut out, value);
    out
}

/// The compact JSON of `value` as text.
pub fn to_string(value: &Value) -> String {
    String::from_utf8(to_vec(value))
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

/// A list or object that is being written.
enum Open<'v> {
    Array(slice::Iter<'v, Value>),
    Object(slice::Iter<'v, (Text, Value)>),
}

/// Appends the compact JSON of `value`, objects in key order. Needs no machine stack for deep trees.
pub fn write(out: &mut Vec<u8>, value: &Value) {
    let mut open = Vec::new();
    begin(out, value, &mut open);
    while let Some(innermost) = open.last_mut() {
        let (child, closing) = match innermost {
            Open::Array(items) => (items.next(), b']'),
            Open::Object(entries) => (entries.next().map(|(key, value)| member(out, key, value)), b'}'),
        };
        match child {
            Some(child) => {
                if closing == b']' {
                    separate(out);
                }
                begin(out, child, &mut open);
            }
            None => {
                out.push(closing);
                open.pop();
            }
        }
    }
}

/// Writes a scalar, or the opening bracket of what it puts on `open`.
fn begin<'v>(out: &mut Vec<u8>, value: &'v Value, open: &mut Vec<Open<'v>>) {
    match value {
        Value::Null => out.extend_from_slice(b"null"),
        Value::Bool(true) => out.extend_from_slice(b"true"),
        Value::Bool(false) => out.extend_from_slice(b"false"),
        Value::Int(number) => write_i64(out, *number),
        Value::Float(number) => write_f64(out, *number),
        Value::String(text) => write_string(out, text),
        Value::Array(items) => {
            out.push(b'[');
            open.push(Open::Array(items.iter()));
        }
        Value::Object(map) => {
            out.push(b'{');
            open.push(Open::Object(map.entries().iter()));
        }
    }
}

/// Writes a comma unless an opening bracket stands before. A string's last byte is its quote, so the byte before
/// says for sure.
fn separate(out: &mut Vec<u8>) {
    if !matches!(out.last(), Some(b'{' | b'[')) {
        out.push(b',');
    }
}

fn member<'v>(out: &mut Vec<u8>, key: &str, value: &'v Value) -> &'v Value {
    separate(out);
    write_string(out, key);
    out.push(b':');
    value
}

/// Appends `text` in quotes, with the escapes of Go's encoder: `<`, `>`, `&`, U+2028 and U+2029 are escaped too,
/// so that JSON can stand in HTML.
pub fn write_string(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    let bytes = text.as_bytes();
    let mut from = 0;
    let mut at = next_escape(bytes, 0);
    while let Some(&byte) = bytes.get(at) {
        let width = if byte == 0xe2 { 3 } else { 1 };
        out.extend_from_slice(&bytes[from..at]);
        write_escape(out, byte, bytes.get(at + 2));
        at += width;
        from = at;
        at = next_escape(bytes, at);
    }
    out.extend_from_slice(&bytes[from..]);
    out.push(b'"');
}

/// The index of the first byte, at or after `at`, that has to be escaped.
#[inline]
fn next_escape(bytes: &[u8], mut at: usize) -> usize {
    loop {
        let special = plain_end(bytes, at);
        let inside = bytes.get(at..special).unwrap_or_default();
        let other = inside.iter().position(|&byte| matches!(byte, b'<' | b'>' | b'&' | 0xe2));
        let Some(other) = other.map(|offset| at + offset) else { return special };
        let separator = matches!(bytes.get(other..other + 3), Some([0xe2, 0x80, 0xa8 | 0xa9]));
        if bytes[other] != 0xe2 || separator {
            return other;
        }
        at = other + 1;
    }
}

fn write_escape(out: &mut Vec<u8>, byte: u8, third: Option<&u8>) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    match byte {
        b'"' => out.extend_from_slice(b"\\\""),
        b'\\' => out.extend_from_slice(b"\\\\"),
        0x8 => out.extend_from_slice(b"\\b"),
        0xc => out.extend_from_slice(b"\\f"),
        b'\n' => out.extend_from_slice(b"\\n"),
        b'\r' => out.extend_from_slice(b"\\r"),
        b'\t' => out.extend_from_slice(b"\\t"),
        0xe2 => out.extend_from_slice(if third == Some(&0xa8) { b"\\u2028" } else { b"\\u2029" }),
        byte => {
            out.extend_from_slice(b"\\u00");
            out.push(HEX[usize::from(byte >> 4)]);
            out.push(HEX[usize::from(byte & 15)]);
        }
    }
}

/// Appends an integer.
pub fn write_i64(out: &mut Vec<u8>, number: i64) {
    let mut digits = [0; 20];
    let mut start = digits.len();
    let mut rest = number.unsigned_abs();
    loop {
        start -= 1;
        digits[start] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if number < 0 {
        out.push(b'-');
    }
    out.extend_from_slice(&digits[start..]);
}

/// Appends a float as ECMAScript and Go do: shortest digits, an exponent below 1e-6 and from 1e21 on. What is no
/// number (parsers let none in) is `null`.
pub fn write_f64(out: &mut Vec<u8>, number: f64) {
    let size = number.abs();
    if !number.is_finite() {
        out.extend_from_slice(b"null");
    } else if size != 0.0 && !(1e-6..1e21).contains(&size) {
        let mut text = String::new();
        exponent(number, &mut text);
        out.extend_from_slice(text.replace("e-0", "e-").as_bytes());
    } else {
        out.extend_from_slice(number.to_string().as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;

    #[test]
    fn strings_are_escaped_as_go_does() {
        for (text, written) in [
            ("", r#""""#),
            ("plain é界😀\u{7f}", "\"plain é界😀\u{7f}\""),
            ("\"\\/", r#""\"\\/""#),
            ("<a href='x'>&", r#""\u003ca href='x'\u003e\u0026""#),
            ("\u{0}\u{1f}\u{8}\u{c}\n\r\t\u{b}", r#""\u0000\u001f\b\f\n\r\t\u000b""#),
            ("a\u{2028}b\u{2029}c\u{2027}€", "\"a\\u2028b\\u2029c\u{2027}€\""),
        ] {
            let mut out = Vec::new();
            write_string(&mut out, text);
            assert_eq!(String::from_utf8_lossy(&out), written);
        }
    }

    #[test]
    fn numbers_are_written_as_go_does() {
        for (number, written) in [
            (0.0, "0"),
            (-0.0, "-0"),
            (3.0, "3"),
            (0.1, "0.1"),
            (1.5e-5, "0.000015"),
            (1e-6, "0.000001"),
            (1.5e-7, "1.5e-7"),
            (1e-10, "1e-10"),
            (1e20, "100000000000000000000"),
            (1e21, "1e+21"),
            (-2.5e100, "-2.5e+100"),
            (9223372036854775808.0, "9223372036854776000"),
        ] {
            let mut out = Vec::new();
            write_f64(&mut out, number);
            assert_eq!(String::from_utf8_lossy(&out), written);
        }
        for number in [0, 7, -1, 10, i64::MAX, i64::MIN] {
            assert_eq!(to_string(&Value::Int(number)), number.to_string());
        }
    }

    #[test]
    fn trees_are_compact_and_sorted() {
        let text = r#"{ "b" : [ 1, [ ], { } , "[" , "{", null ], "a" : { "d" : true, "c" : "x" } }"#;
        let value = json::parse(text.as_bytes()).unwrap();
        assert_eq!(to_string(&value), r#"{"a":{"c":"x","d":true},"b":[1,[],{},"[","{",null]}"#);
    }
}
