//! Times and durations: what is read prints, and reads back the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use meta::{Duration, MicroTime, Time};

fuzz_target!(|text: &str| {
    if let Ok(time) = Time::parse(text) {
        let printed = time.to_string();
        // Zones can lead out of the years of four digits.
        assert!(printed.len() != 20 || printed.starts_with('-') || Time::parse(&printed) == Ok(time));
    }
    if let Ok(time) = MicroTime::parse(text) {
        let printed = time.to_string();
        assert!(printed.len() != 27 || printed.starts_with('-') || MicroTime::parse(&printed) == Ok(time));
    }
    if let Ok(duration) = Duration::parse(text) {
        assert_eq!(Duration::parse(&duration.to_string()), Ok(duration));
        let _ = meta::time::human_duration(duration);
    }
});
