//! `format`: values into text by clauses.

use std::fmt::Write;

use crate::error::{CelError, Outcome};
use crate::value::{List, Value};

/// A clause: its letter and the digits after the point, if it says how many.
struct Clause {
    letter: char,
    precision: Option<usize>,
}

/// The most digits after the point that a clause may ask for.
const MAX_PRECISION: usize = 1000;

/// `text.format([values])`.
pub(crate) fn format<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    let [Value::String(text), Value::List(list)] = args else { return Err(CelError::no_such_overload()) };
    let mut values = list.iter();
    let mut out = String::new();
    walk(text.as_str(), &mut |part| match part {
        Part::Text(text) => {
            out.push_str(text);
            Ok(())
        }
        Part::Clause(clause) => {
            let value = values.next().ok_or_else(|| format!("index {} out of range", list.len()))?;
            let value = value.map_err(|error| error.message)?;
            one(&clause, &value, &mut out).map_err(|error| format!("error during formatting: {error}"))
        }
    })
    .map_err(CelError::new)?;
    Ok(Value::from(out))
}

/// What is wrong with a format string for so many values of these types; `check` says whether a clause's letter
/// takes the value with this index.
pub(crate) fn check(
    text: &str,
    count: usize,
    mut fits: impl FnMut(char, usize) -> Result<(), String>,
) -> Result<usize, String> {
    let mut index = 0;
    walk(text, &mut |part| {
        if let Part::Clause(clause) = part {
            if index >= count {
                return Err(format!("index {index} out of range"));
            }
            fits(clause.letter, index).map_err(|error| format!("error during formatting: {error}"))?;
            index += 1;
        }
        Ok(())
    })?;
    Ok(index)
}

enum Part<'t> {
    Text(&'t str),
    Clause(Clause),
}

fn walk(text: &str, each: &mut dyn FnMut(Part<'_>) -> Result<(), String>) -> Result<(), String> {
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        each(Part::Text(before))?;
        if let Some(after) = after.strip_prefix('%') {
            each(Part::Text("%"))?;
            rest = after;
            continue;
        }
        if after.is_empty() {
            return Err("unexpected end of string".to_owned());
        }
        let (clause, after) =
            clause(after).map_err(|error| format!("could not parse formatting clause: {error}"))?;
        each(Part::Clause(clause))?;
        rest = after;
    }
    each(Part::Text(rest))
}

fn clause(text: &str) -> Result<(Clause, &str), String> {
    let (mut precision, mut rest) = (None, text);
    if let Some(digits) = text.strip_prefix('.') {
        let end = digits
            .find(|c: char| !c.is_ascii_digit())
            .ok_or("error while parsing precision: could not find end of precision specifier")?;
        let number = digits[..end].parse::<usize>().map_err(|_| {
            format!("error while parsing precision: error while converting precision to integer: strconv.Atoi: parsing \"{}\": invalid syntax", &digits[..end])
        })?;
        if number > MAX_PRECISION {
            return Err(format!(
                "error while parsing precision: precision {number} exceeds maximum allowed precision {MAX_PRECISION}"
            ));
        }
        precision = Some(number);
        rest = &digits[end..];
    }
    let letter = rest.chars().next().unwrap_or('\0');
    if !"sdfebxXo".contains(letter) || letter == '\0' {
        return Err(format!("unrecognized formatting clause \"{letter}\""));
    }
    Ok((Clause { letter, precision }, &rest[letter.len_utf8()..]))
}

fn one(clause: &Clause, value: &Value<'_>, out: &mut String) -> Result<(), String> {
    let precision = clause.precision.unwrap_or(6);
    let bad = |what: &str| Err(complaint(clause.letter, what));
    let _ = match (clause.letter, value) {
        ('s', value) => return string(value, out),
        ('d', Value::Int(number)) => write!(out, "{number}"),
        ('d', Value::Uint(number)) => write!(out, "{number}"),
        ('d' | 'f' | 'e', Value::Double(number)) if !number.is_finite() => {
            write!(out, "{}", special(*number))
        }
        ('f', Value::Double(number)) => write!(out, "{number:.precision$}"),
        ('e', Value::Double(number)) => write!(out, "{}", scientific(*number, precision)),
        ('f' | 'e', Value::Int(number)) => {
            let clause = Clause { letter: clause.letter, precision: clause.precision };
            return one(&clause, &Value::Double(*number as f64), out);
        }
        ('b', Value::Int(number)) if *number < 0 => write!(out, "-{:b}", number.unsigned_abs()),
        ('b', Value::Int(number)) => write!(out, "{number:b}"),
        ('b', Value::Uint(number)) => write!(out, "{number:b}"),
        ('b', Value::Bool(value)) => write!(out, "{}", u8::from(*value)),
        ('x', Value::Int(number)) if *number < 0 => write!(out, "-{:x}", number.unsigned_abs()),
        ('X', Value::Int(number)) if *number < 0 => write!(out, "-{:X}", number.unsigned_abs()),
        ('x', Value::Int(number)) => write!(out, "{number:x}"),
        ('X', Value::Int(number)) => write!(out, "{number:X}"),
        ('x', Value::Uint(number)) => write!(out, "{number:x}"),
        ('X', Value::Uint(number)) => write!(out, "{number:X}"),
        ('x' | 'X', Value::String(text)) => {
            hexadecimal(text.as_str().as_bytes(), clause.letter == 'X', out);
            Ok(())
        }
        ('x' | 'X', Value::Bytes(bytes)) => {
            hexadecimal(bytes, clause.letter == 'X', out);
            Ok(())
        }
        ('o', Value::Int(number)) if *number < 0 => write!(out, "-{:o}", number.unsigned_abs()),
        ('o', Value::Int(number)) => write!(out, "{number:o}"),
        ('o', Value::Uint(number)) => write!(out, "{number:o}"),
        (_, other) => return bad(other.type_name()),
    };
    Ok(())
}

fn hexadecimal(bytes: &[u8], upper: bool, out: &mut String) {
    for byte in bytes {
        let _ = if upper { write!(out, "{byte:02X}") } else { write!(out, "{byte:02x}") };
    }
}

fn special(number: f64) -> &'static str {
    if number.is_nan() {
        "NaN"
    } else if number > 0.0 {
        "Infinity"
    } else {
        "-Infinity"
    }
}

fn scientific(number: f64, precision: usize) -> String {
    let text = format!("{number:.precision$e}");
    let Some((mantissa, exponent)) = text.split_once('e') else { return text };
    let value: i32 = exponent.parse().unwrap_or(0);
    let sign = if value < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", value.abs())
}

/// What a clause says of a value it does not take.
pub(crate) fn complaint(letter: char, type_name: &str) -> String {
    let what = match letter {
        'b' => "only integers and bools can be formatted as binary",
        'd' => "decimal clause can only be used on integers",
        'f' => "fixed-point clause can only be used on doubles",
        'e' => "scientific clause can only be used on doubles",
        'x' | 'X' => "only integers, byte buffers, and strings can be formatted as hex",
        'o' => "octal clause can only be used on integers",
        _ => {
            "string clause can only be used on strings, bools, bytes, ints, doubles, maps, lists, types, durations, and timestamps"
        }
    };
    format!("{what}, was given {type_name}")
}

/// A value by `%s`.
fn string(value: &Value<'_>, out: &mut String) -> Result<(), String> {
    match value {
        Value::List(list) => list_text(list, out),
        Value::Map(map) => {
            let mut entries = Vec::new();
            for (key, value) in map.entries() {
                let mut entry = String::new();
                string(&key, &mut entry)?;
                entry.push_str(": ");
                string(&value.map_err(|error| error.message)?, &mut entry)?;
                entries.push(entry);
            }
            entries.sort();
            let _ = write!(out, "{{{}}}", entries.join(", "));
            Ok(())
        }
        Value::Bytes(bytes) => {
            out.push_str(&String::from_utf8_lossy(bytes));
            Ok(())
        }
        Value::Double(number) if !number.is_finite() => {
            out.push_str(special(*number));
            Ok(())
        }
        Value::Double(number) => {
            out.push_str(&crate::number::general(*number));
            Ok(())
        }
        Value::Optional(_) | Value::Opaque(_) | Value::Host(_) => Err(complaint('s', value.type_name())),
        other => {
            out.push_str(&crate::format::plain_text(other));
            Ok(())
        }
    }
}

fn list_text(list: &List<'_>, out: &mut String) -> Result<(), String> {
    out.push('[');
    for (index, item) in list.iter().enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        string(&item.map_err(|error| error.message)?, out)?;
    }
    out.push(']');
    Ok(())
}
