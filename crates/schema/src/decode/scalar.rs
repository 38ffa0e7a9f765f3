//! Values without parts: checked, and brought into the form in which Go writes them.

use meta::{MicroTime, Quantity, Time};
use object::{Value, json};

use super::frame::Frame;
use super::{Decoder, names};
use crate::{Scalar, TypeRef};

impl Decoder<'_> {
    pub(super) fn scalar(&mut self, ty: TypeRef<'_>, scalar: Scalar, value: &mut Value, frame: &Frame<'_>) {
        match (scalar, &*value) {
            // Go leaves the zero value, which normalising writes; only a duration's text would be parsed.
            (_, Value::Null)
            | (Scalar::String | Scalar::Duration | Scalar::IntOrString, Value::String(_))
            | (Scalar::Bool, Value::Bool(_))
            | (Scalar::Int64, Value::Int(_))
            | (Scalar::Double, Value::Int(_) | Value::Float(_)) => {}
            (Scalar::Int32 | Scalar::IntOrString, Value::Int(number)) if i32::try_from(*number).is_ok() => {}
            (Scalar::Int32 | Scalar::Int64, Value::Int(_) | Value::Float(_)) => {
                self.report.number(&names::go_type(ty), frame);
            }
            (Scalar::IntOrString, Value::Int(_) | Value::Float(_)) => {
                self.report.refused_number("int32", frame)
            }
            (Scalar::IntOrString, other) => self.report.refused_type(other.type_name(), "int32", frame),
            (Scalar::Bytes, Value::String(text)) => match base64_error(text) {
                Some(offset) => {
                    self.report.note(format!("illegal base64 data at input byte {offset}"), frame)
                }
                None if text.contains(['\r', '\n']) => *value = text.replace(['\r', '\n'], "").into(),
                None => {}
            },
            (Scalar::Time, Value::String(text)) => match Time::parse(text) {
                Ok(time) if time.is_zero() => *value = Value::Null,
                Ok(time) => *value = time.to_string().into(),
                Err(error) => self.report.refusal(error.to_string(), frame),
            },
            (Scalar::MicroTime, Value::String(text)) => match MicroTime::parse(text) {
                Ok(time) if time.is_zero() => *value = Value::Null,
                Ok(time) => *value = time.to_string().into(),
                Err(error) => self.report.refusal(error.to_string(), frame),
            },
            (Scalar::Time | Scalar::MicroTime | Scalar::Duration, other) => {
                self.report.refused_type(other.type_name(), "string", frame);
            }
            (Scalar::Quantity, _) => self.quantity(value, frame),
            (
                Scalar::String
                | Scalar::Bool
                | Scalar::Int32
                | Scalar::Int64
                | Scalar::Double
                | Scalar::Bytes,
                other,
            ) => {
                self.report.mismatch(other.type_name(), &names::go_type(ty), frame);
            }
        }
    }

    fn quantity(&mut self, value: &mut Value, frame: &Frame<'_>) {
        let quantity = match &*value {
            Value::String(text) => Quantity::decode(text),
            Value::Int(number) => Ok(Quantity::new(*number, meta::Format::DecimalSi)),
            other => Quantity::decode(&self.literal(other, frame)),
        };
        match quantity {
            Ok(quantity) => *value = quantity.to_string().into(),
            Err(error) => self.report.refusal(error.to_string(), frame),
        }
    }

    /// A value as it is written in the document: `1e3` and `1000` are different quantities.
    fn literal(&self, value: &Value, frame: &Frame<'_>) -> String {
        let path = frame.to_string();
        let places = json::locate(self.source, [path.as_str()]);
        match places.get(path.as_str()) {
            Some(place) => String::from_utf8_lossy(place.literal).into_owned(),
            None => json::to_string(value),
        }
    }
}

/// Resource lists keep nothing finer than a thousandth.
pub(crate) fn round_up_to_milli(value: &mut Value) {
    let Some(text) = value.as_str() else { return };
    // Only `n` and `u` are finer than `m`, and canonical text has no fraction.
    if text.ends_with(['n', 'u'])
        && let Ok(quantity) = Quantity::parse(text)
    {
        *value = quantity.round_up_to_milli().to_string().into();
    }
}

/// Where `text` stops being base64 (RFC 4648 with padding; line breaks are passed over, as Go does).
fn base64_error(text: &str) -> Option<usize> {
    let mut digits = 0_usize;
    let mut rest = text.bytes().enumerate().filter(|(_, byte)| !matches!(byte, b'\r' | b'\n'));
    let stop = rest.find(|(_, byte)| {
        let digit = byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
        digits += usize::from(digit);
        !digit
    });
    match (stop, digits % 4) {
        (None, 0) => None,
        // Go's error for missing padding names the beginning of the last quantum it could not fill.
        (None, _) => Some(text.len() - digits % 4),
        (Some((_, b'=')), 2) => match rest.next() {
            Some((_, b'=')) => rest.next().map(|(at, _)| at),
            Some((at, _)) => Some(at - 1),
            None => Some(text.len()),
        },
        (Some((_, b'=')), 3) => rest.next().map(|(at, _)| at),
        (Some((at, _)), _) => Some(at),
    }
}
