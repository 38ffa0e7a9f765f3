//! Properties of the JSON codec.

mod common;

use object::{Value, json, scan};
use proptest::prelude::*;

proptest! {
    #[test]
    fn what_is_written_reads_back(value in common::values()) {
        let bytes = json::to_vec(&value);
        prop_assert_eq!(json::parse(&bytes).unwrap(), value.clone());
        prop_assert_eq!(json::parse(&json::indent(&bytes)).unwrap(), value);
    }

    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = json::parse_with_notices(&bytes);
        let _ = json::indent(&bytes);
        let _ = scan::find(&bytes, &["a", "b"]);
        let _ = json::locate(&bytes, ["a"]);
    }

    #[test]
    fn almost_json_is_answered(text in "[\\[\\]{}:,\"\\\\untrfalse0-9.e+ \\-a\u{e9}]{0,40}") {
        match json::parse_with_notices(text.as_bytes()) {
            Ok((value, _)) => {
                let bytes = json::to_vec(&value);
                prop_assert_eq!(json::to_vec(&json::parse(&bytes).unwrap()), bytes);
            }
            Err(error) => prop_assert!(!error.message.contains("number  into"), "a syntax error without a message"),
        }
    }

    #[test]
    fn scanning_finds_what_parsing_finds(value in common::values(), key in common::keys()) {
        let bytes = json::to_vec(&value);
        let found = scan::find(&bytes, &[&key]).map(|bytes| json::parse(bytes).unwrap());
        prop_assert_eq!(found.as_ref(), value.get(&key));
        let [found] = scan::find_all(&bytes, [&[key.as_str()]]);
        let found = found.map(|bytes| json::parse(bytes).unwrap());
        prop_assert_eq!(found.as_ref(), value.get(&key));
        prop_assert_eq!(scan::skip(&bytes, 0), bytes.len());
    }
}

#[test]
fn a_cut_document_is_an_error_at_every_place() {
    let text = r#"{"a":[1,-2.5e3,true,null,"x\u00e9\n"],"b":{"c":{}}}"#;
    for end in 0..text.len() {
        let error = json::parse(&text.as_bytes()[..end]).unwrap_err();
        assert_eq!(error.message, "unexpected end of JSON input", "{}", &text[..end]);
    }
}

#[test]
fn invalid_unicode_is_replaced() {
    let (value, _) = json::parse_with_notices(b"{\"k\xff\":\"a\xc3(\\ud800\"}").unwrap();
    assert_eq!(json::to_string(&value), "{\"k\u{fffd}\":\"a\u{fffd}(\u{fffd}\"}");
}

#[test]
fn numbers_beyond_a_float_are_refused() {
    let error = json::parse(b"[1e400]").unwrap_err();
    assert_eq!(error.message, "json: cannot unmarshal number 1e400 into Go value of type float64");
    let error = json::parse(b"[1e400}").unwrap_err();
    assert_eq!(error.message, "invalid character '}' after array element");
}

#[test]
fn the_deepest_documents_pass() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let inner = if open == "[" { "" } else { "1" };
        let text = format!("{}{inner}{}", open.repeat(json::MAX_DEPTH), close.repeat(json::MAX_DEPTH));
        let value: Value = json::parse(text.as_bytes()).unwrap();
        assert_eq!(json::to_string(&value), text);
        let deeper = format!("[{text}]");
        assert_eq!(json::parse(deeper.as_bytes()).unwrap_err().message, "exceeded max depth");
    }
}
