//! Trees to test codecs with.

use object::{Text, Value};
use proptest::prelude::*;

/// Keys, some of which mean something to YAML.
pub fn keys() -> impl Strategy<Value = String> {
    prop_oneof![3 => "[a-c]{1,2}", 1 => texts()]
}

/// Texts of all sorts.
pub fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z][a-zA-Z0-9./-]{0,30}",
        "[ -~]{0,20}",
        "([a-z:#'\"\\-?&*!|>%@` ]{0,12}\n){1,3}",
        "([a-z]{1,9} ){5,40}[a-z]",
        ".{0,12}",
        prop::sample::select(vec![
            "",
            "y",
            "No",
            "on",
            "null",
            "~",
            "1",
            "0x1f",
            "0o7",
            "07",
            "1e3",
            ".5",
            "-.inf",
            ".NaN",
            "1_000",
            "<<",
            "=",
            "2020-01-02",
            "2020-01-02T03:04:05Z",
            "1:20",
            "- a",
            "a: b",
            "#",
            "a #b",
            " a",
            "a ",
            "---",
            "...",
            "\u{feff}",
            "\u{85}",
            "\t",
            "\u{1}",
            "\u{2028}x",
            "0b1",
            "-",
            "?",
            ":",
            "{}",
            "[]",
            "!!str",
            "0.10",
        ])
        .prop_map(str::to_owned),
    ]
}

/// Trees as parsers make them: floats are never integers that fit 64 bits.
pub fn values() -> impl Strategy<Value = Value> {
    let float = any::<f64>().prop_filter("no integer", |number| number.is_finite() && number.fract() != 0.0);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::Int),
        (-10_i64..10).prop_map(Value::Int),
        float.prop_map(Value::Float),
        texts().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::Array),
            prop::collection::vec((keys().prop_map(Text::from), inner), 0..6)
                .prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}
