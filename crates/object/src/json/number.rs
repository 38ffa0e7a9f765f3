//! Numbers: reading literals, and Go's two ways to print floats.

use std::fmt::Write;

use crate::Value;

/// Where the number literal starting at `at` ends and whether it is an integer; nothing if it is none.
#[inline]
pub(super) fn literal(bytes: &[u8], at: usize) -> Option<(usize, bool)> {
    let digits = |mut at: usize| {
        let start = at;
        while bytes.get(at).is_some_and(u8::is_ascii_digit) {
            at += 1;
        }
        (at > start).then_some(at)
    };
    let first = if bytes.get(at) == Some(&b'-') { at + 1 } else { at };
    let mut end = if bytes.get(first) == Some(&b'0') { first + 1 } else { digits(first)? };
    let mut integer = true;
    if bytes.get(end) == Some(&b'.') {
        integer = false;
        end = digits(end + 1)?;
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        integer = false;
        let sign = matches!(bytes.get(end + 1), Some(b'+' | b'-'));
        end = digits(end + 1 + usize::from(sign))?;
    }
    Some((end, integer))
}

/// The value of a number literal; nothing if it is beyond a float's range.
#[inline]
pub(super) fn value(literal: &str, integer: bool) -> Option<Value> {
    if integer && let Ok(number) = literal.parse() {
        return Some(Value::Int(number));
    }
    literal.parse().ok().filter(|number: &f64| number.is_finite()).map(Value::Float)
}

/// The shortest decimal form of `number` in Go's `%e`: at least two exponent digits, always a sign.
pub(crate) fn exponent(number: f64, out: &mut String) {
    let text = format!("{number:e}");
    let (digits, power) = text.split_once('e').unwrap_or((&text, "0"));
    let (sign, power) = power.strip_prefix('-').map_or(('+', power), |power| ('-', power));
    let _ = write!(out, "{digits}e{sign}{power:0>2}");
}

/// `number` as Go's `%v` prints it: the exponent form below 1e-4 and from 1e6 on.
pub fn go_float(number: f64) -> String {
    let size = number.abs();
    let mut out = String::new();
    if size != 0.0 && !(1e-4..1e6).contains(&size) {
        exponent(number, &mut out);
    } else {
        let _ = write!(out, "{number}");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_follow_the_grammar() {
        for (text, end) in [
            ("0", Some(1)),
            ("-0,", Some(2)),
            ("01", Some(1)),
            ("12.50e+3]", Some(8)),
            ("1E5", Some(3)),
            ("-", None),
            ("1.", None),
            ("1.e", None),
            ("1e+", None),
            ("+1", None),
        ] {
            assert_eq!(literal(text.as_bytes(), 0).map(|found| found.0), end, "{text}");
        }
    }

    #[test]
    fn floats_print_as_go_has_it() {
        for (number, text) in [
            (0.0, "0"),
            (0.5, "0.5"),
            (100000.0, "100000"),
            (1234567.0, "1.234567e+06"),
            (1e-5, "1e-05"),
            (-1e100, "-1e+100"),
        ] {
            assert_eq!(go_float(number), text);
        }
    }

    #[test]
    fn integers_that_fit_stay_exact() {
        assert_eq!(value("9223372036854775807", true), Some(Value::Int(i64::MAX)));
        assert_eq!(value("-9223372036854775808", true), Some(Value::Int(i64::MIN)));
        assert_eq!(value("9223372036854775808", true), Some(Value::Float(9223372036854775808.0)));
        assert_eq!(value("-0", true), Some(Value::Int(0)));
        assert_eq!(value("3.0", false), Some(Value::Float(3.0)));
        assert_eq!(value("1e400", false), None);
    }
}
