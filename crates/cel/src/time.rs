//! Points and spans of time as expressions have them.

use std::fmt::Write;

/// Nanoseconds in a second.
const NANOS: i64 = 1_000_000_000;

/// The first and last second that a timestamp can be: the years 1 to 9999.
const SECONDS: std::ops::RangeInclusive<i64> = -62_135_596_800..=253_402_300_799;

/// A point in time, with the offset it was written in.
#[derive(Clone, Copy, Debug)]
pub struct Timestamp {
    /// Seconds since 1970-01-01T00:00:00Z.
    pub seconds: i64,
    /// Nanoseconds into the second.
    pub nanos: u32,
    /// Seconds east of UTC, for printing.
    pub offset: i32,
}

impl PartialEq for Timestamp {
    fn eq(&self, other: &Timestamp) -> bool {
        (self.seconds, self.nanos) == (other.seconds, other.nanos)
    }
}

/// A date and time of day somewhere.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Civil {
    pub year: i64,
    /// 1 to 12.
    pub month: u32,
    /// 1 to 31.
    pub day: u32,
    pub hour: u32,
    pub minute: u32,
    pub second: u32,
    /// 0 is Sunday.
    pub weekday: u32,
    /// 0 is the first of January.
    pub day_of_year: u32,
}

/// Days from 1970-01-01 to a date (the proleptic Gregorian calendar).
fn days_from_civil(year: i64, month: u32, day: u32) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let shifted = i64::from((month + 9) % 12);
    let day_of_year = (153 * shifted + 2) / 5 + i64::from(day) - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

fn civil_from_days(days: i64) -> (i64, u32, u32) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = (day_of_year - (153 * shifted + 2) / 5 + 1) as u32;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 } as u32;
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

fn days_in_month(year: i64, month: u32) -> u32 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl Timestamp {
    /// The point `seconds` and `nanos` after the epoch, if a timestamp can be that.
    pub fn new(seconds: i64, nanos: u32) -> Option<Timestamp> {
        SECONDS.contains(&seconds).then_some(Timestamp { seconds, nanos, offset: 0 })
    }

    pub(crate) fn is_zero(&self) -> bool {
        self.seconds == *SECONDS.start() && self.nanos == 0
    }

    /// Nanoseconds since the epoch.
    fn total(&self) -> i128 {
        i128::from(self.seconds) * i128::from(NANOS) + i128::from(self.nanos)
    }

    pub(crate) fn cmp(&self, other: &Timestamp) -> std::cmp::Ordering {
        self.total().cmp(&other.total())
    }

    /// This point moved by nanoseconds.
    pub(crate) fn moved(&self, by: i64, sign: i128) -> Option<Timestamp> {
        let total = self.total() + sign * i128::from(by);
        let seconds = i64::try_from(total.div_euclid(i128::from(NANOS))).ok()?;
        let moved = Timestamp::new(seconds, total.rem_euclid(i128::from(NANOS)) as u32)?;
        Some(Timestamp { offset: self.offset, ..moved })
    }

    /// Nanoseconds from another point to this one.
    pub(crate) fn since(&self, other: &Timestamp) -> Option<i64> {
        i64::try_from(self.total() - other.total()).ok()
    }

    /// Reads RFC 3339.
    pub fn parse(text: &str) -> Option<Timestamp> {
        let bytes = text.as_bytes();
        let number = |from: usize, to: usize| -> Option<u32> {
            let part = bytes.get(from..to)?;
            part.iter()
                .all(u8::is_ascii_digit)
                .then(|| std::str::from_utf8(part).ok()?.parse().ok())
                .flatten()
        };
        let at = |index: usize, accept: &[u8]| bytes.get(index).is_some_and(|b| accept.contains(b));
        if !(at(4, b"-") && at(7, b"-") && at(10, b"T") && at(13, b":") && at(16, b":")) {
            return None;
        }
        let (year, month, day) = (i64::from(number(0, 4)?), number(5, 7)?, number(8, 10)?);
        let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
        let (nanos, rest) = fraction(&text[19..])?;
        let offset = offset(rest)?;
        let valid = (1..=12).contains(&month)
            && day >= 1
            && day <= days_in_month(year, month)
            && hour < 24
            && minute < 60
            && second < 60;
        let clock = i64::from(hour) * 3600 + i64::from(minute) * 60 + i64::from(second);
        let seconds = days_from_civil(year, month, day) * 86_400 + clock - i64::from(offset);
        let time = Timestamp::new(seconds, nanos).filter(|_| valid)?;
        Some(Timestamp { offset, ..time })
    }

    /// Reads a date, `2024-02-03`.
    pub fn parse_date(text: &str) -> Option<Timestamp> {
        if text.len() != 10 { None } else { Timestamp::parse(&format!("{text}T00:00:00Z")) }
    }

    /// The date and clock at an offset from UTC in seconds.
    pub(crate) fn civil(&self, offset: i32) -> Civil {
        let local = self.seconds + i64::from(offset);
        let (days, clock) = (local.div_euclid(86_400), local.rem_euclid(86_400) as u32);
        let (year, month, day) = civil_from_days(days);
        Civil {
            year,
            month,
            day,
            hour: clock / 3600,
            minute: clock / 60 % 60,
            second: clock % 60,
            weekday: (days + 4).rem_euclid(7) as u32,
            day_of_year: (days - days_from_civil(year, 1, 1)) as u32,
        }
    }
}

/// Reads `.123` as nanoseconds; the rest of the text follows it.
fn fraction(text: &str) -> Option<(u32, &str)> {
    let Some(digits) = text.strip_prefix(['.', ',']) else { return Some((0, text)) };
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    if end == 0 {
        return None;
    }
    let kept: String = digits[..end].chars().chain(std::iter::repeat('0')).take(9).collect();
    Some((kept.parse().ok()?, &digits[end..]))
}

/// Reads `Z` or `+01:00`.
fn offset(text: &str) -> Option<i32> {
    if text == "Z" {
        return Some(0);
    }
    let (hours, minutes) = text.get(1..)?.split_once(':')?;
    let two_digits = |part: &str, limit: i32| -> Option<i32> {
        (part.len() == 2).then(|| part.parse().ok()).flatten().filter(|number| (0..limit).contains(number))
    };
    let seconds = two_digits(hours, 24)? * 3600 + two_digits(minutes, 60)? * 60;
    match text.as_bytes()[0] {
        b'+' => Some(seconds),
        b'-' => Some(-seconds),
        _ => None,
    }
}

impl std::fmt::Display for Timestamp {
    /// RFC 3339 with as many digits of a second as it has.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let c = self.civil(self.offset);
        write!(f, "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", c.year, c.month, c.day, c.hour, c.minute, c.second)?;
        if self.nanos > 0 {
            let digits = format!("{:09}", self.nanos);
            write!(f, ".{}", digits.trim_end_matches('0'))?;
        }
        if self.offset == 0 {
            return f.write_char('Z');
        }
        let (sign, offset) = if self.offset < 0 { ('-', -self.offset) } else { ('+', self.offset) };
        write!(f, "{sign}{:02}:{:02}", offset / 3600, offset / 60 % 60)
    }
}

/// Units of durations, in nanoseconds.
const UNITS: &[(&str, i128)] = &[
    ("ns", 1),
    ("us", 1000),
    ("µs", 1000),
    ("μs", 1000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("m", 60_000_000_000),
    ("h", 3_600_000_000_000),
];

/// Reads a duration such as `1h30m`, `-1.5s` or `0`, in nanoseconds.
pub fn parse_duration(text: &str) -> Option<i64> {
    let (negative, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Some(0);
    }
    if rest.is_empty() {
        return None;
    }
    let mut total: i128 = 0;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let (whole, mut after) = rest.split_at(end);
        let mut digits = "";
        if let Some(tail) = after.strip_prefix('.') {
            let end = tail.find(|c: char| !c.is_ascii_digit()).unwrap_or(tail.len());
            (digits, after) = tail.split_at(end);
        }
        if whole.is_empty() && digits.is_empty() {
            return None;
        }
        let end = after.find(|c: char| c == '.' || c.is_ascii_digit()).unwrap_or(after.len());
        let (unit, next) = after.split_at(end);
        let (_, nanos) = UNITS.iter().find(|(name, _)| *name == unit)?;
        let whole: i128 = if whole.is_empty() { 0 } else { whole.parse::<u64>().ok()?.into() };
        total += whole * nanos;
        let mut scale = *nanos;
        let mut part: i128 = 0;
        for digit in digits.bytes().take(18) {
            part = part * 10 + i128::from(digit - b'0');
            scale *= 10;
        }
        total += part * nanos / (scale / nanos);
        if total > i128::from(i64::MAX) + i128::from(negative) {
            return None;
        }
        rest = next;
    }
    i64::try_from(if negative { -total } else { total }).ok()
}

/// A duration in seconds with `s`, as `string()` prints it.
pub(crate) fn duration_text(nanos: i64) -> String {
    format!("{}s", crate::number::shortest(nanos as f64 / NANOS as f64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps_read_and_print() {
        for text in [
            "2024-02-29T23:59:59Z",
            "0001-01-01T00:00:00Z",
            "9999-12-31T23:59:59.999999999Z",
            "2024-01-01T00:00:00.5+01:30",
        ] {
            assert_eq!(Timestamp::parse(text).map(|time| time.to_string()).as_deref(), Some(text));
        }
        for text in ["2023-02-29T00:00:00Z", "2024-01-01T24:00:00Z", "2024-01-01", "x", "2024-01-01T00:00:00"]
        {
            assert_eq!(Timestamp::parse(text), None, "{text}");
        }
        let time = Timestamp::parse("2024-03-01T12:00:00Z").map(|time| time.civil(0));
        assert!(matches!(time, Some(Civil { weekday: 5, day_of_year: 60, .. })));
    }

    #[test]
    fn durations_read() {
        for (text, nanos) in [
            ("1h30m", Some(5_400_000_000_000)),
            ("-1.5s", Some(-1_500_000_000)),
            ("0", Some(0)),
            ("1us", Some(1000)),
            (".5s", Some(500_000_000)),
            ("", None),
            ("5", None),
            ("1d", None),
            (".s", None),
            ("9999999h", None),
        ] {
            assert_eq!(parse_duration(text), nanos, "{text}");
        }
        assert_eq!(duration_text(90_500_000_000), "90.5s");
    }
}
