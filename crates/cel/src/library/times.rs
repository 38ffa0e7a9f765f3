//! Parts of times and durations.

use super::Row;
use crate::error::{CelError, Outcome};
use crate::time::{Civil, Timestamp};
use crate::value::Value;

/// The functions.
pub(crate) const TABLE: &[Row] = &[
    ("timestamp_to_year: timestamp::getFullYear() -> int", year),
    ("timestamp_to_year_with_tz: timestamp::getFullYear(string) -> int", year),
    ("timestamp_to_month: timestamp::getMonth() -> int", month),
    ("timestamp_to_month_with_tz: timestamp::getMonth(string) -> int", month),
    ("timestamp_to_day_of_year: timestamp::getDayOfYear() -> int", day_of_year),
    ("timestamp_to_day_of_year_with_tz: timestamp::getDayOfYear(string) -> int", day_of_year),
    ("timestamp_to_day_of_month: timestamp::getDayOfMonth() -> int", day_of_month),
    ("timestamp_to_day_of_month_with_tz: timestamp::getDayOfMonth(string) -> int", day_of_month),
    ("timestamp_to_day_of_month_1_based: timestamp::getDate() -> int", date),
    ("timestamp_to_day_of_month_1_based_with_tz: timestamp::getDate(string) -> int", date),
    ("timestamp_to_day_of_week: timestamp::getDayOfWeek() -> int", day_of_week),
    ("timestamp_to_day_of_week_with_tz: timestamp::getDayOfWeek(string) -> int", day_of_week),
    ("timestamp_to_hours: timestamp::getHours() -> int", hours),
    ("timestamp_to_hours_with_tz: timestamp::getHours(string) -> int", hours),
    ("duration_to_hours: duration::getHours() -> int", hours),
    ("timestamp_to_minutes: timestamp::getMinutes() -> int", minutes),
    ("timestamp_to_minutes_with_tz: timestamp::getMinutes(string) -> int", minutes),
    ("duration_to_minutes: duration::getMinutes() -> int", minutes),
    ("timestamp_to_seconds: timestamp::getSeconds() -> int", seconds),
    ("timestamp_to_seconds_tz: timestamp::getSeconds(string) -> int", seconds),
    ("duration_to_seconds: duration::getSeconds() -> int", seconds),
    ("timestamp_to_milliseconds: timestamp::getMilliseconds() -> int", milliseconds),
    ("timestamp_to_milliseconds_with_tz: timestamp::getMilliseconds(string) -> int", milliseconds),
    ("duration_to_milliseconds: duration::getMilliseconds() -> int", milliseconds),
];

/// Seconds east of UTC that a zone is at a time: `UTC`, `+01:30`, or a name of the tz database.
fn offset(zone: &str, time: &Timestamp) -> Result<i32, CelError> {
    let unknown = || CelError::new(format!("unknown time zone {zone}"));
    if zone.is_empty() || zone == "UTC" {
        return Ok(0);
    }
    let Some((hours, minutes)) = zone.split_once(':') else {
        return crate::zone::offset(zone, time.seconds).ok_or_else(unknown);
    };
    let (sign, digits) = match hours.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, hours.strip_prefix('+').unwrap_or(hours)),
    };
    match (digits.parse::<i32>(), minutes.parse::<i32>()) {
        (Ok(hours @ 0..=23), Ok(minutes @ 0..=59)) => Ok(sign * (hours * 3600 + minutes * 60)),
        _ => Err(unknown()),
    }
}

fn civil<'a>(args: &[Value<'a>], part: impl Fn(&Civil) -> i64) -> Outcome<'a> {
    match args {
        [Value::Timestamp(time)] => Ok(Value::Int(part(&time.civil(0)))),
        [Value::Timestamp(time), Value::String(zone)] => {
            Ok(Value::Int(part(&time.civil(offset(zone.as_str(), time)?))))
        }
        _ => Err(CelError::no_such_overload()),
    }
}

fn year<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    civil(args, |civil| civil.year)
}
fn month<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    civil(args, |civil| i64::from(civil.month) - 1)
}
fn day_of_year<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    civil(args, |civil| civil.day_of_year.into())
}
fn day_of_month<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    civil(args, |civil| i64::from(civil.day) - 1)
}
fn date<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    civil(args, |civil| civil.day.into())
}
fn day_of_week<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    civil(args, |civil| civil.weekday.into())
}

/// A part of a time, or a duration in whole units of nanoseconds.
fn clock<'a>(args: &[Value<'a>], unit: i64, part: impl Fn(&Civil) -> i64) -> Outcome<'a> {
    match args {
        [Value::Duration(span)] => Ok(Value::Int(span / unit)),
        _ => civil(args, part),
    }
}

fn hours<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    clock(args, 3_600_000_000_000, |civil| civil.hour.into())
}
fn minutes<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    clock(args, 60_000_000_000, |civil| civil.minute.into())
}
fn seconds<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    clock(args, 1_000_000_000, |civil| civil.second.into())
}
fn milliseconds<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    match args {
        [Value::Timestamp(time), ..] => Ok(Value::Int(i64::from(time.nanos / 1_000_000))),
        [Value::Duration(span)] => Ok(Value::Int(span / 1_000_000)),
        _ => Err(CelError::no_such_overload()),
    }
}
