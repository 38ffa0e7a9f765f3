//! `resource.Quantity`: amounts of CPU, memory, storage and anything else that is counted.
//!
//! A quantity is an exact decimal number with the format it was written in. It is rounded up to `10^-9` when
//! read; with a binary suffix it is capped at 2^63-1. Up to 38 significant digits are exact.
//! Source: API conventions "Units", and resource.Quantity's documentation in the API reference.

mod decimal;
mod format;
mod parse;

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use crate::Text;
use decimal::Decimal;
pub use parse::QuantityError;

/// How a quantity is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// `12e6`.
    DecimalExponent,
    /// `12Mi`.
    BinarySi,
    /// `12M`.
    DecimalSi,
}

/// An amount; compares by value, prints as the API prints it.
#[derive(Clone, Debug)]
pub struct Quantity {
    amount: Decimal,
    format: Format,
    /// Whether the original has left 64-bit arithmetic, which decides what [`Quantity::value`] does beyond it.
    wide: bool,
    /// The text as written, where the original keeps it although it is not canonical.
    text: Option<Text>,
}

impl Quantity {
    /// Zero.
    pub const ZERO: Quantity =
        Quantity { amount: Decimal::ZERO, format: Format::DecimalSi, wide: false, text: None };

    /// Reads a quantity such as `1500m`, `12Mi` or `1e3`.
    pub fn parse(text: &str) -> Result<Quantity, QuantityError> {
        parse::parse(text)
    }

    /// Reads a quantity out of a body: spaces around it are ignored (but not tabs or newlines).
    pub fn decode(text: &str) -> Result<Quantity, QuantityError> {
        Self::parse(text.trim_matches(|c: char| c.is_whitespace() && (c == ' ' || !c.is_ascii())))
    }

    /// A whole number.
    pub fn new(value: i64, format: Format) -> Quantity {
        Quantity { amount: Decimal::new(i128::from(value), 0), format, wide: false, text: None }
    }

    /// Thousandths.
    pub fn from_milli(value: i64, format: Format) -> Quantity {
        Quantity { amount: Decimal::new(i128::from(value), -3), format, wide: false, text: None }
    }

    /// How it is written.
    pub fn format(&self) -> Format {
        self.format
    }

    /// The same amount in another format.
    pub fn with_format(self, format: Format) -> Quantity {
        Quantity { format, text: None, ..self }
    }

    /// Whether it is zero.
    pub fn is_zero(&self) -> bool {
        self.amount.signum() == 0
    }

    /// -1, 0 or 1.
    pub fn signum(&self) -> i32 {
        self.amount.signum()
    }

    /// The same with no digit below `10^scale`, rounded away from zero.
    pub fn round_up(self, scale: i32) -> Quantity {
        let (amount, _) = self.amount.round_up(scale);
        let unchanged = !self.wide && self.amount.parts().1 >= scale;
        Quantity { amount, text: self.text.filter(|_| unchanged), ..self }
    }

    /// The same as resource lists (requests, limits, capacities) keep it: rounded up to thousandths.
    pub fn round_up_to_milli(self) -> Quantity {
        self.round_up(-3)
    }

    /// In whole units, rounded away from zero. What does not fit 64 bits gives what the original gives: its low
    /// bits if it has more than 18 digits, else 0.
    pub fn value(&self) -> i64 {
        self.scaled_value(0)
    }

    /// In thousandths; otherwise as [`Quantity::value`].
    pub fn milli_value(&self) -> i64 {
        self.scaled_value(-3)
    }

    /// In units of `10^scale`; otherwise as [`Quantity::value`].
    pub fn scaled_value(&self, scale: i32) -> i64 {
        if self.wide && self.amount.signum() < 0 {
            return self.wide_negative_value(scale);
        }
        let (significand, exponent) = self.amount.round_up(scale).0.parts();
        let power = i64::from(exponent) - i64::from(scale);
        if self.wide { wrapping_times_power_of_ten(significand, power) } else { narrow(significand, power) }
    }

    /// The original wraps a negative amount to 64 bits before it divides, and then adds one.
    fn wide_negative_value(&self, scale: i32) -> i64 {
        let (significand, exponent) = self.amount.parts();
        let lowest = exponent.min(-9);
        let bits = wrapping_times_power_of_ten(significand, i64::from(exponent) - i64::from(lowest));
        let divisor = u32::try_from(i64::from(scale) - i64::from(lowest)).ok();
        let divisor = divisor.and_then(|power| 10_i64.checked_pow(power)).unwrap_or(i64::MAX);
        bits / divisor + i64::from(bits % divisor != 0)
    }

    /// The whole number it is, as far as the original finds it without arithmetic: `1000m` is none.
    pub fn as_i64(&self) -> Option<i64> {
        let (significand, exponent) = self.amount.parts();
        let power = u32::try_from(exponent).ok().filter(|_| !self.wide)?;
        i64::try_from(significand).ok()?.checked_mul(10_i64.checked_pow(power)?)
    }

    /// The nearest floating-point number, nearly.
    pub fn as_f64(&self) -> f64 {
        let (significand, exponent) = self.amount.parts();
        if exponent == 0 { significand as f64 } else { significand as f64 * 10_f64.powi(exponent) }
    }

    /// The sum, in this quantity's format (or the other's if this is zero).
    pub fn add(&self, other: &Quantity) -> Quantity {
        self.combine(other, other.amount)
    }

    /// The difference, in this quantity's format (or the other's if this is zero).
    pub fn sub(&self, other: &Quantity) -> Quantity {
        self.combine(other, other.amount.negate())
    }

    fn combine(&self, other: &Quantity, amount: Decimal) -> Quantity {
        let format = if self.is_zero() { other.format } else { self.format };
        let sum = self.amount.add(amount);
        let wide = self.wide || other.wide || i64::try_from(sum.parts().0).is_err();
        Quantity { amount: sum, format, wide, text: None }
    }

    /// The same below zero, or above.
    pub fn negate(&self) -> Quantity {
        Quantity { amount: self.amount.negate(), text: None, ..self.clone() }
    }

    /// The canonical form, whatever was written.
    pub fn canonical(&self) -> String {
        format::canonical(self.amount, self.format)
    }
}

/// `significand * 10^power` if it fits, else 0.
fn narrow(significand: i128, power: i64) -> i64 {
    u32::try_from(power)
        .ok()
        .and_then(|power| 10_i64.checked_pow(power))
        .and_then(|factor| i64::try_from(significand).ok()?.checked_mul(factor))
        .unwrap_or(0)
}

/// The low 64 bits of `significand * 10^power`.
fn wrapping_times_power_of_ten(significand: i128, power: i64) -> i64 {
    // 10^64 has 64 factors of two: nothing is left of it.
    (0..power.min(64)).fold(significand as i64, |bits, _| bits.wrapping_mul(10))
}

impl Default for Quantity {
    fn default() -> Self {
        Self::ZERO
    }
}

impl FromStr for Quantity {
    type Err = QuantityError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.text {
            Some(text) => f.pad(text),
            None => f.pad(&self.canonical()),
        }
    }
}

impl PartialEq for Quantity {
    fn eq(&self, other: &Self) -> bool {
        self.amount == other.amount
    }
}
impl Eq for Quantity {}
impl PartialOrd for Quantity {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Quantity {
    fn cmp(&self, other: &Self) -> Ordering {
        self.amount.cmp(&other.amount)
    }
}

#[cfg(test)]
mod tests;
