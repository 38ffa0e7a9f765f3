//! Durations in the form of the language Go: `1h0m0s`, `1.5s`, `300ms`.

use std::fmt;
use std::str::FromStr;

use super::quote::quote;

/// Units, longest first; the two spellings of micro are both read.
const UNITS: &[(&str, u64)] = &[
    ("h", 3_600_000_000_000),
    ("m", 60_000_000_000),
    ("s", 1_000_000_000),
    ("ms", 1_000_000),
    ("us", 1_000),
    ("\u{b5}s", 1_000),
    ("\u{3bc}s", 1_000),
    ("ns", 1),
];
/// The magnitude of the longest negative duration.
const LIMIT: u64 = 1 << 63;

/// Why a text is no duration; prints the message clients know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DurationError(String);

impl fmt::Display for DurationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "time: {}", self.0)
    }
}

impl std::error::Error for DurationError {}

/// A span of time in nanoseconds, of either sign.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Duration {
    nanos: i64,
}

impl Duration {
    /// Of nanoseconds.
    pub const fn from_nanos(nanos: i64) -> Self {
        Duration { nanos }
    }

    /// Of seconds; the longest duration if that does not fit.
    pub const fn from_secs(seconds: i64) -> Self {
        Duration { nanos: seconds.saturating_mul(1_000_000_000) }
    }

    /// In nanoseconds.
    pub const fn nanos(self) -> i64 {
        self.nanos
    }

    /// In whole seconds, rounded towards zero.
    pub const fn secs(self) -> i64 {
        self.nanos / 1_000_000_000
    }

    /// As the standard library has it; `None` if negative.
    pub fn to_std(self) -> Option<std::time::Duration> {
        u64::try_from(self.nanos).ok().map(std::time::Duration::from_nanos)
    }

    /// Reads `-1.5h`, `1m30s`, `0`.
    pub fn parse(text: &str) -> Result<Self, DurationError> {
        let invalid = || DurationError(format!("invalid duration {}", quote(text)));
        let (negative, unsigned) = match text.as_bytes().first() {
            Some(b'-') => (true, &text[1..]),
            Some(b'+') => (false, &text[1..]),
            _ => (false, text),
        };
        if unsigned == "0" {
            return Ok(Duration::default());
        }
        if unsigned.is_empty() {
            return Err(invalid());
        }
        let (mut rest, mut total) = (unsigned, 0_u64);
        while !rest.is_empty() {
            let (number, after) = Number::read(rest).ok_or_else(invalid)?;
            let end =
                after.bytes().position(|byte| byte == b'.' || byte.is_ascii_digit()).unwrap_or(after.len());
            let (unit, after) = after.split_at(end);
            if unit.is_empty() {
                return Err(DurationError(format!("missing unit in duration {}", quote(text))));
            }
            let Some((_, nanos)) = UNITS.iter().find(|(name, _)| *name == unit) else {
                let (unit, text) = (quote(unit), quote(text));
                return Err(DurationError(format!("unknown unit {unit} in duration {text}")));
            };
            total = number
                .times(*nanos)
                .and_then(|nanos| total.checked_add(nanos))
                .filter(|total| *total <= LIMIT)
                .ok_or_else(invalid)?;
            rest = after;
        }
        let nanos = if negative { 0_i64.checked_sub_unsigned(total) } else { i64::try_from(total).ok() };
        nanos.map(Duration::from_nanos).ok_or_else(invalid)
    }
}

/// A decimal number as durations have it.
struct Number {
    integer: u64,
    fraction: u64,
    /// What the fraction is to be divided by.
    scale: f64,
}

impl Number {
    /// The number at the beginning, and what follows it.
    fn read(text: &str) -> Option<(Number, &str)> {
        let (digits, rest) = split_digits(text);
        let integer = digits.bytes().try_fold(0_u64, |number, digit| {
            let number = number.checked_mul(10)?.checked_add(u64::from(digit - b'0'))?;
            (number <= LIMIT).then_some(number)
        })?;
        let (fraction_digits, rest) = rest.strip_prefix('.').map_or(("", rest), split_digits);
        if digits.is_empty() && fraction_digits.is_empty() {
            return None;
        }
        let (mut fraction, mut scale) = (0_u64, 1_f64);
        for digit in fraction_digits.bytes() {
            // Digits beyond 63 bits are too small to count.
            let Some(longer) = fraction.checked_mul(10).map(|longer| longer + u64::from(digit - b'0')) else {
                break;
            };
            if longer > LIMIT {
                break;
            }
            fraction = longer;
            scale *= 10.0;
        }
        Some((Number { integer, fraction, scale }, rest))
    }

    fn times(&self, unit: u64) -> Option<u64> {
        let fraction = (self.fraction as f64 * (unit as f64 / self.scale)) as u64;
        self.integer.checked_mul(unit)?.checked_add(fraction)
    }
}

fn split_digits(text: &str) -> (&str, &str) {
    let end = text.bytes().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    text.split_at(end)
}

impl FromStr for Duration {
    type Err = DurationError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.nanos < 0 {
            f.write_str("-")?;
        }
        let nanos = self.nanos.unsigned_abs();
        match nanos {
            0 => f.write_str("0s"),
            1..1_000 => write!(f, "{nanos}ns"),
            1_000..1_000_000 => write_decimal(f, nanos, 3, "\u{b5}s"),
            1_000_000..1_000_000_000 => write_decimal(f, nanos, 6, "ms"),
            _ => {
                let minutes = nanos / 60_000_000_000;
                if minutes >= 60 {
                    write!(f, "{}h", minutes / 60)?;
                }
                if minutes > 0 {
                    write!(f, "{}m", minutes % 60)?;
                }
                write_decimal(f, nanos % 60_000_000_000, 9, "s")
            }
        }
    }
}

/// `number / 10^places` without zeros at the end, and the unit.
fn write_decimal(f: &mut fmt::Formatter<'_>, number: u64, places: usize, unit: &str) -> fmt::Result {
    let divisor = 10_u64.pow(places as u32);
    let fraction = format!("{:0places$}", number % divisor);
    let fraction = fraction.trim_end_matches('0');
    let point = if fraction.is_empty() { "" } else { "." };
    write!(f, "{}{point}{fraction}{unit}", number / divisor)
}
