use proptest::prelude::*;

use super::*;

#[test]
fn times_read_and_print() {
    for (text, printed) in [
        ("1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z"),
        ("2024-02-29T23:59:59Z", "2024-02-29T23:59:59Z"),
        ("2020-01-01T00:00:00.999Z", "2020-01-01T00:00:00Z"),
        ("2020-01-01T00:00:00,5Z", "2020-01-01T00:00:00Z"),
        ("2020-01-01T01:00:00.5+01:00", "2020-01-01T00:00:00Z"),
        ("2020-01-01T00:00:00-24:60", "2020-01-02T01:00:00Z"),
        ("2020-01-01T5:00:00Z", "2020-01-01T05:00:00Z"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
        ("0000-01-01T00:00:00+00:01", "-0001-12-31T23:59:00Z"),
        ("9999-12-31T23:59:59-00:01", "10000-01-01T00:00:59Z"),
    ] {
        assert_eq!(Time::parse(text).map(|time| time.to_string()).as_deref(), Ok(printed), "{text}");
    }
    assert!(Time::parse("0001-01-01T00:00:00Z").unwrap().is_zero());
    let micro = MicroTime::parse("2020-01-01T01:00:00.123456+01:00").unwrap();
    assert_eq!(micro.to_string(), "2020-01-01T00:00:00.123456Z");
    assert_eq!(Time::from(micro).to_string(), "2020-01-01T00:00:00Z");
    assert_eq!(MicroTime::from_unix_micros(-1).to_string(), "1969-12-31T23:59:59.999999Z");
}

#[test]
fn bad_times_name_the_element() {
    for (text, error) in [
        ("", "cannot parse \"\" as \"2006\""),
        ("x", "cannot parse \"x\" as \"2006\""),
        ("-2020-01-01T00:00:00Z", "cannot parse \"-2020-01-01T00:00:00Z\" as \"2006\""),
        ("2020", "cannot parse \"\" as \"-\""),
        ("2020-1-01", "cannot parse \"1-01\" as \"01\""),
        ("2020-01-01", "cannot parse \"\" as \"T\""),
        ("2020-01-01 00:00:00Z", "cannot parse \" 00:00:00Z\" as \"T\""),
        ("2020-01-01T00:00:00", "cannot parse \"\" as \"Z07:00\""),
        ("2020-01-01T00:00:00.Z", "cannot parse \".Z\" as \"Z07:00\""),
        ("2020-01-01T00:00:00+0100", "cannot parse \"+0100\" as \"Z07:00\""),
        ("20é0", "cannot parse \"20\\xc3\\xa90\" as \"2006\""),
    ] {
        let quoted = text.replace('é', "\\xc3\\xa9");
        let message = format!("parsing time \"{quoted}\" as \"2006-01-02T15:04:05Z07:00\": {error}");
        assert_eq!(Time::parse(text).unwrap_err().to_string(), message);
    }
    for (text, error) in [
        ("2020-01-01T00:00:00Zé", "extra text: \"\\xc3\\xa9\""),
        ("2020-13-01T00:00:00Z", "month out of range"),
        ("2020-00-01T00:00:00Z", "month out of range"),
        ("2023-02-29T00:00:00Z", "day out of range"),
        ("2020-01-00T00:00:00Z", "day out of range"),
        ("2020-01-01T24:00:00Z", "hour out of range"),
        ("2020-01-01T00:60:00Z", "minute out of range"),
        ("2020-01-01T00:00:60Z", "second out of range"),
        ("2020-01-01T00:00:00+25:00", "time zone offset hour out of range"),
    ] {
        let quoted = text.replace('é', "\\xc3\\xa9");
        let message = format!("parsing time \"{quoted}\": {error}");
        assert_eq!(Time::parse(text).unwrap_err().to_string(), message);
    }
    for (fraction, error) in [
        ("Z", "cannot parse \"Z\" as \".000000\""),
        (".1Z", "cannot parse \".1Z\" as \".000000\""),
        (".5+01:00", "cannot parse \".5+01:00\" as \".000000\""),
        (".123456789Z", "cannot parse \"789Z\" as \"Z07:00\""),
    ] {
        let text = format!("2020-01-01T00:00:00{fraction}");
        let message = format!("parsing time \"{text}\" as \"2006-01-02T15:04:05.000000Z07:00\": {error}");
        assert_eq!(MicroTime::parse(&text).unwrap_err().to_string(), message);
    }
}

#[test]
fn durations_read_and_print() {
    for (text, nanos, printed) in [
        ("0", 0, "0s"),
        ("-0", 0, "0s"),
        ("1h", 3_600_000_000_000, "1h0m0s"),
        ("90s", 90_000_000_000, "1m30s"),
        ("1.5h", 5_400_000_000_000, "1h30m0s"),
        ("+.5s", 500_000_000, "500ms"),
        ("1us", 1_000, "1\u{b5}s"),
        ("1.5\u{3bc}s", 1_500, "1.5\u{b5}s"),
        ("1h1ns", 3_600_000_000_001, "1h0m0.000000001s"),
        ("-1m0.5s", -60_500_000_000, "-1m0.5s"),
        ("0s", 0, "0s"),
        ("9223372036854775807ns", i64::MAX, "2562047h47m16.854775807s"),
        ("-9223372036854775808ns", i64::MIN, "-2562047h47m16.854775808s"),
        ("0.9223372036854775808h", 3_320_413_933_267, "55m20.413933267s"),
    ] {
        let duration = Duration::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!((duration.nanos(), duration.to_string().as_str()), (nanos, printed), "{text}");
    }
    for (text, error) in [
        ("", "time: invalid duration \"\""),
        ("-", "time: invalid duration \"-\""),
        ("x", "time: invalid duration \"x\""),
        (".s", "time: invalid duration \".s\""),
        ("5", "time: missing unit in duration \"5\""),
        ("1h5", "time: missing unit in duration \"1h5\""),
        ("1x", "time: unknown unit \"x\" in duration \"1x\""),
        ("1d", "time: unknown unit \"d\" in duration \"1d\""),
        ("9223372036854775808ns", "time: invalid duration \"9223372036854775808ns\""),
        ("99999999999999999999s", "time: invalid duration \"99999999999999999999s\""),
        ("3000000h", "time: invalid duration \"3000000h\""),
    ] {
        assert_eq!(Duration::parse(text).unwrap_err().to_string(), error);
    }
}

#[test]
fn ages_are_coarser_the_longer_they_are() {
    const HOUR: i64 = 3600;
    const DAY: i64 = 24 * HOUR;
    for (seconds, long, short) in [
        (-3600, "<invalid>", "<invalid>"),
        (-2, "<invalid>", "<invalid>"),
        (-1, "0s", "0s"),
        (0, "0s", "0s"),
        (119, "119s", "1m"),
        (120, "2m", "2m"),
        (599, "9m59s", "9m"),
        (600, "10m", "10m"),
        (3 * HOUR - 1, "179m", "2h"),
        (3 * HOUR + 1200, "3h20m", "3h"),
        (8 * HOUR - 1, "7h59m", "7h"),
        (47 * HOUR, "47h", "1d"),
        (2 * DAY, "2d", "2d"),
        (8 * DAY - 1, "7d23h", "7d"),
        (8 * DAY, "8d", "8d"),
        (730 * DAY - 1, "729d", "1y"),
        (730 * DAY, "2y", "2y"),
        (740 * DAY, "2y10d", "2y"),
        (2920 * DAY, "8y", "8y"),
    ] {
        assert_eq!(human_duration(Duration::from_secs(seconds)), long);
        assert_eq!(short_human_duration(Duration::from_secs(seconds)), short);
    }
    let now = Time::from_unix(1_000_000_000);
    assert_eq!(age(now, Some(Time::from_unix(999_999_990))), "10s");
    assert_eq!(age(now, None), "<unknown>");
    assert_eq!(age(now, Some(Time::ZERO)), "<unknown>");
}

#[test]
fn a_manual_clock_stands_still() {
    let clock = ManualClock::new(Time::from_unix(5));
    clock.advance(Duration::parse("1.5s").unwrap());
    assert_eq!((clock.now().unix(), clock.now_micro().unix_micros()), (6, 6_500_000));
    clock.set(Time::ZERO);
    assert!(clock.now().is_zero());
    assert!(SystemClock.now() > Time::from_unix(1_700_000_000));
}

proptest! {
    #[test]
    fn times_read_back(seconds in -62_167_219_200_i64..253_402_300_800, micros in 0..1_000_000_i64) {
        let time = Time::from_unix(seconds);
        prop_assert_eq!(Time::parse(&time.to_string()), Ok(time));
        let micro = MicroTime::from_unix_micros(seconds * 1_000_000 + micros);
        prop_assert_eq!(MicroTime::parse(&micro.to_string()), Ok(micro));
    }

    #[test]
    fn durations_read_back(nanos: i64) {
        let duration = Duration::from_nanos(nanos);
        let short = Duration::from_nanos(nanos >> 40);
        prop_assert_eq!(Duration::parse(&short.to_string()), Ok(short));
        // Fractions pass through floating point, exactly for what is printed.
        prop_assert_eq!(Duration::parse(&duration.to_string()), Ok(duration));
    }

    #[test]
    fn days_follow_each_other(day in -1_000_000_i64..1_000_000) {
        let today = Calendar::of(day * 86_400);
        let tomorrow = Calendar::of((day + 1) * 86_400);
        prop_assert_eq!(today.unix(), day * 86_400);
        let last = calendar::days_in(today.year, today.month);
        let expected = match (today.month, today.day == last) {
            (_, false) => (today.year, today.month, today.day + 1),
            (12, true) => (today.year + 1, 1, 1),
            (month, true) => (today.year, month + 1, 1),
        };
        prop_assert_eq!((tomorrow.year, tomorrow.month, tomorrow.day), expected);
    }

    #[test]
    fn no_text_panics(text in "[-+0-9:TZ.,éhmsµ]{0,40}", extreme: i64) {
        let _ = (Time::parse(&text), MicroTime::parse(&text), Duration::parse(&text));
        let _ = (Time::from_unix(extreme).to_string(), MicroTime::from_unix_micros(extreme).to_string());
        let _ = (Time::from_unix(extreme).since(Time::ZERO), human_duration(Duration::from_nanos(extreme)));
    }
}
