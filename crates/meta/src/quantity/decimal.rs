//! Exact decimal numbers: a whole significand times a power of ten.

use std::cmp::Ordering;

/// How many digits a significand keeps; further ones are rounded away from zero.
pub(super) const MAX_DIGITS: usize = 38;

/// `significand * 10^exponent`. The significand's magnitude is at most `10^38`; zero has exponent 0.
#[derive(Clone, Copy, Debug)]
pub(super) struct Decimal {
    significand: i128,
    exponent: i32,
}

impl Decimal {
    pub(super) const ZERO: Decimal = Decimal { significand: 0, exponent: 0 };

    pub(super) fn new(significand: i128, exponent: i32) -> Self {
        if significand == 0 { Self::ZERO } else { Decimal { significand, exponent }.within_limits() }
    }

    /// The number of these decimal digits times `10^exponent`, rounded away from zero to at most
    /// [`MAX_DIGITS`] digits and to no digit below `10^lowest`.
    pub(super) fn from_digits(digits: &[u8], exponent: i32, lowest: i32) -> Self {
        let leading = digits.iter().take_while(|digit| **digit == b'0').count();
        let digits = &digits[leading..];
        if digits.is_empty() {
            return Self::ZERO;
        }
        let below_lowest = (i64::from(lowest) - i64::from(exponent)).max(0);
        let excess = digits.len().saturating_sub(MAX_DIGITS) as i64;
        let dropped = below_lowest.max(excess);
        let kept = digits.len().saturating_sub(usize::try_from(dropped).unwrap_or(usize::MAX));
        let (kept, rest) = digits.split_at(kept);
        let mut significand =
            kept.iter().fold(0_i128, |number, digit| number * 10 + i128::from(digit - b'0'));
        if rest.iter().any(|digit| *digit != b'0') {
            significand += 1;
        }
        Self::new(significand, saturate(i64::from(exponent) + dropped))
    }

    fn within_limits(self) -> Self {
        let over = self.digits().saturating_sub(MAX_DIGITS as u32);
        if over == 0 || self.significand.unsigned_abs() == 10_u128.pow(MAX_DIGITS as u32) {
            return self;
        }
        self.round_up(saturate(i64::from(self.exponent) + i64::from(over))).0
    }

    pub(super) fn parts(self) -> (i128, i32) {
        (self.significand, self.exponent)
    }

    pub(super) fn signum(self) -> i32 {
        self.significand.signum() as i32
    }

    pub(super) fn negate(self) -> Self {
        Decimal { significand: -self.significand, exponent: self.exponent }
    }

    fn digits(self) -> u32 {
        self.significand.unsigned_abs().checked_ilog10().map_or(1, |log| log + 1)
    }

    /// The same with no digit below `10^scale`, rounded away from zero, and whether nothing was lost.
    pub(super) fn round_up(self, scale: i32) -> (Self, bool) {
        let dropped = i64::from(scale) - i64::from(self.exponent);
        if dropped <= 0 || self.significand == 0 {
            return (self, true);
        }
        let Some(divisor) = u32::try_from(dropped).ok().and_then(|power| 10_i128.checked_pow(power)) else {
            return (Decimal { significand: self.significand.signum(), exponent: scale }, false);
        };
        let (quotient, rest) = (self.significand / divisor, self.significand % divisor);
        (Self::new(quotient + rest.signum(), scale), rest == 0)
    }

    /// The sum; digits beyond the limit are rounded away from zero.
    pub(super) fn add(self, other: Self) -> Self {
        if self.significand == 0 {
            return other;
        }
        if other.significand == 0 {
            return self;
        }
        let (high, low) = if self.exponent >= other.exponent { (self, other) } else { (other, self) };
        match high.with_exponent(low.exponent).and_then(|high| high.significand.checked_add(low.significand))
        {
            Some(sum) => Self::new(sum, low.exponent),
            None => high.add_rounding(low),
        }
    }

    /// The sum of numbers too far apart to have a common exponent: the lower one loses its last digits.
    fn add_rounding(self, low: Self) -> Self {
        let room = (MAX_DIGITS as u32).saturating_sub(self.digits());
        let exponent = saturate(i64::from(self.exponent) - i64::from(room)).max(low.exponent);
        let high = self.with_exponent(exponent).unwrap_or(self);
        let low = low.round_up(high.exponent).0;
        let low = low.with_exponent(high.exponent).unwrap_or(low);
        Self::new(high.significand.saturating_add(low.significand), high.exponent)
    }

    /// The same number with a lower exponent, if the significand then still fits.
    fn with_exponent(self, exponent: i32) -> Option<Self> {
        let power = u32::try_from(i64::from(self.exponent) - i64::from(exponent)).ok()?;
        let significand = self.significand.checked_mul(10_i128.checked_pow(power)?)?;
        Some(Decimal { significand, exponent })
    }

    /// The whole number this is, if it is one and fits.
    pub(super) fn to_integer(self) -> Option<i128> {
        let (whole, exact) = self.round_up(0);
        whole.with_exponent(0).filter(|_| exact).map(|decimal| decimal.significand)
    }

    /// The same with as few digits as possible in the significand.
    pub(super) fn stripped(self) -> Self {
        let mut decimal = self;
        while decimal.significand != 0 && decimal.significand % 10 == 0 && decimal.exponent < i32::MAX {
            decimal.significand /= 10;
            decimal.exponent += 1;
        }
        decimal
    }
}

fn saturate(exponent: i64) -> i32 {
    exponent.clamp(i64::from(i32::MIN), i64::from(i32::MAX)) as i32
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}
impl Eq for Decimal {}
impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        let by_sign = self.signum().cmp(&other.signum());
        if by_sign != Ordering::Equal || self.significand == 0 {
            return by_sign;
        }
        let magnitude = |number: &Self| i64::from(number.exponent) + i64::from(number.digits());
        let by_magnitude = magnitude(self).cmp(&magnitude(other));
        let by_magnitude = by_magnitude.then_with(|| {
            // Same magnitude: the exponents are at most 38 apart, and aligned digits are as few as the longer's.
            let exponent = self.exponent.min(other.exponent);
            let aligned = |number: &Self| {
                let power = (i64::from(number.exponent) - i64::from(exponent)) as u32;
                10_u128.saturating_pow(power).saturating_mul(number.significand.unsigned_abs())
            };
            aligned(self).cmp(&aligned(other))
        });
        if self.significand < 0 { by_magnitude.reverse() } else { by_magnitude }
    }
}
