//! Tree to bytes.

use std::slice;

use super::{SELF_DESCRIBED, half, major};
use crate::{Text, Value};

/// The CBOR of `value`.
pub fn to_vec(value: &Value) -> Vec<u8> {
    let mut out = Vec::with_capacity(256);
    write(&mut out, value);
    out
}

/// Appends the CBOR of `value` with the self-described tag in front: shortest forms, keys in the order of their
/// encoding (shorter ones first).
pub fn write(out: &mut Vec<u8>, value: &Value) {
    /// A list or object that is being written; the head has said how long it is.
    enum Open<'v> {
        Array(slice::Iter<'v, Value>),
        Map(std::vec::IntoIter<&'v (Text, Value)>),
    }
    out.extend_from_slice(&SELF_DESCRIBED);
    let mut open = vec![Open::Array(slice::from_ref(value).iter())];
    while let Some(innermost) = open.last_mut() {
        let next = match innermost {
            Open::Array(items) => items.next(),
            Open::Map(entries) => entries.next().map(|(key, value)| {
                string(out, key);
                value
            }),
        };
        match next {
            Some(Value::Array(items)) => {
                head(out, major::ARRAY, items.len() as u64);
                open.push(Open::Array(items.iter()));
            }
            Some(Value::Object(map)) => {
                head(out, major::MAP, map.len() as u64);
                let mut entries: Vec<&(Text, Value)> = map.entries().iter().collect();
                entries.sort_by_key(|entry| entry.0.len());
                open.push(Open::Map(entries.into_iter()));
            }
            Some(leaf) => scalar(out, leaf),
            None => {
                open.pop();
            }
        }
    }
}

fn scalar(out: &mut Vec<u8>, value: &Value) {
    match value {
        Value::Bool(value) => out.push(if *value { 0xf5 } else { 0xf4 }),
        Value::Int(number @ 0..) => head(out, major::UNSIGNED, number.unsigned_abs()),
        Value::Int(number) => head(out, major::NEGATIVE, !number as u64),
        Value::Float(number) => float(out, *number),
        Value::String(text) => string(out, text),
        _ => out.push(0xf6),
    }
}

fn string(out: &mut Vec<u8>, text: &str) {
    head(out, major::BYTES, text.len() as u64);
    out.extend_from_slice(text.as_bytes());
}

fn float(out: &mut Vec<u8>, number: f64) {
    if let Some(half) = half::from_f64(number) {
        out.push(major::SIMPLE | 25);
        out.extend_from_slice(&half.to_be_bytes());
    } else if f64::from(number as f32) == number {
        out.push(major::SIMPLE | 26);
        out.extend_from_slice(&(number as f32).to_be_bytes());
    } else {
        out.push(major::SIMPLE | 27);
        out.extend_from_slice(&number.to_be_bytes());
    }
}

/// A major type with its argument in the shortest form.
fn head(out: &mut Vec<u8>, major: u8, argument: u64) {
    let bytes = argument.to_be_bytes();
    match argument {
        0..=23 => out.push(major | bytes[7]),
        24..=0xff => out.extend_from_slice(&[major | 24, bytes[7]]),
        0x100..=0xffff => {
            out.push(major | 25);
            out.extend_from_slice(&bytes[6..]);
        }
        0x1_0000..=0xffff_ffff => {
            out.push(major | 26);
            out.extend_from_slice(&bytes[4..]);
        }
        _ => {
            out.push(major | 27);
            out.extend_from_slice(&bytes);
        }
    }
}
