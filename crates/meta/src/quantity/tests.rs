use proptest::prelude::*;

use super::*;

fn parse(text: &str) -> Quantity {
    Quantity::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[test]
fn prints_as_the_api_does() {
    for (text, printed) in [
        ("0", "0"),
        ("0.0", "0"),
        ("-0", "0"),
        ("00", "0"),
        ("+", "0"),
        (".", "0"),
        ("e3", "0"),
        ("0Ki", "0"),
        ("01", "01"),
        ("+1", "+1"),
        ("1.", "1."),
        ("1.500", "1.500"),
        (".5", "500m"),
        ("1.50", "1500m"),
        ("1000m", "1"),
        ("1000", "1k"),
        ("1000000", "1M"),
        ("1E", "1E"),
        ("9.2E", "9200P"),
        ("1E3", "1E3"),
        ("1e-3", "1e-3"),
        ("1000e0", "1e3"),
        ("1e19", "10e18"),
        ("1e400", "10e399"),
        ("12e6", "12e6"),
        ("1000Mi", "1000Mi"),
        ("1.0Gi", "1Gi"),
        ("1024", "1024"),
        ("1024Ki", "1Mi"),
        ("0.5Ki", "512"),
        ("1.23456789Ki", "1264197519360n"),
        ("7Ei", "7Ei"),
        ("8Ei", "9223372036854775807"),
        ("-8Ei", "-9223372036854775807"),
        ("16Ei", "9223372036854775807"),
        ("99999999999999999999999Ei", "9223372036854775807"),
        ("0.0000000001", "1n"),
        ("-0.0000000001", "-1n"),
        ("-.5m", "-500u"),
        ("1.0000000001", "1000000001n"),
        ("9223372036854775808", "9223372036854775808"),
        ("999999999999999999999", "999999999999999999999"),
        ("100000000000000000000m", "100P"),
        ("1000000000000000000000000", "1"),
        ("0.000000000000000000000000000000000000000001Ei", "1n"),
    ] {
        assert_eq!(parse(text).to_string(), printed, "{text}");
    }
}

#[test]
fn refuses_with_the_known_words() {
    use QuantityError::*;
    for (text, error) in [
        ("", Format),
        ("lots", Format),
        ("1Z", Format),
        ("0x10", Format),
        ("1,5", Format),
        ("1_000", Format),
        ("1kB", Format),
        ("1e3.5", Format),
        ("1.2.3", Format),
        ("NaN", Format),
        ("\u{661}", Format),
        ("1K", Suffix),
        ("1ki", Suffix),
        ("1e", Suffix),
        ("1m1", Suffix),
        ("--1", Suffix),
        ("1e99999999999999999999", Suffix),
        ("Ei", Numeric),
        ("-.Ei", Numeric),
    ] {
        assert_eq!(Quantity::parse(text), Err(error), "{text}");
    }
    assert_eq!(
        Format.to_string(),
        "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
    );
    assert_eq!(Suffix.to_string(), "unable to parse quantity's suffix");
}

#[test]
fn resource_lists_round_up_to_milli() {
    for (text, printed) in [
        ("1u", "1m"),
        ("1500u", "2m"),
        ("1000000n", "1m"),
        ("1.23456789Gi", "1325607178061m"),
        ("3.14159265358979323846", "3142m"),
        ("123456789.987654321", "123456789988m"),
        ("1e-10", "1e-3"),
        ("+1", "+1"),
        ("1.", "1."),
        ("-1u", "-1m"),
        ("1e400", "10e399"),
    ] {
        assert_eq!(parse(text).round_up_to_milli().to_string(), printed, "{text}");
    }
}

#[test]
fn bodies_may_pad_with_spaces() {
    assert_eq!(Quantity::decode(" 1 ").map(|quantity| quantity.to_string()).as_deref(), Ok("1"));
    assert_eq!(Quantity::decode("\t1"), Err(QuantityError::Format));
    assert_eq!(Quantity::decode(" "), Err(QuantityError::Format));
}

#[test]
fn values_round_away_from_zero_and_wrap_as_the_original() {
    for (text, value, milli) in [
        ("1500m", 2, 1500),
        ("-1500m", -2, -1500),
        ("1n", 1, 1),
        ("2Ki", 2048, 2_048_000),
        ("1e18", 1_000_000_000_000_000_000, 0),
        ("1e30", 0, 0),
        ("9223372036854775807", i64::MAX, -1000),
        ("9223372036854775808", i64::MIN, 0),
        ("18446744073709551616", 0, 0),
    ] {
        let quantity = parse(text);
        assert_eq!((quantity.value(), quantity.milli_value()), (value, milli), "{text}");
    }
    assert_eq!(parse("123456789012345678901234567890").value(), -4362896299872285998);
    assert_eq!(parse("1k").as_i64(), Some(1000));
    assert_eq!(parse("1000m").as_i64(), None);
    assert_eq!(parse("8Ei").as_i64(), None);
    assert_eq!(parse("1.5").as_f64(), 1.5);
}

#[test]
fn sums_keep_the_first_format() {
    for (left, right, sum, difference) in [
        ("1", "500m", "1500m", "500m"),
        ("1Gi", "1Mi", "1025Mi", "1023Mi"),
        ("0", "1Ki", "1Ki", "-1Ki"),
        ("1Ki", "1", "1025", "1023"),
        ("1e3", "1", "1001", "999"),
        ("9223372036854775807", "1", "9223372036854775808", "9223372036854775806"),
    ] {
        let (left, right) = (parse(left), parse(right));
        assert_eq!(left.add(&right).to_string(), sum);
        assert_eq!(left.sub(&right).to_string(), difference);
    }
    assert!(parse("1e60").add(&parse("1n")) > parse("1e60"), "what is lost is rounded up");
}

#[test]
fn compares_across_scales() {
    let ascending =
        ["-1E", "-1", "-1m", "0", "1n", "1m", "1", "1k", "1Ki", "1E", "1Ei", "1e30", "1e2147483647"];
    for pair in ascending.windows(2) {
        assert!(parse(pair[0]) < parse(pair[1]), "{pair:?}");
    }
    assert_eq!(parse("1000m"), parse("1"));
    assert_eq!(parse("1024"), parse("1Ki"));
}

fn number() -> impl Strategy<Value = Quantity> {
    let suffix = prop::sample::select(vec![
        "", "n", "u", "m", "k", "M", "G", "T", "P", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei", "e3", "E-3",
    ]);
    (-9_999_999_999_i64..9_999_999_999, prop::option::of(0_u32..99999), suffix).prop_map(
        |(integer, fraction, suffix)| match fraction {
            Some(fraction) => parse(&format!("{integer}.{fraction}{suffix}")),
            None => parse(&format!("{integer}{suffix}")),
        },
    )
}

proptest! {
    #[test]
    fn reads_back_what_it_prints(quantity in number()) {
        prop_assert_eq!(&parse(&quantity.to_string()), &quantity);
        prop_assert_eq!(&parse(&quantity.canonical()), &quantity);
        prop_assert_eq!(parse(&quantity.canonical()).canonical(), quantity.canonical());
    }

    #[test]
    fn keeps_order(left in number(), right in number()) {
        let (near, far) = (left.as_f64(), right.as_f64());
        if (near - far).abs() > near.abs().max(far.abs()) * 1e-9 {
            prop_assert_eq!(left.cmp(&right), near.total_cmp(&far));
        }
        prop_assert_eq!(left.cmp(&right), right.cmp(&left).reverse());
    }

    #[test]
    fn differences_undo_sums(left in number(), right in number()) {
        prop_assert_eq!(left.add(&right).sub(&right), left.clone());
        prop_assert_eq!(left.add(&right), right.add(&left));
    }

    #[test]
    fn no_text_panics(text in "[-+]?[0-9.]{0,60}[eEinumkKMGTP]{0,3}[-+]?[0-9]{0,12}") {
        if let Ok(quantity) = Quantity::parse(&text) {
            let _ = (quantity.to_string(), quantity.value(), quantity.milli_value(), quantity.as_i64());
            let _ = (quantity.add(&quantity), quantity.sub(&parse("1n")), quantity.round_up_to_milli());
        }
    }
}
