//! Types with messages of their own: times, durations, quantities, numbers or texts; and bytes, which are text in
//! objects.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use meta::{Duration, MicroTime, Quantity, Time};
use object::{Text, Value};

use super::Error;
use super::buffer::Backwards;
use super::wire::{BYTES, Reader, VARINT};
use crate::Scalar;

/// Writes the bytes of a value that are not its text as it is.
pub(super) fn write(scalar: Scalar, value: &Value, out: &mut Backwards) {
    let text = value.as_str().unwrap_or("");
    match scalar {
        Scalar::Bytes => out.bytes(&STANDARD.decode(text).unwrap_or_default()),
        Scalar::Time => {
            if let Some(time) = Time::parse(text).ok().filter(|time| !time.is_zero()) {
                timestamp(time.unix(), 0, out);
            }
        }
        Scalar::MicroTime => {
            if let Some(time) = MicroTime::parse(text).ok().filter(|time| !time.is_zero()) {
                let micros = time.unix_micros();
                timestamp(micros.div_euclid(1_000_000), micros.rem_euclid(1_000_000) * 1000, out);
            }
        }
        Scalar::Duration => {
            let nanos = Duration::parse(text).map_or(0, Duration::nanos);
            out.varint_field(1, nanos as u64);
        }
        Scalar::Quantity => out.bytes_field(1, if text.is_empty() { b"0" } else { text.as_bytes() }),
        Scalar::IntOrString => {
            let kind = u64::from(value.as_str().is_some());
            out.bytes_field(3, text.as_bytes());
            out.varint_field(2, value.as_i64().unwrap_or(0) as u64);
            out.varint_field(1, kind);
        }
        Scalar::String | Scalar::Bool | Scalar::Int32 | Scalar::Int64 | Scalar::Double => {}
    }
}

fn timestamp(seconds: i64, nanos: i64, out: &mut Backwards) {
    out.varint_field(2, nanos as u64);
    out.varint_field(1, seconds as u64);
}

/// A text. Go's are any bytes; what is no UTF-8 is replaced when it becomes JSON.
pub(super) fn text(bytes: &[u8]) -> Text {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.into(),
        Err(_) => String::from_utf8_lossy(bytes).into(),
    }
}

/// A number as JSON has it: whole ones are integers.
pub(super) fn double(number: f64) -> Result<Value, Error> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if !number.is_finite() {
        return Err(Error::Invalid(format!("json: unsupported value: {number}").into()));
    }
    let whole =
        number.fract() == 0.0 && number.abs() < EXACT && !(number == 0.0 && number.is_sign_negative());
    Ok(if whole { (number as i64).into() } else { number.into() })
}

/// Reads what [`write`] writes.
pub(super) fn read(scalar: Scalar, bytes: &[u8]) -> Result<Value, Error> {
    Ok(match scalar {
        Scalar::Bytes => STANDARD.encode(bytes).into(),
        Scalar::Time => match parts(bytes, "Timestamp")?.numbers {
            _ if bytes.is_empty() => Value::Null,
            [seconds, _] => time(seconds)?,
        },
        Scalar::MicroTime => match parts(bytes, "Timestamp")?.numbers {
            _ if bytes.is_empty() => Value::Null,
            [seconds, nanos] => micro_time(seconds, nanos)?,
        },
        Scalar::Duration => Duration::from_nanos(parts(bytes, "Duration")?.numbers[0]).to_string().into(),
        Scalar::Quantity => quantity(bytes)?,
        Scalar::IntOrString => {
            let parts = parts(bytes, "IntOrString")?;
            match parts.numbers {
                [0, number] => i64::from(number as i32).into(),
                [1, _] => text(parts.texts[2]).into(),
                _ => return Err(Error::Invalid("impossible IntOrString.Type".into())),
            }
        }
        Scalar::String | Scalar::Bool | Scalar::Int32 | Scalar::Int64 | Scalar::Double => text(bytes).into(),
    })
}

fn quantity(bytes: &[u8]) -> Result<Value, Error> {
    let text = text(parts(bytes, "Quantity")?.texts[0]);
    if bytes.is_empty() {
        return Ok("0".into());
    }
    match Quantity::parse(&text) {
        Ok(quantity) => Ok(quantity.to_string().into()),
        Err(error) => Err(Error::Invalid(error.to_string().into())),
    }
}

/// The seconds since 1970 of the years that RFC 3339 can write.
const WRITABLE: std::ops::RangeInclusive<i64> = -62_167_219_200..=253_402_300_799;

fn writable(seconds: i64) -> Result<i64, Error> {
    let out_of_range = || Error::Invalid("proto: timestamp: year outside of range [0,9999]".into());
    WRITABLE.contains(&seconds).then_some(seconds).ok_or_else(out_of_range)
}

fn time(seconds: i64) -> Result<Value, Error> {
    let time = Time::from_unix(writable(seconds)?);
    Ok(if time.is_zero() { Value::Null } else { time.to_string().into() })
}

fn micro_time(seconds: i64, nanos: i64) -> Result<Value, Error> {
    let micros = seconds.saturating_mul(1_000_000).saturating_add(i64::from(nanos as i32) / 1000);
    writable(micros.div_euclid(1_000_000))?;
    let time = MicroTime::from_unix_micros(micros);
    Ok(if time.is_zero() { Value::Null } else { time.to_string().into() })
}

/// The fields of a small message, by number.
#[derive(Default)]
pub(super) struct Parts<'b> {
    /// Varints with the numbers 1 and 2.
    pub numbers: [i64; 2],
    /// Texts with the numbers 1 to 3.
    pub texts: [&'b [u8]; 3],
}

/// Reads a small message.
pub(super) fn parts<'b>(bytes: &'b [u8], message: &str) -> Result<Parts<'b>, Error> {
    let mut parts = Parts::default();
    let mut reader = Reader::new(bytes);
    while !reader.is_empty() {
        let (number, wire) = reader.tag(message)?;
        let index = number as usize - 1;
        match wire {
            VARINT if index < 2 => parts.numbers[index] = reader.varint()? as i64,
            BYTES if index < 3 => parts.texts[index] = reader.bytes()?,
            wire => reader.skip(wire)?,
        }
    }
    Ok(parts)
}
