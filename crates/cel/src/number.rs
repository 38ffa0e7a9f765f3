//! Numbers as Go prints them.

/// The shortest decimal digits that read back as the same float, without an exponent.
pub(crate) fn shortest(number: f64) -> String {
    if number.is_nan() {
        "NaN".to_owned()
    } else if number.is_infinite() {
        if number > 0.0 { "+Inf" } else { "-Inf" }.to_owned()
    } else {
        format!("{number}")
    }
}

/// The shortest digits that read back as the same float, with an exponent where that is very small or large.
pub(crate) fn general(number: f64) -> String {
    if !number.is_finite() {
        return shortest(number);
    }
    let text = format!("{number:e}");
    let Some((mantissa, exponent)) = text.split_once('e') else { return text };
    let value: i32 = exponent.parse().unwrap_or(0);
    if (-4..6).contains(&value) {
        return shortest(number);
    }
    let sign = if value < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", value.abs())
}
