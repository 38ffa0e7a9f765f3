use object::{Value, json};
use proptest::prelude::*;
use schema::TypeRef;

use super::*;

const DEPLOYMENT: &str = r#"{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"d","finalizers":["e/1","e/2","e/3"]},
"spec":{"replicas":1,"selector":{"matchLabels":{"app":"a"}},"strategy":{"type":"RollingUpdate","rollingUpdate":{"maxSurge":1}},
"template":{"metadata":{"labels":{"app":"a"}},"spec":{
"containers":[{"name":"a","image":"a:1","args":["x","y"],"env":[{"name":"A","value":"1"},{"name":"B","value":"2"}],
"ports":[{"containerPort":53,"protocol":"TCP"},{"containerPort":53,"protocol":"UDP"}]},{"name":"b","image":"b:1"}],
"nodeSelector":{"y":"1","z":"2"},"tolerations":[{"key":"k"}],"volumes":[{"name":"v","emptyDir":{}}]}}}}"#;

fn parsed(text: &str) -> Value {
    json::parse(text.as_bytes()).expect("JSON")
}

/// What a patch of the pod template's spec makes of `path` in there, or why it fails.
fn template(patch: &str, path: &[&str]) -> Result<String, (u16, String)> {
    let patch = format!(r#"{{"spec":{{"template":{{"spec":{patch}}}}}}}"#);
    at(&patch, ["spec", "template", "spec"].into_iter().chain(path.iter().copied()))
}

fn at<'k>(patch: &str, path: impl IntoIterator<Item = &'k str>) -> Result<String, (u16, String)> {
    let schema = schema::builtin();
    let ty = schema.of_kind("apps", "v1", "Deployment").expect("a built-in kind");
    let mut target = parsed(DEPLOYMENT);
    schema::normalise(ty, &mut target);
    let merged = strategic_merge_patch(ty, &target, patch.as_bytes(), true);
    let merged = merged.map_err(|status| (status.code, status.message.clone()))?;
    Ok(merged.object.at(path).map_or("absent".to_owned(), short))
}

/// Lists of named things by their names, everything else as JSON.
fn short(value: &Value) -> String {
    let name = |item: &Value| item.get("name").and_then(Value::as_str).map(str::to_owned);
    match value.as_array().and_then(|items| items.iter().map(name).collect::<Option<Vec<_>>>()) {
        Some(names) => names.join(" "),
        None => json::to_string(value),
    }
}

#[test]
fn lists_are_merged_by_key() {
    for (patch, names) in [
        (r#"{"containers":[{"name":"a","image":"a:2"}]}"#, "a b"),
        (r#"{"containers":[{"name":"n","image":"n"}]}"#, "n a b"),
        (r#"{"containers":[{"name":"b","image":"b"},{"name":"a","image":"a"}]}"#, "b a"),
        (r#"{"containers":[{"name":"b"},{"name":"n"},{"name":"m"}]}"#, "a b n m"),
        (r#"{"containers":[{"name":"b","$patch":"delete"}]}"#, "a"),
        (r#"{"containers":[{"name":"zz","$patch":"delete"}]}"#, "a b"),
        (r#"{"containers":[{"name":"z"},{"$patch":"replace"}]}"#, "z"),
        (r#"{"containers":[{"name":"z","$patch":"replace"}]}"#, "[]"),
        (r#"{"containers":[]}"#, "a b"),
        (r#"{"containers":[{"name":"n","env":[{"name":"E","$patch":"delete"},{"name":"F"}]}]}"#, "n a b"),
        (r#"{"$setElementOrder/containers":[{"name":"b"},{"name":"a"}]}"#, "b a"),
        (
            r#"{"$setElementOrder/containers":[{"name":"b"},{"name":"n"}],"containers":[{"name":"n"}]}"#,
            "a b n",
        ),
        (r#"{"$setElementOrder/containers":[{"name":"n"}],"containers":[{"name":"n"}]}"#, "n a b"),
        (r#"{"$setElementOrder/containers":[],"containers":[{"name":"b"},{"name":"n"}]}"#, "n a b"),
        (
            r#"{"$setElementOrder/containers":[{"name":"b"}],"containers":[{"name":"a","$patch":"delete"}]}"#,
            "b",
        ),
    ] {
        let expected = if names == "[]" { String::new() } else { names.to_owned() };
        assert_eq!(template(patch, &["containers"]), Ok(expected), "{patch}");
    }
}

#[test]
fn elements_with_the_same_key_stay_in_order() {
    let schema = schema::builtin();
    let ty = schema.of_kind("apps", "v1", "Deployment").expect("a built-in kind");
    let patch = br#"{"spec":{"template":{"spec":{"containers":[{"name":"a","ports":[{"containerPort":53,"name":"x"}]}]}}}}"#;
    let merged = strategic_merge_patch(ty, &parsed(DEPLOYMENT), patch, true).unwrap().object;
    let containers = merged.items_at(["spec", "template", "spec", "containers"]);
    assert_eq!(
        containers[0].get("ports"),
        Some(&parsed(
            r#"[{"name":"x","containerPort":53,"protocol":"TCP"},{"containerPort":53,"protocol":"UDP"}]"#
        ))
    );
}

#[test]
fn scalars_are_merged_as_sets() {
    for (patch, list) in [
        (r#"{"finalizers":["e/4"]}"#, r#"["e/4","e/1","e/2","e/3"]"#),
        (r#"{"finalizers":["e/2","e/2"]}"#, r#"["e/1","e/2","e/3"]"#),
        (r#"{"finalizers":null}"#, "absent"),
        (r#"{"$deleteFromPrimitiveList/finalizers":["e/2","e/9"]}"#, r#"["e/1","e/3"]"#),
        (r#"{"$deleteFromPrimitiveList/finalizers":["e/2"],"finalizers":["e/5"]}"#, r#"["e/5","e/1","e/3"]"#),
        (
            r#"{"$setElementOrder/finalizers":["e/3","e/4","e/1"],"finalizers":["e/4"]}"#,
            r#"["e/2","e/3","e/4","e/1"]"#,
        ),
    ] {
        let patch = format!(r#"{{"metadata":{patch}}}"#);
        assert_eq!(at(&patch, ["metadata", "finalizers"]).as_deref(), Ok(list), "{patch}");
    }
}

#[test]
fn other_values_are_replaced_or_merged() {
    for (patch, path, value) in [
        (r#"{"tolerations":[{"key":"n"}]}"#, "tolerations", r#"[{"key":"n"}]"#),
        (r#"{"tolerations":null}"#, "tolerations", "absent"),
        (r#"{"nodeSelector":{"z":null,"x":"3"}}"#, "nodeSelector", r#"{"x":"3","y":"1"}"#),
        (r#"{"nodeSelector":{"$patch":"replace","w":"1"}}"#, "nodeSelector", r#"{"w":"1"}"#),
        (r#"{"nodeSelector":{"$patch":"delete"}}"#, "nodeSelector", "absent"),
        (r#"{"$deleteFromPrimitiveList/nosuch":["a"]}"#, "nosuch", "absent"),
        (r#"{"affinity":{"nodeAffinity":null,"podAffinity":{"$patch":"delete"}}}"#, "affinity", "{}"),
        (r#"{"dnsConfig":{"nameservers":["a",null]}}"#, "dnsConfig", r#"{"nameservers":["a",""]}"#),
    ] {
        assert_eq!(template(patch, &[path]).as_deref(), Ok(value), "{patch}");
    }
    let strategy = |patch: &str| at(&format!(r#"{{"spec":{{"strategy":{patch}}}}}"#), ["spec", "strategy"]);
    assert_eq!(
        strategy(r#"{"$retainKeys":["type"],"type":"Recreate"}"#).as_deref(),
        Ok(r#"{"type":"Recreate"}"#)
    );
    assert_eq!(strategy(r#"{"$retainKeys":[]}"#).as_deref(), Ok("{}"));
    // The converter keeps the low bits of what does not fit, and takes whole floats.
    for (number, kept) in [("99999999999", "1215752191"), ("2.0", "2"), ("null", "absent")] {
        let patch = format!(r#"{{"spec":{{"replicas":{number}}}}}"#);
        assert_eq!(at(&patch, ["spec", "replicas"]).as_deref(), Ok(kept));
    }
    for patch in ["{}", "null", r#"{"kind":"Pod","apiVersion":null}"#] {
        assert_eq!(at(patch, ["kind"]).as_deref(), Ok("\"Deployment\""));
    }
}

/// Patches of the pod template's spec, and what is said of them.
const REFUSED: &[(&str, u16, &str)] = &[
    (r#"{"containers":[{"image":"i"}]}"#, 500, "map: map[image:i] does not contain declared merge key: name"),
    (
        r#"{"containers":[{"$patch":"delete"}]}"#,
        500,
        "map: map[$patch:delete] does not contain declared merge key: name",
    ),
    (
        r#"{"containers":[{"name":"a","$patch":"merge"}]}"#,
        500,
        "merging lists cannot yet be specified in the patch",
    ),
    (
        r#"{"containers":[{"name":"a","$patch":5}]}"#,
        500,
        "unknown patch type: %!s(int64=5) in map: map[$patch:5 name:a]",
    ),
    (r#"{"$patch":"merge"}"#, 500, "unknown patch type: merge in map: map[$patch:merge]"),
    (
        r#"{"tolerations":["x"],"volumes":["x"]}"#,
        500,
        "list element types are not identical: [[map[emptyDir:map[] name:v]] [x]]",
    ),
    (
        r#"{"volumes":[null]}"#,
        500,
        "list element types are not identical: [[map[emptyDir:map[] name:v]] [<nil>]]",
    ),
    (
        r#"{"$setElementOrder/imagePullSecrets":[],"imagePullSecrets":[[]]}"#,
        500,
        "expected a map[string]interface {}, but received a []interface {}",
    ),
    (r#"{"$setElementOrder/containers":["a"]}"#, 500, "value for key 0 is not a map"),
    (r#"{"$setElementOrder/containers":"a"}"#, 500, "expected a []interface {}, but received a string"),
    (
        r#"{"$setElementOrder/nosuch":[]}"#,
        500,
        r#"unable to find api field in struct PodSpec for the json field "nosuch""#,
    ),
    (r#"{"$setElementOrder":[]}"#, 400, "invalid patch format of setElementOrder list"),
    (r#"{"$deleteFromPrimitiveList":[]}"#, 400, "invalid patch format of primitive list"),
    (
        r#"{"volumes":[{"name":"v","$retainKeys":["name"],"hostPath":{}}]}"#,
        400,
        "invalid patch format of retainKeys",
    ),
    (r#"{"volumes":[{"name":"v","$retainKeys":"name"}]}"#, 400, "invalid patch format of retainKeys"),
    (
        r#"{"$setElementOrder/volumes":[{"name":"v"}],"volumes":[{"name":"w"}]}"#,
        500,
        "The order in patch list:\n[map[name:w]]\n doesn't match $setElementOrder list:\n[map[name:v]]\n",
    ),
];

#[test]
fn bad_directives_are_refused_in_the_originals_words() {
    for (patch, code, message) in REFUSED {
        assert_eq!(template(patch, &[]), Err((*code, (*message).to_owned())), "{patch}");
    }
}

#[test]
fn what_does_not_fit_is_refused_in_the_converters_words() {
    for (patch, shown, why) in [
        (r#"{"spec":"x"}"#, "map[spec:x]", "cannot restore struct from: string"),
        (r#"{"spec":[]}"#, "map[spec:[]]", "cannot restore struct from: slice"),
        (r#"{"spec":{"replicas":"x"}}"#, "map[spec:map[replicas:x]]", "unrecognized type: int32"),
        (r#"{"spec":{"replicas":1.5}}"#, "map[spec:map[replicas:1.5]]", "cannot convert float64 to int32"),
        (r#"{"metadata":{"name":5}}"#, "map[metadata:map[name:5]]", "cannot convert int64 to string"),
        (r#"{"metadata":{"name":true}}"#, "map[metadata:map[name:true]]", "unrecognized type: string"),
        (r#"{"metadata":{"labels":[1]}}"#, "map[metadata:map[labels:[1]]]", "cannot restore map from slice"),
        (
            r#"{"metadata":{"finalizers":{}}}"#,
            "map[metadata:map[finalizers:map[]]]",
            "cannot restore slice from map",
        ),
        (
            r#"{"spec":{"strategy":{"$retainKeys":["type"],"type":{}},"paused":null}}"#,
            "map[spec:map[paused:<nil> strategy:map[type:map[]]]]",
            "unrecognized type: string",
        ),
        (
            r#"{"metadata":{"ownerReferences":[{"a":null,"controller":"x"}]}}"#,
            "map[metadata:map[ownerReferences:[map[controller:x]]]]",
            "unrecognized type: bool",
        ),
        (
            r#"{"spec":{"strategy":{"rollingUpdate":{"maxSurge":true}}}}"#,
            "map[spec:map[strategy:map[rollingUpdate:map[maxSurge:true]]]]",
            "json: cannot unmarshal bool into Go value of type int32",
        ),
    ] {
        let message = format!(" \"\" is invalid: patch: Invalid value: {}: {why}", status::go_quote(shown));
        assert_eq!(at(patch, []), Err((422, message)), "{patch}");
    }
    for (patch, why) in [
        ("[]", "json: cannot unmarshal array into Go value of type map[string]interface {}"),
        ("", "unexpected end of JSON input"),
    ] {
        assert_eq!(at(patch, []), Err((400, why.to_owned())));
    }
    let deep = format!(r#"{{"a":{}{}}}"#, "[".repeat(2_000), "]".repeat(2_000));
    assert_eq!(at(&deep, []), Err((400, "exceeded max depth".to_owned())));
}

#[test]
fn the_replace_strategy_replaces_objects() {
    let schema = schema::builtin();
    let ty = schema.of_kind("policy", "v1", "PodDisruptionBudget").expect("a built-in kind");
    let target =
        parsed(r#"{"metadata":{"name":"b"},"spec":{"minAvailable":1,"selector":{"matchLabels":{"a":"1"}}}}"#);
    let patch = br#"{"spec":{"selector":{"matchLabels":{"z":"1"}},"maxUnavailable":"50%"}}"#;
    let spec = strategic_merge_patch(ty, &target, patch, true).unwrap().object.remove("spec");
    let expected = r#"{"maxUnavailable":"50%","minAvailable":1,"selector":{"matchLabels":{"z":"1"}}}"#;
    assert_eq!(spec, Some(parsed(expected)));
}

#[test]
fn duplicate_and_unknown_fields_are_reported() {
    let schema = schema::builtin();
    let ty = schema.of_kind("apps", "v1", "Deployment").expect("a built-in kind");
    let patch = br#"{"z":1,"spec":{"replicas":1,"replicas":2,"template":{"spec":{"tolerations":[{"key":"k","$patch":"delete"}]}}}}"#;
    let reports = |strict| strategic_merge_patch(ty, &parsed(DEPLOYMENT), patch, strict).unwrap().reports;
    assert_eq!(
        reports(true),
        [
            r#"duplicate field "spec.replicas""#,
            r#"unknown field "spec.template.spec.tolerations[0].$patch""#,
            r#"unknown field "z""#
        ]
    );
    assert!(reports(false).is_empty());
}

fn config_map(schema: &schema::Schema, data: &Value) -> Value {
    let mut object = parsed(r#"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c"}}"#);
    object.set("data", data.clone());
    schema::normalise(config_map_type(schema), &mut object);
    object
}

fn config_map_type(schema: &schema::Schema) -> TypeRef<'_> {
    schema.of_kind("", "v1", "ConfigMap").expect("a built-in kind")
}

fn texts() -> impl Strategy<Value = Value> {
    let text = prop_oneof![Just(Value::Null), "[x-z]{0,2}".prop_map(Value::from)];
    prop::collection::vec(("[a-d]{1,2}", text), 0..6)
        .prop_map(|entries| Value::Object(entries.into_iter().collect()))
}

fn containers() -> impl Strategy<Value = Vec<(String, String)>> {
    prop::collection::vec(("[a-e]", "[x-z]{1,2}"), 0..6)
}

fn pod_spec(containers: &[(String, String)]) -> Value {
    let container =
        |(name, image): &(String, String)| parsed(&format!(r#"{{"name":"{name}","image":"{image}"}}"#));
    let mut pod = parsed(r#"{"spec":{}}"#);
    pod.object_at("spec").insert("containers", containers.iter().map(container).collect::<Vec<_>>());
    pod
}

proptest! {
    #[test]
    fn maps_of_text_merge_as_a_merge_patch_does(data in texts(), change in texts()) {
        let schema = schema::builtin();
        let ty = config_map_type(&schema);
        let mut data = data;
        data.as_object_mut().expect("an object").retain(|_, value| !value.is_null());
        let target = config_map(&schema, &data);
        let mut patch = Value::object();
        patch.set("data", change);
        let body = json::to_vec(&patch);
        let merged = strategic_merge_patch(ty, &target, &body, true).unwrap().object;
        let plain = crate::merge_patch(&json::to_vec(&target), &body, true).unwrap();
        let (plain, _) = schema::decode(ty, json::parse(&plain.json).unwrap(), &plain.json).unwrap();
        prop_assert_eq!(merged, plain);
    }

    #[test]
    fn lists_keep_every_element_and_patching_again_changes_nothing(old in containers(), new in containers()) {
        let schema = schema::builtin();
        let ty = schema.of_kind("", "v1", "Pod").expect("a built-in kind");
        let unique = |list: Vec<(String, String)>| {
            list.into_iter().collect::<std::collections::BTreeMap<_, _>>().into_iter().collect::<Vec<_>>()
        };
        let (old, new) = (unique(old), unique(new));
        let body = json::to_vec(&pod_spec(&new));
        let once = strategic_merge_patch(ty, &pod_spec(&old), &body, true).unwrap().object;
        let images: std::collections::BTreeMap<&str, &str> = old.iter().chain(&new).map(|(a, b)| (a.as_str(), b.as_str())).collect();
        let merged = once.items_at(["spec", "containers"]);
        prop_assert_eq!(merged.len(), images.len());
        for item in merged {
            prop_assert_eq!(images.get(item.str_at(["name"])), Some(&item.str_at(["image"])));
        }
        let order = |list: &[Value]| list.iter().map(|item| item.str_at(["name"]).to_owned()).filter(|name| new.iter().any(|other| other.0 == *name)).collect::<Vec<_>>();
        prop_assert_eq!(order(merged), new.iter().map(|item| item.0.clone()).collect::<Vec<_>>());
        let twice = strategic_merge_patch(ty, &once, &body, true).unwrap().object;
        prop_assert_eq!(twice, once);
    }

    #[test]
    fn no_patch_panics(patch in crate::testing::object()) {
        let schema = schema::builtin();
        let ty = schema.of_kind("apps", "v1", "Deployment").expect("a built-in kind");
        let _ = strategic_merge_patch(ty, &parsed(DEPLOYMENT), &json::to_vec(&patch), true);
    }
}
