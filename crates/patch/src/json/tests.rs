use object::{Value, json};
use proptest::prelude::*;

use super::json_patch;

const TARGET: &str = r#"{"kind":"K","data":{"b":"2","a":"1"},"list":["x","y","z"],"deep":{"z":[{"q":1,"p":null}],"a/b":{"~":0}}}"#;

/// Operations, and what becomes of `TARGET`'s members; nothing where they are rejected.
const CASES: &[(&str, Option<&str>)] = &[
    (r#"{"op":"add","path":"/data/c","value":"3"}"#, Some(r#""data":{"a":"1","b":"2","c":"3"}"#)),
    (r#"{"op":"add","path":"/data/a","value":null}"#, Some(r#""data":{"a":null,"b":"2"}"#)),
    (r#"{"op":"add","path":"/data/a"}"#, Some(r#""data":{"a":null,"b":"2"}"#)),
    (r#"{"op":"add","path":"data/c","value":1}"#, Some(r#""c":1,"data":{"b":"2","a":"1"}"#)),
    (r#"{"op":"add","path":"/data/","value":1}"#, Some(r#""data":{"":1,"a":"1","b":"2"}"#)),
    (r#"{"op":"add","path":"/none/a","value":1}"#, None),
    (r#"{"op":"add","path":"/data/a/b","value":1}"#, None),
    (r#"{"op":"add","path":"","value":{}}"#, None),
    (r#"{"op":"add","path":"/list/-","value":1}"#, Some(r#""list":["x","y","z",1]"#)),
    (r#"{"op":"add","path":"/list/-4","value":1}"#, Some(r#""list":[1,"x","y","z"]"#)),
    (r#"{"op":"add","path":"/list/4","value":1}"#, None),
    (r#"{"op":"remove","path":"/data/a"}"#, Some(r#""data":{"b":"2"}"#)),
    (r#"{"op":"remove","path":"/data/zz"}"#, None),
    (r#"{"op":"remove","path":"/list/-2"}"#, Some(r#""list":["x","z"]"#)),
    (r#"{"op":"remove","path":"/list/3"}"#, None),
    (r#"{"op":"replace","path":"/data/zz","value":1.0}"#, Some(r#""data":{"a":"1","b":"2","zz":1.0}"#)),
    (
        r#"{"op":"replace","path":"/list/01","value":{"b":1,"a":2}}"#,
        Some(r#""list":["x",{"b":1,"a":2},"z"]"#),
    ),
    (r#"{"op":"replace","path":"/list/-","value":1}"#, None),
    (r#"{"op":"replace","path":"","value":null}"#, None),
    (r#"{"op":"replace","path":"","value":"x"}"#, None),
    (r#"{"op":"replace","path":""}"#, None),
    (r#"{"op":"move","from":"/data/a","path":"/data/b"}"#, Some(r#""data":{"b":"1"}"#)),
    (r#"{"op":"move","from":"/list/0","path":"/list/-"}"#, Some(r#""list":["y","z","x"]"#)),
    (r#"{"op":"move","from":"/data","path":"/data/in"}"#, None),
    (r#"{"op":"move","from":"/data/zz","path":"/data/c"}"#, None),
    (r#"{"op":"move","path":"/data/c"}"#, None),
    (r#"{"op":"copy","from":"/data/zz","path":"/data/c"}"#, Some(r#""data":{"a":"1","b":"2","c":null}"#)),
    (
        r#"{"op":"copy","from":"/data","path":"/data/c"}"#,
        Some(r#""data":{"a":"1","b":"2","c":{"a":"1","b":"2"}}"#),
    ),
    (r#"{"op":"copy","from":"","path":"/data/c"}"#, None),
    (r#"{"op":"copy","from":"/data/a","path":"/none/c"}"#, None),
    (r#"{"op":"test","path":"/data/b","value":"2"}"#, Some(r#""data":{"a":"1","b":"2"}"#)),
    (r#"{"op":"test","path":"/data/b","value":2}"#, None),
    (r#"{"op":"test","path":"/data","value":{"a":"1","b":"2"}}"#, Some(r#""data":{"a":"1","b":"2"}"#)),
    (r#"{"op":"test","path":"/none","value":null}"#, Some(r#""kind":"K""#)),
    (r#"{"op":"test","path":"/none"}"#, Some(r#""kind":"K""#)),
    (r#"{"op":"test","path":"/none/x","value":null}"#, None),
    (r#"{"op":"test","path":"/list/9","value":null}"#, None),
    (r#"{"op":"test","path":"/deep/z/0/p","value":null}"#, Some(r#""z":[{"p":null,"q":1}]"#)),
    (r#"{"op":"test","path":"/deep/a~1b/~0","value":0}"#, Some(r#""deep":{"a/b":{"~":0},"z":"#)),
    (r#"{"op":"test","path":"","value":{}}"#, None),
    (r#"{"op":"Add","path":"/data/a"}"#, None),
    (r#"{"path":"/data/a"}"#, None),
    (r#"{"op":"add","path":null,"value":1}"#, None),
    (r#"{"op":"add","value":1}"#, None),
    ("null", None),
];

#[test]
fn operations_have_the_librarys_rules() {
    for (operation, expected) in CASES {
        let result = json_patch(TARGET.as_bytes(), format!("[{operation}]").as_bytes(), true);
        match (result, expected) {
            (Ok(patched), Some(part)) => {
                let text = String::from_utf8_lossy(&patched.json).into_owned();
                assert!(text.contains(part), "{operation}: {text}");
            }
            (Err(status), None) => {
                assert_eq!(status.code, 422, "{operation}");
                let message = "the server rejected our request due to an error in our request";
                assert!(status.to_json().contains(r#""reason":"Invalid","details":{},"code":422"#));
                assert_eq!(status.message, message);
            }
            (result, _) => panic!("{operation}: {result:?}"),
        }
    }
}

#[test]
fn operations_follow_one_another() {
    let patch = r#"[{"op":"replace","path":"","value":{"z":1,"a":{}}},{"op":"add","path":"/a/l","value":[]},
        {"op":"add","path":"/a/l/-","value":{"deep":1}},{"op":"copy","from":"/a/l/0","path":"/a/l/0"},
        {"op":"add","path":"/a/l/0/deep","value":2},{"op":"test","path":"/a/l","value":[{"deep":2},{"deep":1}]}]"#;
    let patched = json_patch(TARGET.as_bytes(), patch.as_bytes(), true).unwrap();
    assert_eq!(String::from_utf8_lossy(&patched.json), r#"{"a":{"l":[{"deep":2},{"deep":1}]},"z":1}"#);
    let null_then_child = r#"[{"op":"add","path":"/n","value":null},{"op":"add","path":"/n/a","value":1}]"#;
    assert!(json_patch(TARGET.as_bytes(), null_then_child.as_bytes(), true).is_err());
}

#[test]
fn nothing_to_do_changes_nothing() {
    for patch in ["[]", " [ ] ", "null"] {
        let patched = json_patch(br#"{"b":{"z":1,"a":2}, "a":1.0}"#, patch.as_bytes(), true).unwrap();
        assert_eq!(String::from_utf8_lossy(&patched.json), r#"{"a":1.0,"b":{"z":1,"a":2}}"#);
    }
}

#[test]
fn what_is_no_patch_is_refused_in_gos_words() {
    for (patch, strict, code, message) in [
        (
            "{}",
            true,
            400,
            "error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp",
        ),
        ("5", false, 400, "json: cannot unmarshal number into Go value of type jsonpatch.Patch"),
        (
            "[\"x\"]",
            true,
            400,
            "error decoding patch: json: cannot unmarshal string into Go value of type handlers.jsonPatchOp",
        ),
        ("[\"x\"]", false, 400, "json: cannot unmarshal string into Go value of type jsonpatch.Operation"),
        (
            r#"[{"op":5}]"#,
            true,
            400,
            "error decoding patch: json: cannot unmarshal number into Go struct field jsonPatchOp.op of type string",
        ),
        ("", true, 400, "error decoding patch: unexpected end of JSON input"),
        ("[", false, 400, "unexpected end of JSON input"),
        (r#"[{"op":5}]"#, false, 422, "the server rejected our request due to an error in our request"),
    ] {
        let status = json_patch(TARGET.as_bytes(), patch.as_bytes(), strict).unwrap_err();
        assert_eq!((status.code, status.message.as_str()), (code, message), "{patch}");
    }
}

#[test]
fn odd_fields_are_reported() {
    let patch = br#"[{"op":"add","path":"/q","value":1,"value":{"a":1,"a":2},"x":1}]"#;
    let patched = json_patch(TARGET.as_bytes(), patch, true).unwrap();
    assert_eq!(
        patched.reports,
        [
            r#"json patch duplicate field "[0].value""#,
            r#"json patch duplicate field "[0].value.a""#,
            r#"json patch unknown field "[0].x""#
        ]
    );
    assert!(json_patch(TARGET.as_bytes(), patch, false).unwrap().reports.is_empty());
}

#[test]
fn patches_are_limited() {
    let many = |count: usize| format!("[{}]", vec!["{}"; count].join(","));
    let status = json_patch(b"{}", many(10_001).as_bytes(), false).unwrap_err();
    assert_eq!(status.code, 413);
    assert_eq!(
        status.message,
        "Request entity too large: The allowed maximum operations in a JSON patch is 10000, got 10001"
    );
    let copies = |count: usize| {
        let copy = |n| format!(r#"{{"op":"copy","from":"/a","path":"/a/x{n}"}}"#);
        format!("[{}]", (0..count).map(copy).collect::<Vec<_>>().join(","))
    };
    // Each copy doubles what is there.
    let target = format!(r#"{{"a":{{"t":"{}"}}}}"#, "x".repeat(1000));
    assert!(json_patch(target.as_bytes(), copies(10).as_bytes(), true).is_ok());
    let code = json_patch(target.as_bytes(), copies(12).as_bytes(), true).map_err(|status| status.code);
    assert_eq!(code.err(), Some(422));
}

proptest! {
    #[test]
    fn adding_and_removing_again_is_nothing(object in crate::testing::object(), value in crate::testing::value()) {
        let target = json::to_vec(&object);
        let value = json::to_string(&value);
        let patch = format!(
            r#"[{{"op":"add","path":"/new","value":{value}}},{{"op":"test","path":"/new","value":{value}}},
            {{"op":"remove","path":"/new"}}]"#
        );
        let patched = json_patch(&target, patch.as_bytes(), true).map(|patched| patched.json);
        prop_assert_eq!(patched.ok(), Some(target));
    }

    #[test]
    fn no_patch_panics(object in crate::testing::object(), patch in operations()) {
        if let Ok(patched) = json_patch(&json::to_vec(&object), &json::to_vec(&patch), true) {
            prop_assert!(json::parse(&patched.json).is_ok());
        }
    }
}

fn operations() -> impl Strategy<Value = Value> {
    let op = prop::sample::select(vec!["add", "remove", "replace", "move", "copy", "test"]);
    let path = "(/([a-d]|~1|-?[0-2]|-)){0,3}";
    let operation = (op, path, path, crate::testing::value()).prop_map(|(op, path, from, value)| {
        let entries =
            [("op", Value::from(op)), ("path", path.into()), ("from", from.into()), ("value", value)];
        Value::Object(entries.into_iter().collect())
    });
    prop::collection::vec(operation, 0..4).prop_map(Value::from)
}
