//! Reading quantities: number, suffix, rounding up to nano and the cap of binary ones.

use std::fmt;

use super::decimal::Decimal;
use super::{Format, Quantity};
use crate::Text;

/// Why a text is no quantity; prints the message clients know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuantityError {
    /// Not a number followed by a suffix.
    Format,
    /// No digits where a number is needed.
    Numeric,
    /// The suffix is unknown.
    Suffix,
}

impl fmt::Display for QuantityError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            QuantityError::Format => {
                "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
            }
            QuantityError::Numeric => "unable to parse numeric part of quantity",
            QuantityError::Suffix => "unable to parse quantity's suffix",
        })
    }
}

impl std::error::Error for QuantityError {}

/// The smallest power of ten a quantity keeps.
const NANO: i32 = -9;
/// Up to so many digits the original computes with 64 bits, which decides whether a text is kept as written.
const NARROW_DIGITS: usize = 18;

/// What a suffix multiplies by.
#[derive(Clone, Copy)]
enum Unit {
    /// `10^n`, written with a letter.
    Si(i32),
    /// `10^n`, written `e` and a number.
    Exponent(i32),
    /// `2^n`.
    Binary(u32),
}

/// The letters of decimal suffixes.
pub(super) const SI: &[(&str, i32)] = &[
    ("", 0),
    ("n", -9),
    ("u", -6),
    ("m", -3),
    ("k", 3),
    ("M", 6),
    ("G", 9),
    ("T", 12),
    ("P", 15),
    ("E", 18),
];
/// The letters of binary suffixes and their powers of two.
pub(super) const BINARY: &[(&str, u32)] =
    &[("Ki", 10), ("Mi", 20), ("Gi", 30), ("Ti", 40), ("Pi", 50), ("Ei", 60)];

impl Unit {
    fn parse(suffix: &str) -> Option<Unit> {
        if let Some((_, power)) = SI.iter().find(|(letters, _)| *letters == suffix) {
            return Some(Unit::Si(*power));
        }
        if let Some((_, power)) = BINARY.iter().find(|(letters, _)| *letters == suffix) {
            return Some(Unit::Binary(*power));
        }
        let exponent = suffix.strip_prefix(['e', 'E'])?.parse::<i64>().ok()?;
        // The original keeps the low 32 bits.
        Some(Unit::Exponent(exponent as i32))
    }
}

/// A quantity's text taken apart.
struct Parts<'a> {
    negative: bool,
    /// Digits before the point, without leading zeros; `0` if there are none.
    integer: &'a str,
    /// Digits after the point.
    fraction: &'a str,
    /// Whether any digit was written at all.
    has_digits: bool,
    suffix: &'a str,
}

fn split_digits(text: &str) -> (&str, &str) {
    let end = text.bytes().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    text.split_at(end)
}

impl<'a> Parts<'a> {
    fn split(text: &'a str) -> Result<Self, QuantityError> {
        let (negative, unsigned) = match text.as_bytes().first() {
            Some(b'-') => (true, &text[1..]),
            Some(b'+') => (false, &text[1..]),
            _ => (false, text),
        };
        let significant = unsigned.trim_start_matches('0');
        if significant.is_empty() {
            return Ok(Parts { negative, integer: "0", fraction: "", has_digits: true, suffix: "" });
        }
        let (integer, rest) = split_digits(significant);
        let (fraction, suffix) = rest.strip_prefix('.').map_or(("", rest), split_digits);
        let has_digits = significant.len() < unsigned.len() || !integer.is_empty() || !fraction.is_empty();
        let integer = if integer.is_empty() { "0" } else { integer };
        check_suffix(suffix)?;
        Ok(Parts { negative, integer, fraction, has_digits, suffix })
    }

    fn digits(&self) -> impl Iterator<Item = u8> + '_ {
        self.integer.bytes().chain(self.fraction.bytes())
    }

    fn digit_count(&self) -> usize {
        self.integer.len() + self.fraction.len()
    }

    fn signed(&self, magnitude: i128) -> i128 {
        if self.negative { -magnitude } else { magnitude }
    }

    /// The number without its point, for at most [`NARROW_DIGITS`] digits.
    fn small_number(&self) -> i64 {
        self.digits().fold(0, |number, digit| number * 10 + i64::from(digit - b'0'))
    }
}

/// A suffix is letters, then maybe a sign and digits.
fn check_suffix(suffix: &str) -> Result<(), QuantityError> {
    let number = suffix.trim_start_matches(['e', 'E', 'i', 'n', 'u', 'm', 'k', 'K', 'M', 'G', 'T', 'P']);
    let digits = number.strip_prefix(['-', '+']).unwrap_or(number);
    if digits.bytes().all(|byte| byte.is_ascii_digit()) { Ok(()) } else { Err(QuantityError::Format) }
}

pub(super) fn parse(text: &str) -> Result<Quantity, QuantityError> {
    if text.is_empty() {
        return Err(QuantityError::Format);
    }
    let parts = Parts::split(text)?;
    let unit = Unit::parse(parts.suffix).ok_or(QuantityError::Suffix)?;
    let (format, narrow) = match unit {
        Unit::Si(power) => (Format::DecimalSi, narrow_decimal(&parts, power)),
        Unit::Exponent(power) => (Format::DecimalExponent, narrow_decimal(&parts, power)),
        Unit::Binary(power) => (Format::BinarySi, narrow_binary(&parts, power)),
    };
    if let Some((amount, canonical)) = narrow {
        let text = canonical.then(|| Text::new(text));
        return Ok(Quantity { amount, format, wide: false, text });
    }
    if !parts.has_digits {
        return Err(QuantityError::Numeric);
    }
    Ok(match unit {
        Unit::Si(power) | Unit::Exponent(power) => wide_decimal(&parts, power, format),
        Unit::Binary(power) => wide_binary(&parts, power),
    })
}

/// The amount if the original computes it with 64 bits, and whether it then takes the text for canonical
/// (its test is looser than its own canonical form: `1.500`, `+1` and `1.` are kept).
fn narrow_decimal(parts: &Parts<'_>, power: i32) -> Option<(Decimal, bool)> {
    let exponent = power.saturating_sub(i32::try_from(parts.fraction.len()).ok()?);
    if parts.digit_count() > NARROW_DIGITS || exponent < NANO {
        return None;
    }
    let mut digits = parts.digits();
    let leading_zero = digits.next() == Some(b'0');
    let number = parts.small_number();
    let three_zeros = parts.digit_count() >= 3 && number % 1000 == 0;
    let amount = Decimal::new(parts.signed(i128::from(number)), exponent);
    Some((amount, exponent % 3 == 0 && !three_zeros && !leading_zero))
}

fn narrow_binary(parts: &Parts<'_>, power: u32) -> Option<(Decimal, bool)> {
    // The original's estimate of how many digits stay below 64 bits.
    let room = 14_usize.checked_sub(power as usize * 3 / 10)?;
    if !parts.fraction.is_empty() || parts.integer.len() > room {
        return None;
    }
    let number = parts.small_number();
    let product = number.checked_mul(1_i64 << power)?;
    Some((Decimal::new(parts.signed(i128::from(product)), 0), number & 7 != 0))
}

fn wide_decimal(parts: &Parts<'_>, power: i32, format: Format) -> Quantity {
    let digits: Vec<u8> = parts.digits().collect();
    let fraction = i32::try_from(parts.fraction.len()).unwrap_or(i32::MAX);
    let amount = Decimal::from_digits(&digits, power.saturating_sub(fraction), NANO);
    let amount = if parts.negative { amount.negate() } else { amount };
    Quantity { amount, format, wide: true, text: None }
}

fn wide_binary(parts: &Parts<'_>, power: u32) -> Quantity {
    const CAP: i128 = i64::MAX as i128;
    let amount = nanos_times_power_of_two(parts, power)
        .filter(|nanos| *nanos <= CAP * 1_000_000_000)
        .map_or(Decimal::new(parts.signed(CAP), 0), |nanos| Decimal::new(parts.signed(nanos), NANO));
    let below_one = amount.signum() != 0 && is_below_one(amount);
    let format = if below_one { Format::DecimalSi } else { Format::BinarySi };
    Quantity { amount, format, wide: true, text: None }
}

fn is_below_one(amount: Decimal) -> bool {
    amount < Decimal::new(1, 0) && amount > Decimal::new(-1, 0)
}

/// The number times `2^power` in units of `10^-9`, rounded up; `None` if far beyond 64 bits.
fn nanos_times_power_of_two(parts: &Parts<'_>, power: u32) -> Option<i128> {
    const LONGEST: usize = 20;
    if parts.integer.len() > LONGEST {
        return None;
    }
    let integer = parts.integer.bytes().fold(0_i128, |number, digit| number * 10 + i128::from(digit - b'0'));
    let whole = integer.checked_mul(1 << power)?.checked_mul(1_000_000_000)?;
    // The fraction from its last digit on: dividing by ten digit by digit floors as dividing at once would.
    let unit = (1_i128 << power) * 1_000_000_000;
    let (mut nanos, mut inexact) = (0_i128, false);
    for digit in parts.fraction.bytes().rev() {
        let sum = nanos + i128::from(digit - b'0') * unit;
        inexact |= sum % 10 != 0;
        nanos = sum / 10;
    }
    whole.checked_add(nanos + i128::from(inexact))
}
