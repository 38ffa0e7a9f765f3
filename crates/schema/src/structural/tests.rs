//! Structural schemas against the answers of the original.

use std::sync::Arc;

use object::{Value, json};
use proptest::prelude::*;

use super::{Pattern, Structural, formats, schema_of};
use crate::{Additional, Scalar, Shape, builtin, decode, encode, splice_resource_version};

fn tree(text: &str) -> Value {
    json::parse(text.as_bytes()).expect("JSON")
}

fn compile(schema: &str) -> Structural {
    let patterns = |pattern: &str| -> Option<Pattern> {
        let regex = regex::Regex::new(pattern).ok()?;
        Some(Arc::new(move |text: &str| regex.is_match(text)))
    };
    Structural::compile(&tree(schema), &patterns)
}

fn messages(schema: &str, value: &str, old: Option<&str>) -> String {
    let old = old.map(tree);
    let errors = compile(schema).validate(&tree(value), old.as_ref(), "");
    errors.iter().map(|error| error.message()).collect::<Vec<_>>().join("; ")
}

/// (schema of `x`, value of `x`, what is said)
const CHECKS: &[(&str, &str, &str)] = &[
    (r#"{"type":"integer"}"#, "1", ""),
    (r#"{"type":"integer"}"#, "1.0", ""),
    (r#"{"type":"number"}"#, "1", ""),
    (
        r#"{"type":"integer"}"#,
        "1.5",
        r#"x: Invalid value: "number": x in body must be of type integer: "number""#,
    ),
    (r#"{"type":"string"}"#, "null", r#"x: Invalid value: "null": x in body must be of type string: "null""#),
    (r#"{"type":"string","nullable":true}"#, "null", ""),
    (
        r#"{"x-kubernetes-int-or-string":true}"#,
        "true",
        r#"x: Invalid value: "boolean": x in body must be of type integer,string: "boolean""#,
    ),
    (
        r#"{"type":"string","minLength":2}"#,
        r#""é""#,
        r#"x: Invalid value: "é": x in body should be at least 2 chars long"#,
    ),
    (
        r#"{"type":"string","maxLength":2,"pattern":"^a"}"#,
        r#""éàè""#,
        "x: Too long: may not be more than 2 bytes",
    ),
    (
        r#"{"type":"string","pattern":"^a"}"#,
        r#""ba""#,
        r#"x: Invalid value: "ba": x in body should match '^a'"#,
    ),
    (
        r#"{"type":"string","format":"date"}"#,
        r#""x""#,
        r#"x: Invalid value: "x": x in body must be of type date: "x""#,
    ),
    (r#"{"type":"string","format":"unheard-of"}"#, r#""x""#, ""),
    (
        r#"{"type":"integer","maximum":5,"multipleOf":4}"#,
        "6",
        "x: Invalid value: 6: x in body should be a multiple of 4; x: Invalid value: 6: x in body should be less than or equal to 5",
    ),
    (
        r#"{"type":"number","minimum":1.5,"exclusiveMinimum":true}"#,
        "1.5",
        "x: Invalid value: 1.5: x in body should be greater than 1.5",
    ),
    (
        r#"{"type":"string","enum":["a","b c"]}"#,
        r#""d""#,
        r#"x: Unsupported value: "d": supported values: "a", "b c""#,
    ),
    (
        r#"{"enum":["a",null],"nullable":true}"#,
        "null",
        r#"x: Unsupported value: null: supported values: "a", "null""#,
    ),
    (
        r#"{"enum":[{"a":"x"}]}"#,
        r#"{"a":"y"}"#,
        r#"x: Unsupported value: {"a":"y"}: supported values: "{\"a\":\"x\"}""#,
    ),
    (r#"{"type":"array","minItems":1}"#, "[]", "x: Invalid value: 0: x in body should have at least 1 items"),
    (
        r#"{"type":"array","maxItems":1,"items":{"type":"string"}}"#,
        r#"["a","b"]"#,
        "x: Too many: 2: must have at most 1 item",
    ),
    (
        r#"{"type":"array","items":{"type":"string"}}"#,
        r#"["a",1]"#,
        r#"x[1]: Invalid value: "integer": x[1] in body must be of type string: "integer""#,
    ),
    (r#"{"type":"object","required":["a","b"]}"#, r#"{"a":1}"#, "x.b: Required value"),
    (
        r#"{"type":"object","minProperties":1}"#,
        "{}",
        "x: Invalid value: 0: x in body should have at least 1 properties",
    ),
    (
        r#"{"type":"object","maxProperties":1}"#,
        r#"{"a":1,"b":2}"#,
        "x: Too many: 2: must have at most 1 item",
    ),
    (
        r#"{"type":"object","additionalProperties":{"type":"integer"}}"#,
        r#"{"k/l":"s"}"#,
        r#"x.k/l: Invalid value: "string": x.k/l in body must be of type integer: "string""#,
    ),
    (
        r#"{"oneOf":[{"pattern":"^a"},{"pattern":"b$"}]}"#,
        r#""ab""#,
        r#"<nil>: Invalid value: "": "x" must validate one and only one schema (oneOf). Found 2 valid alternatives"#,
    ),
    (
        r#"{"oneOf":[{"pattern":"^a"},{"pattern":"b$"}]}"#,
        r#""c""#,
        r#"<nil>: Invalid value: "": "x" must validate one and only one schema (oneOf). Found none valid; x: Invalid value: "c": x in body should match '^a'"#,
    ),
    (
        r#"{"anyOf":[{"minLength":3},{"enum":["z"]}]}"#,
        r#""y""#,
        r#"<nil>: Invalid value: "": "x" must validate at least one schema (anyOf); x: Invalid value: "y": x in body should be at least 3 chars long"#,
    ),
    (r#"{"anyOf":[{"minLength":3},{"enum":["z"]}]}"#, r#""z""#, ""),
    (
        r#"{"allOf":[{"pattern":"^a"},{"maxLength":2}]}"#,
        r#""abc""#,
        r#"x: Too long: may not be more than 2 bytes; <nil>: Invalid value: "": "x" must validate all the schemas (allOf)"#,
    ),
    (
        r#"{"not":{"required":["a"]}}"#,
        r#"{"a":1}"#,
        r#"<nil>: Invalid value: "": "x" must not validate the schema (not)"#,
    ),
];

#[test]
fn checks_speak_the_originals_words() {
    for (schema, value, expected) in CHECKS {
        let schema = format!(r#"{{"type":"object","properties":{{"x":{schema}}}}}"#);
        assert_eq!(messages(&schema, &format!(r#"{{"x":{value}}}"#), None), *expected, "{schema} {value}");
    }
}

#[test]
fn a_prefix_stands_before_the_path_only() {
    let schema = compile(r#"{"type":"object","properties":{"n":{"type":"integer"}}}"#);
    let errors = schema.validate(&tree(r#"{"n":"x"}"#), None, "status");
    assert_eq!(
        errors[0].message(),
        r#"status.n: Invalid value: "string": n in body must be of type integer: "string""#
    );
}

#[test]
fn what_was_invalid_and_has_not_changed_passes() {
    let schema = r#"{"type":"object","properties":{
        "s":{"type":"string","pattern":"^[a-z]*$"},
        "l":{"type":"array","items":{"type":"string","pattern":"^[a-z]*$"}},
        "m":{"type":"array","x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["k"],
             "items":{"type":"object","properties":{"k":{"type":"string"},"v":{"type":"string","maxLength":1}}}},
        "o":{"type":"object","required":["q"]}}}"#;
    let old = r#"{"s":"B","l":["B"],"m":[{"k":"a","v":"BB"},{"k":"b","v":"BB"}],"o":{"p":1}}"#;
    for (new, expected) in [
        (r#"{"s":"B","l":["B"],"o":{"p":1},"t":1}"#, ""),
        (r#"{"s":"C"}"#, r#"s: Invalid value: "C": s in body should match '^[a-z]*$'"#),
        (r#"{"l":["B","ok"]}"#, r#"l[0]: Invalid value: "B": l[0] in body should match '^[a-z]*$'"#),
        (r#"{"m":[{"k":"b","v":"BB"},{"k":"a","v":"BB"}]}"#, ""),
        (r#"{"m":[{"k":"c","v":"BB"}]}"#, "m[0].v: Too long: may not be more than 1 bytes"),
        (r#"{"o":{"p":2}}"#, "o.q: Required value"),
    ] {
        assert_eq!(messages(schema, new, Some(old)), expected, "{new}");
    }
}

#[test]
fn pruning_takes_out_what_is_not_specified() {
    let schema = compile(
        r#"{"type":"object","properties":{"spec":{"type":"object","properties":{
            "a":{"type":"string"},
            "l":{"type":"array","items":{"type":"object","properties":{"c":{}}}},
            "m":{"type":"object","additionalProperties":true},
            "any":{"type":"object","x-kubernetes-preserve-unknown-fields":true,
                   "properties":{"p":{"type":"object","properties":{"q":{}}}}},
            "e":{"type":"object","x-kubernetes-embedded-resource":true}}}}}"#,
    );
    let mut value = tree(
        r#"{"kind":"W","metadata":{"x":1},"zz":1,"spec":{"z":1,"a":{"y":1},"l":[{"c":1,"d":1},[{"e":1}]],
            "m":{"k":{"z":1},"n":[1]},"any":{"free":{"x":1},"p":{"q":1,"r":1}},
            "e":{"kind":"K","metadata":{"name":"n"},"spec":{}}}}"#,
    );
    let unknown = schema.prune(&mut value);
    assert_eq!(
        unknown,
        [
            "spec.a.y",
            "spec.any.p.r",
            "spec.e.spec",
            "spec.l[0].d",
            "spec.l[1][0].e",
            "spec.m.k.z",
            "spec.z",
            "zz"
        ]
    );
    assert_eq!(
        value,
        tree(
            r#"{"kind":"W","metadata":{"x":1},"spec":{"a":{},"l":[{"c":1},[{}]],"m":{"k":{},"n":[1]},
                "any":{"free":{"x":1},"p":{"q":1}},"e":{"kind":"K","metadata":{"name":"n"}}}}"#
        )
    );
}

#[test]
fn defaults_fill_what_is_absent_and_nulls_without_meaning_go() {
    let schema = compile(
        r#"{"type":"object","properties":{
            "d":{"type":"string","nullable":true,"default":"x"},
            "nd":{"type":"string","default":"x"},
            "plain":{"type":"string"},
            "o":{"type":"object","default":{},"properties":{"p":{"type":"integer","default":3}}},
            "l":{"type":"array","items":{"type":"object","properties":{"k":{"type":"string","default":"d"}}}},
            "any":{"type":"object","x-kubernetes-preserve-unknown-fields":true}}}"#,
    );
    for (given, expected) in [
        ("{}", r#"{"d":"x","nd":"x","o":{"p":3}}"#),
        (
            r#"{"d":null,"nd":null,"plain":null,"any":null,"l":[{},{"k":null},null]}"#,
            r#"{"d":null,"nd":"x","o":{"p":3},"l":[{"k":"d"},{"k":"d"},null]}"#,
        ),
        (
            r#"{"d":"","nd":"","o":{"p":0},"any":{"n":null}}"#,
            r#"{"d":"","nd":"","o":{"p":0},"any":{"n":null}}"#,
        ),
    ] {
        let mut value = tree(given);
        schema.apply_defaults(&mut value);
        schema.drop_nulls(&mut value);
        assert_eq!(value, tree(expected), "{given}");
    }
}

#[test]
fn sets_and_maps_have_each_element_once() {
    let schema = compile(
        r#"{"type":"object","properties":{
            "set":{"type":"array","x-kubernetes-list-type":"set","items":{}},
            "map":{"type":"array","x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["k","p"],"items":{}}}}"#,
    );
    for (value, expected) in [
        (r#"{"set":["a","a","a","b","b"]}"#, r#"set[1]: Duplicate value: "a"; set[4]: Duplicate value: "b""#),
        (r#"{"set":[1,1.0]}"#, ""),
        (r#"{"set":[{"a":1,"b":2},{"b":2,"a":1}]}"#, r#"set[1]: Duplicate value: {"a":1,"b":2}"#),
        (r#"{"map":[{"k":"a","p":1},{"k":"a","p":2}]}"#, ""),
        (r#"{"map":[{"k":"a","v":1},{"k":"a","v":2}]}"#, r#"map[1]: Duplicate value: {"k":"a"}"#),
        (
            r#"{"map":["x"]}"#,
            r#"map[0]: Invalid value: "x": must be an object for an array of list-type map"#,
        ),
    ] {
        let errors = schema.check_lists(&tree(value));
        let errors: Vec<String> = errors.iter().map(|error| error.message()).collect();
        assert_eq!(errors.join("; "), expected, "{value}");
    }
}

#[test]
fn embedded_resources_have_kinds_and_metadata() {
    let schema = compile(
        r#"{"type":"object","properties":{"e":{"type":"object","x-kubernetes-embedded-resource":true,
            "x-kubernetes-preserve-unknown-fields":true}}}"#,
    );
    let builtin = builtin();
    let metadata = builtin.named("io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta").expect("a type");
    let mut value = tree(
        r#"{"e":{"apiVersion":"v1","kind":"Pod","metadata":{"x":1,"name":"n","creationTimestamp":null}}}"#,
    );
    assert_eq!(schema.coerce_embedded(&mut value, metadata), Ok(vec!["e.metadata.x".to_owned()]));
    assert_eq!(value, tree(r#"{"e":{"apiVersion":"v1","kind":"Pod","metadata":{"name":"n"}}}"#));
    let mut places = Vec::new();
    let errors = schema.check_embedded(&value, &mut |path, _| places.push(path.to_string()));
    assert!(errors.is_empty() && places == ["e.metadata"]);

    let mut malformed = tree(r#"{"e":{"apiVersion":"v1","kind":"Pod","metadata":{"labels":{"a":1}}}}"#);
    let error = schema.coerce_embedded(&mut malformed, metadata).expect_err("malformed");
    assert_eq!(
        error.message(),
        r#"e.metadata: Invalid value: {"labels":{"a":1}}: json: cannot unmarshal number into Go struct field ObjectMeta.labels of type string"#
    );
    for (value, expected) in [
        (r#"{"e":{}}"#, "e.apiVersion: Required value; e.kind: Required value"),
        (r#"{"e":{"apiVersion":"","kind":"P"}}"#, r#"e.apiVersion: Invalid value: "": must not be empty"#),
        (
            r#"{"e":{"apiVersion":"a/b/c","kind":"P"}}"#,
            r#"e.apiVersion: Invalid value: "a/b/c": unexpected GroupVersion string: a/b/c"#,
        ),
    ] {
        let errors = schema.check_embedded(&tree(value), &mut |_, _| {});
        let errors: Vec<String> = errors.iter().map(|error| error.message()).collect();
        assert_eq!(errors.join("; "), expected);
    }
}

/// (format, texts that have it, texts that have not)
const FORMATS: &[(&str, &[&str], &[&str])] = &[
    (
        "date-time",
        &["2024-01-02T03:04:05Z", "2024-01-02t03:04:05.123+02:00"],
        &[
            "",
            "2024-01-02",
            "2024-01-02T03:04:05",
            "2024-13-02T03:04:05Z",
            "2024-01-02T25:04:05Z",
            "2024-01-02 03:04:05Z",
        ],
    ),
    ("date", &["2024-02-29"], &["", "2024-02-30", "2024-1-2", "2024-01-02T00:00:00Z"]),
    ("duration", &["1h30m", "2 days", "P1D", "10 ms", "-3s", "0"], &["", "5", "x"]),
    ("ipv4", &["1.2.3.4", "01.2.3.4"], &["", "::1", "1.2.3", "1.2.3.256"]),
    ("ipv6", &["::1", "::ffff:1.2.3.4"], &["", "1.2.3.4", "fe80::1%eth0", "zz::"]),
    ("cidr", &["10.0.0.1/8", "::/0"], &["10.0.0.0", "10.0.0.0/33"]),
    ("mac", &["00:11:22:33:44:55", "00-11-22-33-44-55", "0011.2233.4455"], &["0:1", ""]),
    (
        "uri",
        &["http://x/y?z=1", "/a/b", "urn:a:b", "http://u:p@[::1]:80/"],
        &["", "x y", "foo", "http://%zz", ":x"],
    ),
    ("email", &["a@b.c", "A <a@b.c>", "a@b"], &["", "a", "@b", "a@"]),
    ("hostname", &["a.example.com", "localhost", "a-bc"], &["", "a_b", "-a", "A.b", "1.2.3.4"]),
    ("uuid", &["ABCDEFAB-2222-3333-4444-555555555555", "11111111222233334444555555555555"], &["x", ""]),
    ("uuid3", &["11111111-2222-3333-4444-555555555555"], &["11111111-2222-4333-4444-555555555555"]),
    ("uuid4", &["11111111-2222-4333-8444-555555555555"], &["11111111-2222-4333-4444-555555555555"]),
    ("byte", &["aGVsbG8="], &["", "!!", "aGVsbG8", "aGVs\nbG8="]),
    ("bsonobjectid", &["507f1f77bcf86cd799439011"], &["x"]),
    ("isbn", &["0321751043", "978-0321751041"], &["x", "0321751044"]),
    ("isbn13", &["978-0321751041"], &["978-0321751042"]),
    ("creditcard", &["4111111111111111"], &["411", "4111111111111112"]),
    ("ssn", &["111-22-3333", "111223333"], &["x", "11-22-3333", "111-22-33334"]),
    ("hexcolor", &["#fff", "fff", "#a0b1C2"], &["#ggg", "ffff"]),
    ("rgbcolor", &["rgb(255,255,255)", "rgb( 0, 1 ,2)"], &["rgb(256,1,1)", "rgb(1,1)", "rgb(01,1,1)"]),
    ("k8s-short-name", &["abc"], &["ABC", "a.b", "-a", ""]),
    ("k8s-long-name", &["a.b"], &["A"]),
    ("password", &["anything"], &[]),
];

#[test]
fn formats_are_the_originals() {
    for (format, good, bad) in FORMATS {
        for text in *good {
            assert_eq!(formats::check(format, text), Some(true), "{format} {text}");
        }
        for text in *bad {
            assert_eq!(formats::check(format, text), Some(false), "{format} {text}");
        }
    }
    assert_eq!((formats::check("int32", "x"), formats::check("", "x")), (None, None));
}

#[test]
fn the_type_model_of_a_custom_resource() {
    let open_api = tree(
        r#"{"type":"object","properties":{"spec":{"type":"object","x-kubernetes-map-type":"atomic","properties":{
            "n":{"type":"integer","default":3},"p":{"x-kubernetes-int-or-string":true},
            "m":{"type":"object","additionalProperties":{"type":"string"}},
            "any":{"type":"object","x-kubernetes-preserve-unknown-fields":true}}}}}"#,
    );
    let schema = schema_of("x.example.com", "v1", "Widget", &open_api, &builtin());
    let ty = schema.of_kind("x.example.com", "v1", "Widget").expect("the kind");
    assert_eq!(ty.ty().name, "com.example.x.v1.Widget");
    assert!(ty.child("spec").and_then(|ty| ty.as_struct()).is_some_and(|of| of.atomic));
    for (path, scalar) in [
        (&["spec", "n"][..], Scalar::Int64),
        (&["spec", "p"], Scalar::IntOrString),
        (&["spec", "m", "k"], Scalar::String),
        (&["metadata", "labels", "k"], Scalar::String),
        (&["metadata", "creationTimestamp"], Scalar::Time),
    ] {
        let found = ty.at(path.iter().copied()).expect("a type").shape();
        assert!(matches!(found, Shape::Scalar(found) if *found == scalar), "{path:?}");
    }
    let any = ty.at(["spec", "any"]).and_then(|ty| ty.as_struct()).expect("a struct");
    assert_eq!(any.additional, Additional::Preserve);

    let source =
        r#"{"kind":"Widget","metadata":{"name":"w","labels":{}},"spec":{"n":0,"m":{},"any":{"z":null}}}"#;
    let (value, unknown) = decode(ty, tree(source), source.as_bytes()).expect("decodes");
    assert!(unknown.is_empty());
    assert_eq!(
        value,
        tree(r#"{"kind":"Widget","metadata":{"name":"w"},"spec":{"n":0,"m":{},"any":{"z":null}}}"#)
    );

    let source = r#"{"metadata":{"uid":"u","namespace":"n","name":"w"}}"#;
    let (value, _) = decode(ty, tree(source), source.as_bytes()).expect("decodes");
    let mut out = Vec::new();
    let splice = encode(ty, &value, &mut out);
    assert_eq!(
        String::from_utf8_lossy(&splice_resource_version(&out, splice, 7)),
        r#"{"metadata":{"name":"w","namespace":"n","resourceVersion":"7","uid":"u"}}"#
    );
}

proptest! {
    #[test]
    fn no_text_breaks_a_format(text in "\\PC{0,24}") {
        for (format, _, _) in FORMATS {
            let _ = formats::check(format, &text);
        }
    }
}
