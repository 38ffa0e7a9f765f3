//! The Gregorian calendar, proleptic: days since 1970 to dates and back.

use std::fmt;

const DAY: i64 = 86_400;
/// Days of a 400-year cycle.
const CYCLE: i64 = 146_097;
/// Days from 0000-03-01, where the count of cycles begins, to 1970-01-01.
const EPOCH: i64 = 719_468;

/// A date and time of day in UTC; prints as RFC 3339 without zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Calendar {
    pub(super) year: i64,
    pub(super) month: u32,
    pub(super) day: u32,
    pub(super) second_of_day: u32,
}

impl Calendar {
    /// Of seconds since 1970.
    pub(super) fn of(seconds: i64) -> Self {
        // Years begin in March here, so that the leap day is the last.
        let days = seconds.div_euclid(DAY) + EPOCH;
        let day_of_cycle = days.rem_euclid(CYCLE);
        let year_of_cycle =
            (day_of_cycle - day_of_cycle / 1460 + day_of_cycle / 36_524 - day_of_cycle / 146_096) / 365;
        let day_of_year = day_of_cycle - (365 * year_of_cycle + year_of_cycle / 4 - year_of_cycle / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
        Calendar {
            year: year_of_cycle + days.div_euclid(CYCLE) * 400 + i64::from(month <= 2),
            month: month as u32,
            day: (day_of_year - (153 * shifted_month + 2) / 5 + 1) as u32,
            second_of_day: seconds.rem_euclid(DAY) as u32,
        }
    }

    /// Seconds since 1970.
    pub(super) fn unix(self) -> i64 {
        let year = self.year - i64::from(self.month <= 2);
        let year_of_cycle = year.rem_euclid(400);
        let shifted_month = i64::from((self.month + 9) % 12);
        let day_of_year = (153 * shifted_month + 2) / 5 + i64::from(self.day) - 1;
        let day_of_cycle = year_of_cycle * 365 + year_of_cycle / 4 - year_of_cycle / 100 + day_of_year;
        let days = year.div_euclid(400) * CYCLE + day_of_cycle - EPOCH;
        days * DAY + i64::from(self.second_of_day)
    }
}

/// How many days the month (1 to 12) has.
pub(super) fn days_in(year: i64, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

impl fmt::Display for Calendar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (minutes, second) = (self.second_of_day / 60, self.second_of_day % 60);
        let (hour, minute) = (minutes / 60, minutes % 60);
        let Calendar { year, month, day, .. } = self;
        let sign = if *year < 0 { "-" } else { "" };
        write!(f, "{sign}{:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}", year.unsigned_abs())
    }
}
