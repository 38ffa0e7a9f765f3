//! Half-precision floats (IEEE 754 binary16).

/// The half with exactly this value, if there is one.
pub(super) fn from_f64(number: f64) -> Option<u16> {
    let candidate = round(number);
    (to_f64(candidate).to_bits() == number.to_bits()).then_some(candidate)
}

/// A half near `number`: the right one if the number is a half's.
fn round(number: f64) -> u16 {
    let bits = number.to_bits();
    let sign = ((bits >> 63) as u16) << 15;
    let exponent = ((bits >> 52) & 0x7ff) as i32 - 1023;
    let mantissa = bits & ((1 << 52) - 1);
    match exponent {
        -14..=15 => sign | ((exponent + 15) as u16) << 10 | (mantissa >> 42) as u16,
        -24..=-15 => sign | ((mantissa | 1 << 52) >> (28 - exponent)) as u16,
        _ => sign,
    }
}

/// The value of a half.
pub(super) fn to_f64(half: u16) -> f64 {
    let sign = if half & 0x8000 == 0 { 1.0 } else { -1.0 };
    let exponent = i32::from(half >> 10 & 0x1f);
    let mantissa = f64::from(half & 0x3ff);
    let size = match exponent {
        0 => mantissa * 2_f64.powi(-24),
        31 if mantissa == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        exponent => (mantissa + 1024.0) * 2_f64.powi(exponent - 25),
    };
    sign * size
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_finite_half_round_trips() {
        for half in (0..=u16::MAX).filter(|half| half >> 10 & 0x1f != 31) {
            assert_eq!(from_f64(to_f64(half)), Some(half));
        }
        for number in [0.1, 65536.0, 1e-9, 2049.0, f64::MAX] {
            assert_eq!(from_f64(number), None);
        }
    }
}
