//! The canonical form of quantities: no fraction, the largest suffix possible.

use super::Format;
use super::decimal::Decimal;
use super::parse::{BINARY, SI};

pub(super) fn canonical(amount: Decimal, format: Format) -> String {
    if amount.signum() == 0 {
        return "0".to_owned();
    }
    match format {
        Format::BinarySi => binary(amount).unwrap_or_else(|| decimal(amount, Format::DecimalSi)),
        format => decimal(amount, format),
    }
}

/// With a binary suffix, unless the amount is no whole number or below 1024.
fn binary(amount: Decimal) -> Option<String> {
    let mut number = amount.to_integer().filter(|number| number.unsigned_abs() >= 1024)?;
    let mut power = 0;
    while number % 1024 == 0 {
        number /= 1024;
        power += 10;
    }
    let suffix = BINARY.iter().find(|(_, known)| *known == power).map_or("", |(letters, _)| letters);
    Some(format!("{number}{suffix}"))
}

/// With an exponent that is a multiple of three. Where there is no letter for it (beyond `E`), the original
/// writes none, and so the number alone.
fn decimal(amount: Decimal, format: Format) -> String {
    let (significand, exponent) = amount.stripped().parts();
    let zeros = exponent.rem_euclid(3);
    let exponent = exponent.saturating_sub(zeros);
    let zeros = &"00"[..zeros as usize];
    match format {
        Format::DecimalExponent if exponent == 0 => format!("{significand}{zeros}"),
        Format::DecimalExponent => format!("{significand}{zeros}e{exponent}"),
        _ => {
            let suffix = SI.iter().find(|(_, known)| *known == exponent).map_or("", |(letters, _)| letters);
            format!("{significand}{zeros}{suffix}")
        }
    }
}
