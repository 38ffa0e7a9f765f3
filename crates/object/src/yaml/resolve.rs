//! What a scalar means: go-yaml v2's reading of YAML 1.1.

use super::nodes::failure;
use crate::ParseError;

/// A scalar's meaning.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Scalar {
    Null,
    Bool(bool),
    Int(i64),
    /// An integer above `i64`.
    Unsigned(u64),
    Float(f64),
    /// A date or time; values keep it as text.
    Time,
    /// The merge key `<<`.
    Merge,
    Text,
}

impl Scalar {
    /// The short form of its tag.
    fn tag(&self) -> &'static str {
        match self {
            Scalar::Null => "!!null",
            Scalar::Bool(_) => "!!bool",
            Scalar::Int(_) | Scalar::Unsigned(_) => "!!int",
            Scalar::Float(_) => "!!float",
            Scalar::Time => "!!timestamp",
            Scalar::Merge => "!!merge",
            Scalar::Text => "!!str",
        }
    }
}

/// Words with a meaning.
const WORDS: &[(Scalar, &[&str])] = &[
    (Scalar::Bool(true), &["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"]),
    (Scalar::Bool(false), &["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"]),
    (Scalar::Null, &["", "~", "null", "Null", "NULL"]),
    (Scalar::Float(f64::NAN), &[".nan", ".NaN", ".NAN"]),
    (Scalar::Float(f64::INFINITY), &[".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"]),
    (Scalar::Float(f64::NEG_INFINITY), &["-.inf", "-.Inf", "-.INF"]),
    (Scalar::Merge, &["<<"]),
];

const PREFIX: &str = "tag:yaml.org,2002:";

/// The tag with `!!` for the long prefix.
pub(super) fn short_tag(tag: &str) -> String {
    tag.strip_prefix(PREFIX).map_or_else(|| tag.to_owned(), |name| format!("!!{name}"))
}

/// What a scalar with an explicit tag means.
///
/// # Errors
/// The text is none of the tag's type.
pub(super) fn tagged(tag: &str, text: &str) -> Result<Scalar, ParseError> {
    let short = short_tag(tag);
    if !matches!(short.as_str(), "!!bool" | "!!int" | "!!float" | "!!null" | "!!timestamp") {
        return Ok(Scalar::Text);
    }
    match (plain(text), short.as_str()) {
        (Scalar::Int(number), "!!float") => Ok(Scalar::Float(number as f64)),
        (scalar, wanted) if scalar.tag() == wanted => Ok(scalar),
        (scalar, wanted) => Err(failure(&format!("cannot decode {} `{text}` as a {wanted}", scalar.tag()))),
    }
}

/// What a plain scalar without a tag means.
pub(super) fn plain(text: &str) -> Scalar {
    if let Some((scalar, _)) = WORDS.iter().find(|(_, words)| words.contains(&text)) {
        return scalar.clone();
    }
    match text.as_bytes().first() {
        Some(b'.') if dotted_float(text) => text.parse().map_or(Scalar::Text, Scalar::Float),
        Some(b'+' | b'-' | b'0'..=b'9') => {
            if timestamp(text) {
                Scalar::Time
            } else {
                number(&text.replace('_', "")).unwrap_or(Scalar::Text)
            }
        }
        _ => Scalar::Text,
    }
}

/// Whether a text that starts with a dot is a float to Go.
fn dotted_float(text: &str) -> bool {
    style_float(text) && text.parse().is_ok_and(f64::is_finite)
}

fn number(text: &str) -> Option<Scalar> {
    if let Some(integer) = integer(text) {
        return Some(integer);
    }
    if !style_float(text) {
        return None;
    }
    text.parse().ok().filter(|number: &f64| number.is_finite()).map(Scalar::Float)
}

/// An integer in Go's notation: `0x`, `0o`, `0b` or just `0` (octal) in front set the base.
fn integer(text: &str) -> Option<Scalar> {
    let negative = text.starts_with('-');
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let prefixed =
        |lower: &str, upper: &str| digits.strip_prefix(lower).or_else(|| digits.strip_prefix(upper));
    let (digits, base) = if let Some(digits) = prefixed("0x", "0X") {
        (digits, 16)
    } else if let Some(digits) = prefixed("0b", "0B") {
        (digits, 2)
    } else if let Some(digits) = prefixed("0o", "0O") {
        (digits, 8)
    } else if digits.len() > 1 && digits.starts_with('0') {
        (&digits[1..], 8)
    } else {
        (digits, 10)
    };
    if digits.starts_with(['+', '-']) {
        return None;
    }
    let size = u64::from_str_radix(digits, base).ok()?;
    if negative {
        return 0_i64.checked_sub_unsigned(size).map(Scalar::Int);
    }
    match i64::try_from(size) {
        Ok(number) => Some(Scalar::Int(number)),
        Err(_) => (!text.starts_with('+')).then_some(Scalar::Unsigned(size)),
    }
}

/// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`
fn style_float(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, power) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, power)) => (mantissa, Some(power.strip_prefix(['+', '-']).unwrap_or(power))),
        None => (unsigned, None),
    };
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let some_digits = !whole.is_empty() || !fraction.is_empty();
    some_digits
        && all_digits(whole)
        && all_digits(fraction)
        && power.is_none_or(|power| !power.is_empty() && all_digits(power))
}

/// Whether go-yaml takes the text for a time: `2006-1-2`, alone or with a time of day and perhaps a zone.
fn timestamp(text: &str) -> bool {
    let bytes = text.as_bytes();
    let year = bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if year != 4 || bytes.get(4) != Some(&b'-') {
        return false;
    }
    let date_end = bytes.iter().position(|byte| matches!(byte, b'T' | b't' | b' ')).unwrap_or(bytes.len());
    let Some(length) = date(&text[..date_end]) else { return false };
    match bytes.get(date_end) {
        None => true,
        // With a `T` the time has an offset; behind a space it may, too, have none.
        Some(b'T' | b't') => length == 10 && time(&text[date_end + 1..], true),
        Some(_) => time(&text[date_end + 1..], false),
    }
}

/// The length of `YYYY-M-D` if it is a day that exists.
fn date(text: &str) -> Option<usize> {
    let mut parts = text.split('-');
    let year = part(parts.next()?, 4, 4)?;
    let month = part(parts.next()?, 1, 2)?;
    let day = part(parts.next()?, 1, 2)?;
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        4 | 6 | 9 | 11 => 30,
        2 => 28 + u32::from(leap),
        _ => 31,
    };
    ((1..=12).contains(&month) && (1..=days).contains(&day) && parts.next().is_none()).then_some(text.len())
}

/// A number of `least` to `most` digits.
fn part(text: &str, least: usize, most: usize) -> Option<u32> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    if digits && (least..=most).contains(&text.len()) { text.parse().ok() } else { None }
}

/// Whether this is `15:4:5` with an optional fraction, followed by an offset if `zoned`, else by none.
fn time(text: &str, zoned: bool) -> bool {
    let (clock, offset) = match text.find(['Z', 'z', '+', '-']) {
        Some(at) => text.split_at(at),
        None => (text, ""),
    };
    let (clock, fraction) = clock.split_once('.').map_or((clock, None), |(clock, rest)| (clock, Some(rest)));
    let limits = [24, 60, 60];
    let parts: Vec<&str> = clock.split(':').collect();
    let in_range = |(text, limit): (&&str, u32)| part(text, 1, 2).is_some_and(|number| number < limit);
    let offset_right = match offset {
        "" => !zoned,
        "Z" => zoned,
        offset => {
            let parts: Vec<&str> = offset[1..].split(':').collect();
            zoned && parts.len() == 2 && parts.iter().all(|text| part(text, 2, 2).is_some())
        }
    };
    parts.len() == 3
        && parts.iter().zip(limits).all(in_range)
        && fraction
            .is_none_or(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
        && offset_right
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_scalars_mean_what_they_mean_to_go_yaml() {
        use Scalar::*;
        for (text, scalar) in [
            ("", Null),
            ("~", Null),
            ("y", Bool(true)),
            ("Off", Bool(false)),
            ("oFF", Text),
            ("12", Int(12)),
            ("-1_000", Int(-1000)),
            ("+7", Int(7)),
            ("0x1F", Int(31)),
            ("0o17", Int(15)),
            ("017", Int(15)),
            ("08", Float(8.0)),
            ("0b101", Int(5)),
            ("-0b11", Int(-3)),
            ("0", Int(0)),
            ("9223372036854775808", Unsigned(9223372036854775808)),
            ("-9223372036854775808", Int(i64::MIN)),
            ("99999999999999999999", Float(1e20)),
            ("1e3", Float(1000.0)),
            (".5", Float(0.5)),
            ("1.", Float(1.0)),
            ("-.inf", Float(f64::NEG_INFINITY)),
            ("1e400", Text),
            (".", Text),
            (".e3", Text),
            ("-", Text),
            ("1:20", Text),
            ("0x", Text),
            ("1 2", Text),
            ("<<", Merge),
            ("2020-01-02", Time),
            ("2020-1-2", Time),
            ("2020-02-30", Text),
            ("2020-01-02T03:04:05Z", Time),
            ("2020-01-02t03:04:05.5+01:00", Time),
            ("2020-01-02 03:04:05", Time),
            ("2020-01-02T03:04:05", Text),
            ("2020-01-02T03:04", Text),
            ("2020-01", Text),
        ] {
            assert_eq!(plain(text), scalar, "{text}");
        }
    }

    #[test]
    fn tags_decide() {
        for (tag, text, expected) in [
            ("str", "5", Ok(Scalar::Text)),
            ("int", "5", Ok(Scalar::Int(5))),
            ("float", "5", Ok(Scalar::Float(5.0))),
            ("int", "x", Err("yaml: cannot decode !!str `x` as a !!int")),
            ("bool", "1", Err("yaml: cannot decode !!int `1` as a !!bool")),
        ] {
            let found = tagged(&format!("{PREFIX}{tag}"), text);
            assert_eq!(found.map_err(|error| error.message), expected.map_err(str::to_owned));
        }
        assert_eq!(tagged("!mine", "5"), Ok(Scalar::Text));
    }
}
