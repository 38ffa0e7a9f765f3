use object::json;
use proptest::prelude::*;

use super::*;

fn written(document: &Document, slot: Slot) -> String {
    let mut out = Vec::new();
    document.write(slot, &mut out);
    String::from_utf8_lossy(&out).into_owned()
}

#[test]
fn what_was_not_looked_at_keeps_its_form() {
    for (text, raw) in [
        (" { \"b\" : [ 1.0 , 1e1 ] , \"a\" : \"<\\n \" } ", r#"{"b":[1.0,1e1],"a":"\u003c\n "}"#),
        (r#"{"b":1,"b":2}"#, r#"{"b":1,"b":2}"#),
        ("\"a\\\"<\u{2028}\u{2029}€ &\"", r#""a\"\u003c\u2028\u2029€ \u0026""#),
        ("\n null ", "null"),
        ("[]", "[]"),
    ] {
        let mut document = Document::default();
        let slot = document.load(text.as_bytes());
        assert_eq!(written(&document, slot), raw);
    }
}

#[test]
fn what_was_looked_at_is_sorted() {
    let mut document = Document::default();
    let root =
        document.load(br#"{"b":{"z":1,"y":2},"a":[{"d":1,"c":2},null],"b":{"x":1, "w":0},"\u0061b":{}}"#);
    let root = root.expect("an object");
    assert_eq!(document.open(root), Kind::Object);
    assert_eq!(written(&document, Some(root)), r#"{"a":[{"d":1,"c":2},null],"ab":{},"b":{"x":1,"w":0}}"#);
    let list = document.object(root).and_then(|members| members["a"]).expect("a list");
    let first = document.array(list).and_then(|elements| elements[0]).expect("an object");
    assert_eq!(document.object(first).map(|members| members.len()), Some(2));
    assert_eq!(written(&document, Some(list)), r#"[{"c":2,"d":1},null]"#);
    assert!(document.object(list).is_none());
}

#[test]
fn values_compare_as_they_are_written() {
    for (a, b, same) in [
        (r#"{"a":1,"b":[{}]}"#, r#"{"b":[{ }],"a":1}"#, true),
        ("null", "null", true),
        ("[null]", "[null]", true),
        ("null", "0", false),
        ("1", "1.0", false),
        ("\"a\"", r#""\u0061""#, false),
        ("[1,2]", "[2,1]", false),
        ("[1]", "[1,1]", false),
        (r#"{"a":null}"#, "{}", false),
        (r#"{"a":null}"#, r#"{"b":null}"#, false),
        ("{}", "[]", false),
        ("\"{}\"", "{}", false),
    ] {
        let mut document = Document::default();
        let (a_slot, b_slot) = (document.load(a.as_bytes()), document.load(b.as_bytes()));
        assert_eq!(document.equal(a_slot, b_slot), same, "{a} {b}");
        assert_eq!(document.equal(b_slot, a_slot), same, "{b} {a}");
    }
}

#[test]
fn depth_is_no_danger() {
    let depth = 9_000;
    let text = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    let mut document = Document::default();
    let (a, b) = (document.load(text.as_bytes()), document.load(text.as_bytes()));
    assert!(document.equal(a, b));
    assert_eq!(written(&document, a), text);
}

proptest! {
    #[test]
    fn opening_everything_changes_no_value(text in json_text()) {
        let mut document = Document::default();
        let (slot, twin) = (document.load(text.as_bytes()), document.load(text.as_bytes()));
        let value = json::parse(text.as_bytes()).expect("JSON");
        prop_assert_eq!(json::parse(written(&document, slot).as_bytes()).ok(), Some(value.clone()));
        prop_assert!(document.equal(slot, twin));
        prop_assert_eq!(written(&document, slot), json::to_string(&value));
    }
}

/// JSON as [`json::to_string`] writes it.
fn json_text() -> impl Strategy<Value = String> {
    crate::testing::value().prop_map(|value| json::to_string(&value))
}
