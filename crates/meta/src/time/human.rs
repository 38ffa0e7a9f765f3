//! Ages as tables show them: coarser the longer they are.

use super::{Duration, Time};

/// How old what was made at `time` is; `<unknown>` if there is no time.
pub fn age(now: Time, time: Option<Time>) -> String {
    match time.filter(|time| !time.is_zero()) {
        Some(time) => human_duration(now.since(time)),
        None => "<unknown>".to_owned(),
    }
}

/// With two units where the second still matters: `90s`, `5m30s`, `3h20m`, `5d`, `2y10d`. Up to two seconds below
/// zero are the inaccuracy of clocks.
pub fn human_duration(duration: Duration) -> String {
    let seconds = duration.secs();
    let (minutes, hours) = (seconds / 60, seconds / 3600);
    let (days, years) = (hours / 24, hours / 24 / 365);
    match () {
        () if seconds < -1 => "<invalid>".to_owned(),
        () if seconds < 0 => "0s".to_owned(),
        () if seconds < 120 => format!("{seconds}s"),
        () if minutes < 10 => two_units(minutes, "m", seconds % 60, "s"),
        () if minutes < 180 => format!("{minutes}m"),
        () if hours < 8 => two_units(hours, "h", minutes % 60, "m"),
        () if hours < 48 => format!("{hours}h"),
        () if hours < 192 => two_units(days, "d", hours % 24, "h"),
        () if years < 2 => format!("{days}d"),
        () if years < 8 => two_units(years, "y", days % 365, "d"),
        () => format!("{years}y"),
    }
}

fn two_units(first: i64, first_unit: &str, second: i64, second_unit: &str) -> String {
    if second == 0 {
        format!("{first}{first_unit}")
    } else {
        format!("{first}{first_unit}{second}{second_unit}")
    }
}

/// With one unit: `59s`, `3h`, `1y`.
pub fn short_human_duration(duration: Duration) -> String {
    let seconds = duration.secs();
    match seconds {
        ..-1 => "<invalid>".to_owned(),
        -1 => "0s".to_owned(),
        0..60 => format!("{seconds}s"),
        60..3_600 => format!("{}m", seconds / 60),
        3_600..86_400 => format!("{}h", seconds / 3_600),
        86_400..31_536_000 => format!("{}d", seconds / 86_400),
        _ => format!("{}y", seconds / 31_536_000),
    }
}
