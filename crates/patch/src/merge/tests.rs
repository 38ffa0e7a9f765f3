use object::{Map, Value, json};
use proptest::prelude::*;

use super::merge_patch;

fn merged(target: &str, patch: &str) -> String {
    let patched = merge_patch(target.as_bytes(), patch.as_bytes(), true).expect("a patch");
    String::from_utf8_lossy(&patched.json).into_owned()
}

#[test]
fn the_examples_of_rfc_7386() {
    for (target, patch, result) in [
        (r#"{"a":"b"}"#, r#"{"a":"c"}"#, r#"{"a":"c"}"#),
        (r#"{"a":"b"}"#, r#"{"b":"c"}"#, r#"{"a":"b","b":"c"}"#),
        (r#"{"a":"b"}"#, r#"{"a":null}"#, "{}"),
        (r#"{"a":"b","b":"c"}"#, r#"{"a":null}"#, r#"{"b":"c"}"#),
        (r#"{"a":["b"]}"#, r#"{"a":"c"}"#, r#"{"a":"c"}"#),
        (r#"{"a":"c"}"#, r#"{"a":["b"]}"#, r#"{"a":["b"]}"#),
        (r#"{"a":{"b":"c"}}"#, r#"{"a":{"b":"d","c":null}}"#, r#"{"a":{"b":"d"}}"#),
        (r#"{"a":[{"b":"c"}]}"#, r#"{"a":[1]}"#, r#"{"a":[1]}"#),
        (r#"{"e":null}"#, r#"{"a":1}"#, r#"{"a":1,"e":null}"#),
        ("{}", r#"{"a":{"bb":{"ccc":null}}}"#, r#"{"a":{"bb":{}}}"#),
    ] {
        assert_eq!(merged(target, patch), result, "{target} {patch}");
    }
}

#[test]
fn values_are_pruned_where_the_library_does() {
    for (target, patch, result) in [
        (r#"{"a":1}"#, r#"{"a":[null,{"x":null,"y":[{"z":null}]}]}"#, r#"{"a":[null,{"y":[{}]}]}"#),
        // A list in place of an object is taken as it is.
        (r#"{"a":{}}"#, r#"{"a":[{"x":null}]}"#, r#"{"a":[{"x":null}]}"#),
        (r#"{"a":null}"#, r#"{"a":{"x":null}}"#, r#"{"a":{}}"#),
    ] {
        assert_eq!(merged(target, patch), result, "{target} {patch}");
    }
}

#[test]
fn untouched_parts_keep_their_form() {
    let target = r#"{"z":{"b":1.0,"a":{"y":1,"x":2}},"m":{"d":1,"c":2}}"#;
    assert_eq!(
        merged(target, r#"{"z":{"n":{"k":1,"j":null,"i":2}}}"#),
        r#"{"m":{"d":1,"c":2},"z":{"a":{"y":1,"x":2},"b":1.0,"n":{"i":2,"k":1}}}"#
    );
}

#[test]
fn what_is_no_patch_is_refused_in_gos_words() {
    let type_error =
        "error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}";
    for (patch, strict, message) in [
        ("[]", true, type_error),
        ("", true, "error decoding patch: unexpected end of JSON input"),
        ("null", true, "Invalid JSON Patch"),
        ("null", false, "Invalid JSON Patch"),
        ("5", false, "Invalid JSON Patch"),
        ("{", false, "Invalid JSON Patch"),
    ] {
        let status = merge_patch(b"{}", patch.as_bytes(), strict).unwrap_err();
        assert_eq!((status.code, status.message.as_str()), (400, message), "{patch}");
    }
    let list = merge_patch(b"{}", br#"[null,{"a":null}]"#, false).map(|patched| patched.json);
    assert_eq!(list.ok().as_deref(), Some(&b"[null,{}]"[..]));
}

#[test]
fn duplicate_fields_are_reported() {
    let patch = br#"{"data":{"c":1,"c":2},"x":{"y":[{"z":1,"z":2}]}}"#;
    let patched = merge_patch(b"{}", patch, true).unwrap();
    assert_eq!(patched.reports, [r#"duplicate field "data.c""#, r#"duplicate field "x.y[0].z""#]);
    assert!(merge_patch(b"{}", patch, false).unwrap().reports.is_empty());
}

/// The RFC's own words for merging two trees.
fn model(target: Value, patch: Value) -> Value {
    let Value::Object(changes) = patch else { return patch };
    let mut members = match target {
        Value::Object(members) => members,
        _ => Map::new(),
    };
    for (key, change) in changes.into_entries() {
        let old = members.remove(&key).unwrap_or_default();
        if !change.is_null() {
            members.insert(key, model(old, change));
        }
    }
    Value::Object(members)
}

/// Takes null members out of objects within lists too, which the RFC keeps and the library prunes.
fn pruned(value: &mut Value) {
    match value {
        Value::Object(members) => members.retain(|_, member| {
            pruned(member);
            !member.is_null()
        }),
        Value::Array(elements) => elements.iter_mut().for_each(pruned),
        _ => {}
    }
}

proptest! {
    #[test]
    fn merging_follows_the_rfc(target in crate::testing::object(), patch in crate::testing::object()) {
        let mut patch = patch;
        if let Value::Object(members) = &mut patch {
            members.iter_mut().for_each(|(_, member)| prune_lists(member));
        }
        let body = json::to_vec(&patch);
        let once = merge_patch(&json::to_vec(&target), &body, true).unwrap();
        prop_assert_eq!(json::parse(&once.json), Ok(model(target, patch)));
        let twice = merge_patch(&once.json, &body, true).unwrap();
        prop_assert_eq!(json::parse(&twice.json), json::parse(&once.json));
    }
}

/// Prunes what stands in lists, and there alone.
fn prune_lists(value: &mut Value) {
    match value {
        Value::Object(members) => members.iter_mut().for_each(|(_, member)| prune_lists(member)),
        Value::Array(elements) => elements.iter_mut().for_each(pruned),
        _ => {}
    }
}
