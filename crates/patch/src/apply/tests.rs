//! Whole writes, one after the other, on one object.

use object::{Value, json};
use schema::{Schema, builtin};

use super::*;

pub(super) fn parse(text: &str) -> Value {
    json::parse(text.as_bytes()).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// One object of a built-in kind, and the clock.
struct Fixture {
    api_version: &'static str,
    kind: &'static str,
    object: Option<Value>,
    second: u32,
}

impl Fixture {
    fn new(api_version: &'static str, kind: &'static str) -> Fixture {
        Fixture { api_version, kind, object: None, second: 0 }
    }

    fn with<T>(
        &mut self,
        manager: &str,
        subresource: &str,
        write: impl FnOnce(&Context<'_>, Option<&Value>) -> T,
    ) -> T {
        let schema: &Schema = &builtin();
        let (group, version) = self.api_version.split_once('/').unwrap_or(("", self.api_version));
        let ty = schema.of_kind(group, version, self.kind).expect("a built-in kind");
        let reset = if subresource.is_empty() { "status" } else { "spec" };
        let versions =
            SingleVersion { api_version: self.api_version, ty, reset_fields: Set::of_fields([[reset]]) };
        self.second += 1;
        let now = format!("2026-01-01T00:00:{:02}Z", self.second);
        let context = Context {
            versions: &versions,
            api_version: self.api_version,
            kind: self.kind,
            manager,
            subresource,
            now: &now,
        };
        write(&context, self.object.as_ref())
    }

    fn body(&self, json: &str) -> Value {
        let mut body = parse(json);
        body.set("apiVersion", self.api_version);
        body.set("kind", self.kind);
        body.object_at("metadata").insert("name", "x");
        body
    }

    fn apply_with(&mut self, manager: &str, json: &str, force: bool) -> Result<(), String> {
        let body = self.body(json);
        let object = self.with(manager, "", |context, live| apply(context, live, body, force));
        self.object = Some(object.map_err(|status| format!("{} {}", status.code, status.message))?);
        Ok(())
    }

    fn apply(&mut self, manager: &str, json: &str) {
        self.apply_with(manager, json, false).expect("no conflict");
    }

    fn refused(&mut self, manager: &str, json: &str) -> String {
        self.apply_with(manager, json, false).expect_err("a failure")
    }

    /// An update to the object that `change` makes of the live one.
    fn update(&mut self, manager: &str, change: impl FnOnce(&mut Value)) {
        let mut new = self.object.clone().unwrap_or_else(|| self.body("{}"));
        change(&mut new);
        self.with(manager, "", |context, live| update(context, live, &mut new));
        self.object = Some(new);
    }

    /// `manager operation [second]: fields`, an entry a line.
    fn managers(&self) -> Vec<String> {
        let managed = managed::of(self.object.as_ref().expect("an object"));
        let entries = decode(managed).expect("what was encoded decodes");
        let line = |entry: &Entry| {
            let second = entry.time.as_deref().map_or("-", |time| &time[17..19]);
            let fields = json::to_string(&entry.fields.to_fields_v1())
                .replace(r#"{".":{},"#, "{.,")
                .replace(":{}", "");
            let fields = fields.replace('"', "").replace('\\', "'");
            format!("{} {} {second}: {fields}", entry.manager, entry.operation.as_str())
        };
        entries.iter().map(line).collect()
    }

    fn at(&self, path: &[&str]) -> String {
        let value = self.object.as_ref().and_then(|object| object.at(path.iter().copied()));
        value.map_or("absent".to_owned(), json::to_string)
    }
}

fn config_map() -> Fixture {
    Fixture::new("v1", "ConfigMap")
}

fn set_data(key: &'static str, value: &'static str) -> impl FnOnce(&mut Value) {
    move |object| {
        object.object_at("data").insert(key, value);
    }
}

#[test]
fn a_create_is_owned_by_its_creator() {
    let mut map = config_map();
    map.update("c", set_data("a", "1"));
    assert_eq!(map.managers(), ["c Update 01: {f:data:{.,f:a}}"]);
    map.update("d", set_data("b", "1"));
    assert_eq!(map.managers(), ["c Update 01: {f:data:{.,f:a}}", "d Update 02: {f:data:{f:b}}"]);
}

#[test]
fn who_writes_the_same_value_shares_it_and_who_changes_it_takes_it() {
    let mut map = config_map();
    map.apply("m1", r#"{"data":{"a":"1","s":"1"}}"#);
    map.apply("m2", r#"{"data":{"s":"1"}}"#);
    assert_eq!(map.managers(), ["m2 Apply -: {f:data:{f:s}}", "m1 Apply 01: {f:data:{f:a,f:s}}"]);
    map.update("u", set_data("s", "2"));
    assert_eq!(map.managers(), ["m1 Apply 01: {f:data:{f:a}}", "u Update 03: {f:data:{f:s}}"]);
}

#[test]
fn what_an_applier_leaves_out_goes_unless_another_owns_it() {
    let mut map = config_map();
    map.apply("m1", r#"{"data":{"a":"1","b":"1","s":"1"}}"#);
    map.apply("m2", r#"{"data":{"s":"1","z":"1"}}"#);
    map.update("u", set_data("b", "2"));
    map.apply("m1", r#"{"data":{}}"#);
    assert_eq!(map.at(&["data"]), r#"{"b":"2","s":"1","z":"1"}"#);
    map.apply("m2", "{}");
    assert_eq!(map.at(&["data"]), r#"{"b":"2"}"#);
}

#[test]
fn conflicts_name_managers_and_fields() {
    let mut map = config_map();
    map.apply("m1", r#"{"data":{"a":"1","c":"1"}}"#);
    map.update("upd", set_data("u", "1"));
    assert_eq!(
        map.refused("m3", r#"{"data":{"a":"2"}}"#),
        r#"409 Apply failed with 1 conflict: conflict with "m1": .data.a"#
    );
    assert_eq!(
        map.refused("m3", r#"{"data":{"a":"2","c":"2","u":"2"}}"#),
        "409 Apply failed with 3 conflicts: conflicts with \"m1\":\n- .data.a\n- .data.c\nconflicts with \"upd\" \
         using v1:\n- .data.u"
    );
    map.apply_with("m3", r#"{"data":{"a":"2","c":"2","u":"2"}}"#, true).expect("forced");
    assert_eq!(map.managers(), ["m3 Apply 05: {f:data:{f:a,f:c,f:u}}"]);
}

#[test]
fn bad_configurations_are_refused_in_the_known_words() {
    let failed = |rest: &str| {
        format!("500 failed to create typed patch object (/x; apps/v1, Kind=Deployment): {rest}")
    };
    let spec = |pod: &str| format!(r#"{{"spec":{{"template":{{"spec":{pod}}}}}}}"#);
    let cases = [
        (r#"{"spec":{"x":1}}"#.to_owned(), failed(".spec.x: field not declared in schema")),
        (
            r#"{"spec":{"replicas":"3"}}"#.to_owned(),
            failed(".spec.replicas: expected numeric (int or float), got string"),
        ),
        (r#"{"spec":{"template":[]}}"#.to_owned(), failed(".spec.template: expected map, got &{[]}")),
        (spec(r#"{"containers":"x"}"#), failed(".spec.template.spec.containers: expected list, got &{x}")),
        (r#"{"spec":{"paused":"yes"}}"#.to_owned(), failed(".spec.paused: expected boolean, got &{yes}")),
        (
            r#"{"metadata":{"labels":{"a":5}}}"#.to_owned(),
            failed(".metadata.labels.a: expected string, got &value.valueUnstructured{Value:5}"),
        ),
        (
            spec(r#"{"containers":[{"name":"c"},{"name":"c"}]}"#),
            failed(r#".spec.template.spec.containers: duplicate entries for key [name="c"]"#),
        ),
        (
            spec(r#"{"containers":[{"name":"c","ports":[{"containerPort":80},{"containerPort":80}]}]}"#),
            failed(
                r#".spec.template.spec.containers[name="c"].ports: duplicate entries for key [containerPort=80,protocol="TCP"]"#,
            ),
        ),
        (
            spec(r#"{"containers":[null]}"#),
            failed(
                ".spec.template.spec.containers: element 0: associative list with keys may not have a null element",
            ),
        ),
        (
            r#"{"metadata":{"finalizers":["a","a"]}}"#.to_owned(),
            failed(r#".metadata.finalizers: duplicate entries for key [="a"]"#),
        ),
        (
            r#"{"metadata":{"managedFields":[]}}"#.to_owned(),
            "400 metadata.managedFields must be nil".to_owned(),
        ),
    ];
    for (body, message) in cases {
        let mut deployment = Fixture::new("apps/v1", "Deployment");
        assert_eq!(deployment.refused("m", &body), message);
    }
    let mut map = config_map();
    let other = parse(r#"{"apiVersion":"apps/v1","kind":"ConfigMap"}"#);
    let refused =
        map.with("m", "", |context, live| apply(context, live, other, false)).expect_err("another version");
    assert_eq!(refused.message, "invalid object type: apps/v1, Kind=ConfigMap");
}

fn containers(names: &[&str]) -> String {
    let containers: Vec<String> = names.iter().map(|name| format!(r#"{{"name":"{name}"}}"#)).collect();
    format!(r#"{{"spec":{{"containers":[{}]}}}}"#, containers.join(","))
}

#[test]
fn merged_lists_have_the_order_of_the_configuration() {
    let cases: &[(&[&str], &[&str], &[&str])] = &[
        (&["a", "b", "c"], &["b"], &["a", "b", "c"]),
        (&["a", "b"], &["z", "b"], &["a", "z", "b"]),
        (&["a", "b", "c"], &["c", "a"], &["b", "c", "a"]),
        (&["a", "b", "c"], &["c", "b", "a"], &["c", "b", "a"]),
        (&["a", "b"], &["x", "y"], &["a", "b", "x", "y"]),
        (&["c", "a", "b"], &["a", "x"], &["c", "a", "b", "x"]),
    ];
    for (live, applied, expected) in cases {
        let mut pod = Fixture::new("v1", "Pod");
        pod.apply("m1", &containers(live));
        pod.apply("m2", &containers(applied));
        let items = pod.object.as_ref().expect("an object").items_at(["spec", "containers"]);
        let names: Vec<&str> = items.iter().map(|item| item.str_at(["name"])).collect();
        assert_eq!(&names, expected, "{live:?} with {applied:?}");
    }
}

#[test]
fn duplicates_that_an_update_wrote_are_one_thing() {
    let mut pod = Fixture::new("v1", "Pod");
    pod.apply("m", r#"{"spec":{"containers":[{"name":"c"}]}}"#);
    pod.update("u", |object| {
        let env = parse(r#"[{"name":"A","value":"1"},{"name":"B","value":"1"},{"name":"A","value":"2"}]"#);
        object
            .at_mut(["spec"])
            .and_then(|spec| spec.get_mut("containers"))
            .and_then(Value::as_array_mut)
            .expect("a list")[0]
            .set("env", env);
    });
    assert_eq!(
        pod.managers()[1],
        "u Update 02: {f:spec:{f:containers:{k:{'name':'c'}:{f:env:{.,k:{'name':'A'},k:{'name':'B'}:{.,f:name,f:value}}}}}}"
    );
    let env = r#"{"spec":{"containers":[{"name":"c","env":[{"name":"A","value":"3"}]}]}}"#;
    assert_eq!(
        pod.refused("m", env),
        r#"409 Apply failed with 1 conflict: conflict with "u" using v1: .spec.containers[name="c"].env[name="A"]"#
    );
    pod.apply_with("m", env, true).expect("forced");
    assert_eq!(
        json::to_string(&pod.object.as_ref().expect("an object").items_at(["spec", "containers"])[0]),
        r#"{"env":[{"name":"A","value":"3"},{"name":"B","value":"1"}],"name":"c"}"#
    );
}

#[test]
fn untracked_objects_stay_so_until_their_first_apply() {
    let mut map = config_map();
    map.update("c", set_data("a", "1"));
    for cleared in ["[]", "[{}]"] {
        map.update("c", |object| {
            object.object_at("metadata").insert("managedFields", parse(cleared)).map_or((), drop)
        });
        assert_eq!(map.at(&["metadata", "managedFields"]), "absent");
    }
    map.update("c", set_data("b", "1"));
    assert_eq!(map.at(&["metadata", "managedFields"]), "absent");
    map.apply("m", r#"{"data":{"c":"1"}}"#);
    assert_eq!(
        map.managers(),
        ["m Apply 05: {f:data:{f:c}}", "before-first-apply Update 05: {f:data:{.,f:a,f:b}}"]
    );
}

#[test]
fn clients_may_write_entries_that_can_be_read() {
    let cases = [
        (
            r#"[{"manager":"x","operation":"Update","apiVersion":"v1","fieldsType":"FieldsV1","fieldsV1":{"f:data":{"f:a":{}}}}]"#,
            "x",
        ),
        (r#"[{"manager":"x","operation":"Delete","apiVersion":"v1","fieldsType":"FieldsV1"}]"#, "m"),
        (r#"[{"manager":"x","operation":"Update","fieldsType":"FieldsV1"}]"#, "m"),
        (r#"[{"manager":"x","operation":"Update","apiVersion":"v1"}]"#, "m"),
        (
            r#"[{"manager":"x","operation":"Update","apiVersion":"v1","fieldsType":"FieldsV1","fieldsV1":{"x":{}}}]"#,
            "m",
        ),
        ("[{},{}]", "m"),
        ("null", "m"),
    ];
    for (sent, owner) in cases {
        let mut map = config_map();
        map.apply("m", r#"{"data":{"a":"1"}}"#);
        map.update("u", |object| {
            object.object_at("metadata").insert("managedFields", parse(sent));
        });
        let managers = map.managers();
        assert!(managers.len() == 1 && managers[0].starts_with(owner), "{sent}: {managers:?}");
    }
}

#[test]
fn old_updaters_become_one() {
    let mut map = config_map();
    for key in ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"] {
        map.update(key, set_data(key, "1"));
    }
    let managers = map.managers();
    assert_eq!(managers.len(), 10);
    assert_eq!(managers[0], "ancient-changes Update 03: {f:data:{.,f:a,f:b,f:c}}");
}

#[test]
fn kubectl_may_take_over_what_it_wrote_by_client_side_apply() {
    let last = r#"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"x"},"data":{"a":"1"}}"#;
    let mut map = config_map();
    map.update("kubectl-client-side-apply", |object| {
        object.object_at("metadata").object_at_annotation(last);
        object.object_at("data").insert("a", "1");
        object.object_at("data").insert("b", "1");
    });
    assert!(map.refused("other", r#"{"data":{"a":"2"}}"#).starts_with("409"));
    assert!(map.refused("kubectl", r#"{"data":{"a":"2","b":"2"}}"#).ends_with(".data.b"));
    map.apply("kubectl", r#"{"data":{"a":"2"}}"#);
    assert_eq!(
        map.at(&["metadata", "annotations"]),
        json::to_string(&parse(
            r#"{"kubectl.kubernetes.io/last-applied-configuration":"{\"apiVersion\":\"v1\",\"data\":{\"a\":\"2\"},\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"x\"}}\n"}"#
        ))
    );
}

trait LastApplied {
    fn object_at_annotation(&mut self, last: &str);
}

impl LastApplied for object::Map {
    fn object_at_annotation(&mut self, last: &str) {
        let annotations = self.get_or_insert_with("annotations", Value::object).make_object();
        annotations.insert("kubectl.kubernetes.io/last-applied-configuration", last);
    }
}

#[test]
fn a_write_that_changes_nothing_but_times_changes_nothing() {
    let mut map = config_map();
    map.apply("m", r#"{"data":{"a":"1"}}"#);
    let old = map.object.clone().expect("an object");
    let mut new = old.clone();
    if let Some(entries) = new.at_mut(["metadata", "managedFields"]).and_then(Value::as_array_mut) {
        entries[0].set("time", "2030-01-01T00:00:00Z");
    }
    let mut changed = new.clone();
    keep_times(&old, &mut new);
    assert_eq!(new, old);
    changed.object_at("data").insert("a", "2");
    let expected = changed.clone();
    keep_times(&old, &mut changed);
    assert_eq!(changed, expected);
}

#[test]
fn scale_entries_go_to_the_parent_and_back() {
    let entry = |manager: &str, operation, version: &str, subresource: &str, fields| Entry {
        manager: manager.into(),
        operation,
        api_version: version.into(),
        subresource: subresource.into(),
        time: Some("2026-01-01T00:00:00Z".into()),
        fields,
    };
    let mapping = ScaleMapping { versions: &[("apps/v1", Some(vec!["spec", "replicas"]))] };
    let both = Set::of_fields([["spec", "replicas"], ["spec", "paused"]]);
    let replicas = Set::of_fields([["spec", "replicas"]]);
    let parent = [
        entry("m1", Operation::Apply, "apps/v1", "", both.clone()),
        entry("m2", Operation::Apply, "apps/v1", "", Set::of_fields([["spec", "paused"]])),
        entry("gone", Operation::Update, "apps/v0", "", both),
    ];
    let scale = mapping.to_scale(&parent);
    assert_eq!(scale, [entry("m1", Operation::Apply, SCALE_VERSION, "", replicas.clone())]);

    let taken = vec![entry("hpa", Operation::Update, SCALE_VERSION, "scale", replicas.clone())];
    let after = mapping.to_parent(&parent, taken, "apps/v1");
    let hpa = Entry { time: None, ..entry("hpa", Operation::Update, "apps/v1", "scale", replicas) };
    let left = Set::of_fields([["spec", "paused"]]);
    assert_eq!(after, [entry("m1", Operation::Apply, "apps/v1", "", left), parent[1].clone(), hpa]);
    assert_eq!(mapping.to_parent(&parent, scale, "apps/v1"), parent[..2]);
}

#[test]
fn names_of_managers() {
    for (agent, name) in [
        ("kubectl/v1.37.0 (linux/amd64)", "kubectl"),
        ("curl", "curl"),
        ("/v1", ""),
        ("My Agent/1.0", "My Agent"),
        ("a\u{1}b/1", "ab"),
        (&"é".repeat(100), &"é".repeat(64)),
    ] {
        assert_eq!(manager_from_user_agent(agent), name);
    }
    let path = status::Path::new("fieldManager");
    let messages =
        |name: &str| validate_manager(name, &path).iter().map(|error| error.message()).collect::<Vec<_>>();
    assert_eq!(messages("a/b:c é"), [""; 0]);
    assert_eq!(
        messages("a\nb"),
        [r#"fieldManager: Invalid value: "a\nb": invalid character U+000A (at position 1)"#]
    );
    assert_eq!(messages("\n\n").len(), 2);
    assert_eq!(messages(&"é".repeat(65)), ["fieldManager: Too long: may not be more than 128 bytes"]);
}

#[test]
fn entries_that_clients_write_are_checked() {
    let long = "s".repeat(257);
    let cases = [
        (r#"{"operation":"Apply","fieldsType":"FieldsV1","manager":"m"}"#.to_owned(), ""),
        (
            r#"{"operation":"Frob","fieldsType":"FieldsV1"}"#.to_owned(),
            "metadata.managedFields[0].operation: Invalid value: \"Frob\": must be `Apply` or `Update`",
        ),
        (
            r#"{"operation":"Apply","fieldsType":"V2"}"#.to_owned(),
            "metadata.managedFields[0].fieldsType: Invalid value: \"V2\": must be `FieldsV1`",
        ),
        (
            format!(r#"{{"operation":"Apply","subresource":"{long}"}}"#),
            "metadata.managedFields[0].subresource: Too long: may not be more than 256 bytes",
        ),
    ];
    let (metadata, name) = (status::Path::new("metadata"), "managedFields");
    for (entry, expected) in cases {
        let errors = validate_managed_fields(&parse(&format!("[{entry}]")), &metadata.child(name));
        let messages: Vec<String> = errors.iter().map(|error| error.message()).collect();
        assert_eq!(messages.join("; "), expected);
    }
}

#[test]
fn nesting_is_limited() {
    let nested = |levels: usize, open: &str, close: &str| {
        parse(&format!("{}1{}", open.repeat(levels), close.repeat(levels)))
    };
    let mut definition = Fixture::new("apiextensions.k8s.io/v1", "CustomResourceDefinition");
    let version = |levels| {
        let default = json::to_string(&nested(levels, r#"{"a":"#, "}"));
        format!(
            r#"{{"spec":{{"versions":[{{"name":"v1","schema":{{"openAPIV3Schema":{{"default":{default}}}}}}}]}}}}"#
        )
    };
    assert_eq!(definition.apply_with("m", &version(100), false), Ok(()));
    assert!(definition.refused("m", &version(2_000)).contains("nested deeper than 1000 levels"));
    assert!(Set::from_fields_v1(&nested(2_000, r#"{"f:a":"#, "}")).is_err());
}
