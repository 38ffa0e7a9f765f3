//! Times, durations, ages and the clock they are read from.
//!
//! Times are written in UTC as RFC 3339; [`Time`] to the second, [`MicroTime`] to the microsecond. Durations are
//! written as the language Go writes them (`1h0m0s`). Source: API conventions, "Primitive types" and `metav1`.

mod calendar;
mod clock;
mod duration;
mod human;
mod layout;
mod quote;
#[cfg(test)]
mod tests;

use std::fmt;
use std::str::FromStr;

use calendar::Calendar;
pub use clock::{Clock, ManualClock, SystemClock};
pub use duration::{Duration, DurationError};
pub use human::{age, human_duration, short_human_duration};
pub use layout::TimeError;

const MICROS: i64 = 1_000_000;

/// A moment to the second, as most fields have it (`creationTimestamp`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time {
    seconds: i64,
}

/// A moment to the microsecond, as leases and events have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MicroTime {
    micros: i64,
}

impl Time {
    /// Go's zero time, year 1: the API shows it as `null`.
    pub const ZERO: Time = Time { seconds: -62_135_596_800 };

    /// Of seconds since 1970.
    pub fn from_unix(seconds: i64) -> Self {
        Time { seconds }
    }

    /// Seconds since 1970.
    pub fn unix(self) -> i64 {
        self.seconds
    }

    /// Whether it is [`Time::ZERO`].
    pub fn is_zero(self) -> bool {
        self == Self::ZERO
    }

    /// Reads RFC 3339 with any zone; a fraction of the second is dropped.
    pub fn parse(text: &str) -> Result<Self, TimeError> {
        let moment = layout::parse(text, layout::SECONDS)?;
        Ok(Time { seconds: moment.seconds })
    }

    /// How much later this is than `earlier`; the longest duration if that does not fit.
    pub fn since(self, earlier: Time) -> Duration {
        Duration::from_secs(self.seconds.saturating_sub(earlier.seconds))
    }
}

impl MicroTime {
    /// Go's zero time, year 1: the API shows it as `null`.
    pub const ZERO: MicroTime = MicroTime { micros: Time::ZERO.seconds * MICROS };

    /// Of microseconds since 1970.
    pub fn from_unix_micros(micros: i64) -> Self {
        MicroTime { micros }
    }

    /// Microseconds since 1970.
    pub fn unix_micros(self) -> i64 {
        self.micros
    }

    /// Whether it is [`MicroTime::ZERO`].
    pub fn is_zero(self) -> bool {
        self == Self::ZERO
    }

    /// Reads RFC 3339 with exactly six digits of fraction and any zone.
    pub fn parse(text: &str) -> Result<Self, TimeError> {
        let moment = layout::parse(text, layout::MICROSECONDS)?;
        Ok(MicroTime { micros: moment.seconds * MICROS + i64::from(moment.nanos / 1000) })
    }

    /// How much later this is than `earlier`; the longest duration if that does not fit.
    pub fn since(self, earlier: MicroTime) -> Duration {
        Duration::from_nanos(self.micros.saturating_sub(earlier.micros).saturating_mul(1000))
    }
}

impl From<MicroTime> for Time {
    fn from(time: MicroTime) -> Time {
        Time { seconds: time.micros.div_euclid(MICROS) }
    }
}

impl From<Time> for MicroTime {
    fn from(time: Time) -> MicroTime {
        MicroTime { micros: time.seconds.saturating_mul(MICROS) }
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}Z", Calendar::of(self.seconds))
    }
}

impl fmt::Display for MicroTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let calendar = Calendar::of(self.micros.div_euclid(MICROS));
        write!(f, "{calendar}.{:06}Z", self.micros.rem_euclid(MICROS))
    }
}

impl FromStr for Time {
    type Err = TimeError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl FromStr for MicroTime {
    type Err = TimeError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}
