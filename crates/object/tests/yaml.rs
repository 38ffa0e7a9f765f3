//! What the YAML codec reads and writes, in tables and properties.

mod common;

use object::{Value, json, yaml};
use proptest::prelude::*;

fn as_json(text: &str) -> Result<String, String> {
    yaml::parse(text.as_bytes()).map(|value| json::to_string(&value)).map_err(|error| error.message)
}

#[test]
fn documents_read_as_go_yaml_reads_them() {
    for (text, tree) in [
        ("\u{f000}: 1", "{\"\u{f000}\":1}"),
        ("\u{feff}a: 1", "{\"a\":1}"),
        ("", "null"),
        ("# only a comment\n", "null"),
        ("--- # nothing\n", "null"),
        ("just text", r#""just text""#),
        ("a: 1\nb: [x, 2.50, yes, ~]\n", r#"{"a":1,"b":["x",2.5,true,null]}"#),
        ("a: {b: '1', c: \"\\u00e9\"}\n", r#"{"a":{"b":"1","c":"é"}}"#),
        ("a: |\n  x\n  y\nb: >-\n  x\n  y\n", r#"{"a":"x\ny\n","b":"x y"}"#),
        ("a: 1\n---\nb: 2\n", r#"{"a":1}"#),
        ("%YAML 1.1\n---\na: 1e3\n", r#"{"a":1000}"#),
        ("a: 2001-01-01\nb: 0o17\nc: 017\nd: 1_000\n", r#"{"a":"2001-01-01","b":15,"c":15,"d":1000}"#),
        ("on: off\n1: a\n1.5: b\n", r#"{"1":"a","1.5":"b","true":false}"#),
        ("a: !!str 5\nb: !!binary aGk=\nc: !mine 5\n", r#"{"a":"5","b":"hi","c":"5"}"#),
        ("a: &x {k: v}\nb: *x\nc: [*x, *x]\n", r#"{"a":{"k":"v"},"b":{"k":"v"},"c":[{"k":"v"},{"k":"v"}]}"#),
        (
            "a: &a {x: 1, w: 1}\nb: &b {x: 2, z: 2}\nc: {<<: *b, w: 3}\nd:\n  <<: [*a, *b]\n",
            r#"{"a":{"w":1,"x":1},"b":{"x":2,"z":2},"c":{"w":3,"x":2,"z":2},"d":{"w":1,"x":1,"z":2}}"#,
        ),
        (
            "{\"a\": [1.0, 1E2, -0, 18446744073709551615], \"b\": \"\\/\"}",
            r#"{"a":[1,100,0,18446744073709552000],"b":"/"}"#,
        ),
    ] {
        assert_eq!(as_json(text).as_deref(), Ok(tree), "{text}");
    }
}

#[test]
fn errors_have_go_yaml_s_words() {
    for (text, message) in [
        ("a: b: c", "yaml: mapping values are not allowed in this context"),
        ("[", "yaml: line 1: did not find expected node content"),
        ("spec: [", "yaml: line 1: did not find expected node content"),
        ("\t", "yaml: found character that cannot start any token"),
        ("a:\n\tb: 1\n", "yaml: line 2: found character that cannot start any token"),
        ("a:\n  b: 1\n\tc: 1\n", "yaml: line 3: found a tab character that violates indentation"),
        ("a: *x", "yaml: unknown anchor 'x' referenced"),
        ("a: &a [*a]", "yaml: anchor 'a' value contains itself"),
        ("? [x]\n: y", r#"yaml: invalid map key: []interface {}{"x"}"#),
        ("{{a: 1}: 2}", r#"yaml: invalid map key: map[interface {}]interface {}{"a":1}"#),
        ("a: !!int x", "yaml: cannot decode !!str `x` as a !!int"),
        ("a: !!binary =", "yaml: !!binary value contains invalid base64 data"),
        ("<<: 1", "yaml: map merge requires map or sequence of maps as the value"),
        ("a: .inf", "json: unsupported value: +Inf"),
        ("[!a,b]", "yaml: did not find expected whitespace or line break"),
        ("a: \u{1}", "yaml: control characters are not allowed"),
    ] {
        assert_eq!(as_json(text), Err(message.to_owned()), "{text:?}");
    }
}

#[test]
fn duplicate_keys_are_noticed_with_the_line_of_their_value() {
    let text = "a: 1\nb: {x: 1, x: 2, x: 3}\na:\n  c: 1\n1: x\n1: z\n";
    let (value, notices) = yaml::parse_with_notices(text.as_bytes()).unwrap();
    assert_eq!(json::to_string(&value), r#"{"1":"z","a":{"c":1},"b":{"x":3}}"#);
    assert_eq!(
        notices.warnings(),
        [
            r#"line 2: key "x" already set in map"#,
            r#"line 2: key "x" already set in map"#,
            r#"line 4: key "a" already set in map"#,
            "line 6: key 1 already set in map",
        ]
    );
    let strict = notices.strict_errors();
    assert_eq!(strict.len(), 1);
    assert!(
        strict[0].starts_with("yaml: unmarshal errors:\n  line 2: key \"x\" already set in map\n  line 2")
    );
    let (_, notices) = yaml::parse_with_notices(br#"{"a":1,"a":2}"#).unwrap();
    assert_eq!(notices.warnings(), [r#"line 1: key "a" already set in map"#]);
}

#[test]
fn bombs_and_depths_stop() {
    let mut laughs = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n".to_owned();
    for level in 1..9 {
        let items = vec![format!("*a{}", level - 1); 9].join(",");
        laughs.push_str(&format!("a{level}: &a{level} [{items}]\n"));
    }
    assert_eq!(as_json(&laughs), Err("yaml: document contains excessive aliasing".to_owned()));
    let long = format!("a: &a {}\nb: [{}]", "x".repeat(1 << 20), vec!["*a"; 40].join(","));
    assert_eq!(as_json(&long), Err("yaml: document contains excessive aliasing".to_owned()));
    assert_eq!(as_json(&"[".repeat(20_000)), Err("yaml: exceeded max depth of 10000".to_owned()));
}

#[test]
fn texts_are_written_as_go_yaml_writes_them() {
    let word = "word ".repeat(40);
    for (text, written) in [
        ("plain", "plain"),
        ("it's", "it's"),
        ("", "\"\""),
        ("yes", "\"yes\""),
        ("~", "\"~\""),
        ("5", "\"5\""),
        ("1e3", "\"1e3\""),
        ("1:20", "\"1:20\""),
        ("2020-01-01", "\"2020-01-01\""),
        ("<<", "\"<<\""),
        ("=", "="),
        ("a: b", "'a: b'"),
        ("a:b", "a:b"),
        ("a:", "'a:'"),
        ("- x", "'- x'"),
        ("-x", "-x"),
        ("#x", "'#x'"),
        ("x #", "'x #'"),
        ("!x", "'!x'"),
        ("'x", "'''x'"),
        (" x ", "' x '"),
        ("---", "'---'"),
        ("\tx", "\"\\tx\""),
        ("a\r\nb", "\"a\\r\\nb\""),
        ("é😀", "\"é\\U0001F600\""),
        ("\u{1}\u{7f}\u{85}", "\"\\x01\\x7F\\N\""),
        ("a\nb\n", "|\n    a\n    b"),
        ("a\nb", "|-\n    a\n    b"),
        ("a\n\n", "|+\n    a\n"),
        ("\na", "|2-\n\n    a"),
        ("a \n", "\"a \\n\""),
        (
            word.as_str(),
            "'word word word word word word word word word word word word word word word\n    word word word word word word word word word word word word word word word word\n    word word word word word word word word word '",
        ),
    ] {
        let mut value = Value::object();
        value.object_at("data").insert("long", text);
        let expected = format!("data:\n  long: {written}\n");
        assert_eq!(yaml::to_string(&value), expected, "{text:?}");
    }
}

#[test]
fn trees_are_written_as_go_yaml_writes_them() {
    let long = "k".repeat(129);
    for (tree, written) in [
        ("{}", "{}\n"),
        ("[]", "[]\n"),
        ("null", "null\n"),
        (
            r#"{"a":[],"b":{},"c":null,"d":1.5,"e":1e21,"f":2000000.5}"#,
            "a: []\nb: {}\nc: null\nd: 1.5\ne: 1e+21\nf: 2.0000005e+06\n",
        ),
        (
            r#"{"a":[{"b":1,"c":[2,[3,4],{"d":{}}]}]}"#,
            "a:\n- b: 1\n  c:\n  - 2\n  - - 3\n    - 4\n  - d: {}\n",
        ),
        (r#"[["a"],{"b":["c"]}]"#, "- - a\n- b:\n  - c\n"),
        (
            r#"{"yes":"yes","null":"null","a b":1,"":2,".":{}}"#,
            "\"\": 2\n.: {}\na b: 1\n\"null\": \"null\"\n\"yes\": \"yes\"\n",
        ),
        (
            r#"{"a10":1,"a2":1,"A":1,"f:a":{},".":{},"k:{\"n\":1}":2}"#,
            ".: {}\nA: 1\na2: 1\na10: 1\nf:a: {}\nk:{\"n\":1}: 2\n",
        ),
        (&format!(r#"{{"{long}":[1],"b":1}}"#), &format!("b: 1\n? {long}\n: - 1\n")),
    ] {
        let value = json::parse(tree.as_bytes()).unwrap();
        assert_eq!(yaml::to_string(&value), written, "{tree}");
    }
}

proptest! {
    #[test]
    fn what_is_written_reads_back(value in common::values()) {
        let text = yaml::to_string(&value);
        let read = yaml::parse(text.as_bytes());
        prop_assert_eq!(read.as_ref(), Ok(&value), "{}", text);
    }

    #[test]
    fn json_is_yaml(value in common::values()) {
        let text = json::to_string(&value);
        // What breaks lines in YAML is folded in its quoted texts.
        prop_assume!(!text.contains(['\u{85}', '\u{2028}', '\u{2029}', '\u{feff}']));
        if let Ok(read) = yaml::parse(text.as_bytes()) {
            prop_assert_eq!(read, value);
        }
    }

    #[test]
    fn almost_yaml_is_answered(text in "[\\[\\]{}:,\"'\n\t !&*|>a-c0-2.e<#%?\\-]{0,60}") {
        if let Ok(value) = yaml::parse(text.as_bytes()) {
            prop_assert_eq!(yaml::parse(yaml::to_string(&value).as_bytes()), Ok(value));
        }
    }
}
