//! Reading RFC 3339 times, with the messages that name the element of the layout which does not fit.

use std::fmt;

use super::calendar::{Calendar, days_in};
use super::quote::quote;

/// The layout of times to the second; a fraction is accepted nevertheless.
pub(super) const SECONDS: &str = "2006-01-02T15:04:05Z07:00";
/// The layout of times to the microsecond.
pub(super) const MICROSECONDS: &str = "2006-01-02T15:04:05.000000Z07:00";

const FRACTION: &str = ".000000";

/// Why a text is no time; prints the message clients know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeError(String);

impl fmt::Display for TimeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for TimeError {}

/// A moment: seconds since 1970 and the rest.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment {
    pub(super) seconds: i64,
    pub(super) nanos: u32,
}

/// Reads a time of the layout [`SECONDS`] or [`MICROSECONDS`].
pub(super) fn parse(text: &str, layout: &'static str) -> Result<Moment, TimeError> {
    Parser { text, rest: text.as_bytes(), layout }.moment()
}

/// Reads `text`, of which `rest` is left. Everything read so far was ASCII, so `rest` begins at a character.
struct Parser<'a> {
    text: &'a str,
    rest: &'a [u8],
    layout: &'static str,
}

/// What is wrong with an element of the layout.
enum Bad {
    /// It does not have the form.
    Form,
    /// It has the form, but the value makes no sense.
    Range(&'static str),
}

impl<'a> Parser<'a> {
    fn moment(mut self) -> Result<Moment, TimeError> {
        let year = self.element("2006", |parser| parser.year())?;
        self.literal("-")?;
        let month = self.element("01", |parser| parser.limited(true, 1..=12, "month"))?;
        self.literal("-")?;
        let day = self.element("02", |parser| parser.number(true))?;
        self.literal("T")?;
        let hour = self.element("15", |parser| parser.limited(false, 0..=23, "hour"))?;
        self.literal(":")?;
        let minute = self.element("04", |parser| parser.limited(true, 0..=59, "minute"))?;
        self.literal(":")?;
        let (second, mut nanos) = self.element("05", |parser| parser.second())?;
        if self.layout == MICROSECONDS {
            nanos = self.element(FRACTION, |parser| parser.fraction(FRACTION.len()))?;
        }
        let offset = self.element("Z07:00", |parser| parser.zone())?;
        if !self.rest.is_empty() {
            return Err(self.error(&format!(": extra text: {}", quote(self.rest_text(self.rest)))));
        }
        if day < 1 || day > days_in(year, month) {
            return Err(self.error(": day out of range"));
        }
        let second_of_day = (hour * 60 + minute) * 60 + second;
        let local = Calendar { year, month, day, second_of_day }.unix();
        Ok(Moment { seconds: local - offset, nanos })
    }

    /// Reads one element of the layout, named as the layout writes it.
    fn element<T>(
        &mut self,
        name: &str,
        read: impl FnOnce(&mut Self) -> Result<T, Bad>,
    ) -> Result<T, TimeError> {
        let before = self.rest;
        read(self).map_err(|bad| match bad {
            Bad::Form => self.mismatch(before, name),
            Bad::Range(what) => self.error(&format!(": {what} out of range")),
        })
    }

    fn literal(&mut self, literal: &str) -> Result<(), TimeError> {
        self.rest =
            self.rest.strip_prefix(literal.as_bytes()).ok_or_else(|| self.mismatch(self.rest, literal))?;
        Ok(())
    }

    /// What is left of the text, `rest` being its end.
    fn rest_text(&self, rest: &[u8]) -> &'a str {
        self.text.get(self.text.len() - rest.len()..).unwrap_or("")
    }

    fn mismatch(&self, rest: &[u8], element: &str) -> TimeError {
        let found = quote(self.rest_text(rest));
        self.error(&format!(" as {}: cannot parse {found} as {}", quote(self.layout), quote(element)))
    }

    fn error(&self, what: &str) -> TimeError {
        TimeError(format!("parsing time {}{what}", quote(self.text)))
    }

    fn digit(&self, index: usize) -> Option<u32> {
        self.rest.get(index).filter(|byte| byte.is_ascii_digit()).map(|byte| u32::from(byte - b'0'))
    }

    fn year(&mut self) -> Result<i64, Bad> {
        let mut year = 0;
        for index in 0..4 {
            year = year * 10 + i64::from(self.digit(index).ok_or(Bad::Form)?);
        }
        self.rest = &self.rest[4..];
        Ok(year)
    }

    /// A number of two digits, or of one unless `two` are demanded.
    fn number(&mut self, two: bool) -> Result<u32, Bad> {
        let first = self.digit(0).ok_or(Bad::Form)?;
        let (number, length) = match self.digit(1) {
            Some(second) => (first * 10 + second, 2),
            None if two => return Err(Bad::Form),
            None => (first, 1),
        };
        self.rest = &self.rest[length..];
        Ok(number)
    }

    fn limited(
        &mut self,
        two: bool,
        range: std::ops::RangeInclusive<u32>,
        name: &'static str,
    ) -> Result<u32, Bad> {
        let number = self.number(two)?;
        if range.contains(&number) { Ok(number) } else { Err(Bad::Range(name)) }
    }

    /// Seconds, and the fraction that a text may have where the layout has none.
    fn second(&mut self) -> Result<(u32, u32), Bad> {
        let second = self.limited(true, 0..=59, "second")?;
        let has_fraction = matches!(self.rest, [b'.' | b',', b'0'..=b'9', ..]);
        if !has_fraction || self.layout == MICROSECONDS {
            return Ok((second, 0));
        }
        let digits = self.rest[1..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        Ok((second, self.fraction(1 + digits)?))
    }

    /// A point and digits, `length` bytes in all, as nanoseconds.
    fn fraction(&mut self, length: usize) -> Result<u32, Bad> {
        let (fraction, rest) = self.rest.split_at_checked(length).ok_or(Bad::Form)?;
        let Some((b'.' | b',', digits)) = fraction.split_first() else { return Err(Bad::Form) };
        let digits = &digits[..digits.len().min(9)];
        // A sign is accepted in place of the first digit, but makes no sense if it is a minus.
        let (negative, unsigned) = match digits {
            [b'-', unsigned @ ..] => (true, unsigned),
            [b'+', unsigned @ ..] => (false, unsigned),
            unsigned => (false, unsigned),
        };
        if unsigned.is_empty() || !unsigned.iter().all(u8::is_ascii_digit) {
            return Err(Bad::Form);
        }
        let number = unsigned.iter().fold(0, |number, digit| number * 10 + u32::from(digit - b'0'));
        if negative && number > 0 {
            return Err(Bad::Range("fractional second"));
        }
        self.rest = rest;
        Ok(number * 10_u32.pow(9 - digits.len() as u32))
    }

    /// `Z` or an offset such as `+01:00`, in seconds.
    fn zone(&mut self) -> Result<i64, Bad> {
        if let Some(rest) = self.rest.strip_prefix(b"Z") {
            self.rest = rest;
            return Ok(0);
        }
        let &[sign, hour_tens, hour, b':', minute_tens, minute, ref rest @ ..] = self.rest else {
            return Err(Bad::Form);
        };
        let two = |tens: u8, ones: u8| {
            let both = tens.is_ascii_digit() && ones.is_ascii_digit();
            both.then(|| i64::from(tens - b'0') * 10 + i64::from(ones - b'0')).ok_or(Bad::Form)
        };
        let (hours, minutes) = (two(hour_tens, hour)?, two(minute_tens, minute)?);
        // People do write offsets of 24 hours and of 60 minutes.
        if minutes > 60 {
            return Err(Bad::Range("time zone offset minute"));
        }
        if hours > 24 {
            return Err(Bad::Range("time zone offset hour"));
        }
        self.rest = rest;
        let offset = (hours * 60 + minutes) * 60;
        match sign {
            b'+' => Ok(offset),
            b'-' => Ok(-offset),
            _ => Err(Bad::Form),
        }
    }
}
