//! What updates of pods may change.

use std::sync::Arc;

use object::{Value, json};
use registry::{Context, Lookup, Request, Resource, Strategy, SubresourceAction, Verb, Warnings};
use status::{FieldError, FieldErrors};

struct Nothing;

impl Lookup for Nothing {
    fn get(&self, _: &str, _: &str, _: &str, _: &str) -> Option<Value> {
        None
    }

    fn list(&self, _: &str, _: &str, _: &str) -> Vec<Value> {
        Vec::new()
    }
}

fn pods() -> Arc<Resource> {
    let found = kinds::resources(&schema::builtin()).into_iter().find(|of| of.resource == "pods");
    Arc::new(found.expect("pods"))
}

/// The rules of the pod itself or of one of its subresources.
fn strategy(resource: &Resource, subresource: &str) -> Arc<dyn Strategy> {
    match resource.subresource(subresource).map(|found| &found.action) {
        Some(SubresourceAction::Object(strategy)) => strategy.clone(),
        _ => resource.strategy.clone(),
    }
}

fn pod(spec: &str, status: &str) -> Value {
    let text = format!(
        r#"{{"apiVersion":"v1","kind":"Pod","metadata":{{"name":"p"}},"spec":{spec},"status":{{"qosClass":"Burstable"{status}}}}}"#
    );
    json::parse(text.as_bytes()).expect("a pod")
}

/// What is wrong with an update of `old` to `new` through a subresource (the pod itself if it is empty).
fn update(subresource: &str, mut old: Value, mut new: Value) -> Vec<String> {
    let resource = pods();
    let strategy = strategy(&resource, subresource);
    resource.strategy.default(&mut old);
    resource.strategy.default(&mut new);
    let request = Request {
        verb: Verb::Update,
        resource: resource.clone(),
        subresource: resource.subresource(subresource).cloned(),
        namespace: "default".into(),
        name: "p".into(),
        user: Default::default(),
        user_agent: "test".into(),
    };
    let mut warnings = Warnings::default();
    let mut context = Context {
        request: &request,
        dry_run: false,
        warnings: &mut warnings,
        now: "2024-05-01T01:00:00Z",
        lookup: &Nothing,
    };
    strategy.prepare_update(&mut context, &mut new, &old);
    let mut errors = FieldErrors::new();
    strategy.validate_update(&mut context, &new, &old, &mut errors);
    errors.iter().map(FieldError::message).collect()
}

const CONTAINER: &str =
    r#"{"name":"c","image":"i:1","resources":{"requests":{"cpu":"1"},"limits":{"cpu":"2"}}}"#;

/// A spec with one container and more fields.
fn spec(more: &str) -> String {
    format!(r#"{{"containers":[{CONTAINER}]{more}}}"#)
}

fn one_container(container: &str) -> String {
    format!(r#"{{"containers":[{container}]}}"#)
}

/// Subresource, spec before, spec after, what is wrong.
fn check(subresource: &str, before: &str, after: &str, expected: &[&str]) {
    let messages = update(subresource, pod(before, ""), pod(after, ""));
    let heads: Vec<&str> = messages.iter().map(|message| message.lines().next().unwrap_or("")).collect();
    assert_eq!(heads, expected, "{subresource} {before} -> {after}");
}

#[test]
fn little_of_a_spec_may_change() {
    let image = one_container(&CONTAINER.replace("i:1", "i:2"));
    check("", &spec(""), &image, &[]);
    check("", &spec(""), &spec(r#","activeDeadlineSeconds":9"#), &[]);
    check(
        "",
        &spec(r#","activeDeadlineSeconds":9"#),
        &spec(r#","activeDeadlineSeconds":10"#),
        &["spec.activeDeadlineSeconds: Invalid value: 10: must be less than or equal to previous value"],
    );
    let two = format!(r#"{{"containers":[{CONTAINER},{{"name":"d","image":"i"}}]}}"#);
    check("", &spec(""), &two, &["spec.containers: Forbidden: pod updates may not add or remove containers"]);
    let toleration = r#","tolerations":[{"key":"a","operator":"Exists"}]"#;
    check("", &spec(""), &spec(toleration), &[]);
    check(
        "",
        &spec(toleration),
        &spec(""),
        &[
            "spec.tolerations: Forbidden: existing toleration can not be modified except its tolerationSeconds",
        ],
    );
}

#[test]
fn what_else_changes_is_shown_as_a_diff() {
    let messages = update("", pod(&spec(""), ""), pod(&spec(r#","hostNetwork":true"#), ""));
    let [message] = messages.as_slice() else { panic!("one error: {messages:?}") };
    let shown = "  \"SecurityContext\": {\n-  \"HostNetwork\": false,\n+  \"HostNetwork\": true,\n   \"HostPID\": false,\n";
    assert!(message.contains(shown), "{message}");
}

#[test]
fn gated_pods_may_be_narrowed_down() {
    let gated = |more: &str| spec(&format!(r#","schedulingGates":[{{"name":"g"}}]{more}"#));
    check("", &gated(""), &spec(""), &[]);
    check(
        "",
        &spec(""),
        &gated(""),
        &[
            "spec.schedulingGates[0].name: Forbidden: only deletion is allowed, but found new scheduling gate 'g'",
        ],
    );
    let selector = r#","nodeSelector":{"a":"b"}"#;
    check("", &gated(""), &gated(selector), &[]);
    check(
        "",
        &gated(selector),
        &gated(r#","nodeSelector":{"a":"c"}"#),
        &[
            "spec.nodeSelector: Invalid value: {\"a\":\"c\"}: only additions to spec.nodeSelector are allowed (no mutations \
         or deletions)",
        ],
    );
    let terms = |list: &str| {
        format!(
            r#","affinity":{{"nodeAffinity":{{"requiredDuringSchedulingIgnoredDuringExecution":{{"nodeSelectorTerms":[{list}]}}}}}}"#
        )
    };
    let (a, b) = (r#"{"key":"a","operator":"Exists"}"#, r#"{"key":"b","operator":"Exists"}"#);
    let one = terms(&format!(r#"{{"matchExpressions":[{a}]}}"#));
    check("", &gated(""), &gated(&one), &[]);
    check("", &gated(&one), &gated(&terms(&format!(r#"{{"matchExpressions":[{a},{b}]}}"#))), &[]);
    check(
        "",
        &gated(&one),
        &gated(&terms(&format!(r#"{{"matchExpressions":[{b}]}}"#))),
        &[
            "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0]: Invalid value: \
         {\"MatchExpressions\":[{\"Key\":\"b\",\"Operator\":\"Exists\",\"Values\":null}],\"MatchFields\":null}: only \
         additions are allowed (no mutations or deletions)",
        ],
    );
}

#[test]
fn ephemeral_containers_only_come() {
    let with = |image: &str| spec(&format!(r#","ephemeralContainers":[{{"name":"e","image":"{image}"}}]"#));
    check("ephemeralcontainers", &spec(""), &with("i"), &[]);
    check(
        "ephemeralcontainers",
        &with("i"),
        &spec(""),
        &["spec.ephemeralContainers: Forbidden: existing ephemeral containers \"e\" may not be removed"],
    );
    check(
        "ephemeralcontainers",
        &with("i"),
        &with("j"),
        &["spec.ephemeralContainers: Forbidden: existing ephemeral containers \"e\" may not be changed"],
    );
}

#[test]
fn resizes_change_sizes() {
    let sized =
        |resources: &str| one_container(&format!(r#"{{"name":"c","image":"i:1","resources":{resources}}}"#));
    let bigger = r#"{"requests":{"cpu":"2"},"limits":{"cpu":"3"}}"#;
    check("resize", &spec(""), &sized(bigger), &[]);
    check(
        "resize",
        &spec(""),
        &sized(r#"{"requests":{"cpu":"1"}}"#),
        &["spec.containers[0].resources.limits: Forbidden: resource limits cannot be removed"],
    );
    check(
        "resize",
        &spec(""),
        &sized(r#"{"requests":{"cpu":"1"},"limits":{"cpu":"2","a.io/b":"1"}}"#),
        &["spec: Forbidden: only cpu and memory resources are mutable"],
    );
    check(
        "resize",
        &spec(""),
        &sized("{}"),
        &[
            "spec: Invalid value: \"Burstable\": Pod QOS Class may not change as a result of resizing",
            "spec.containers[0].resources.requests: Forbidden: resource requests cannot be removed",
            "spec.containers[0].resources.limits: Forbidden: resource limits cannot be removed",
        ],
    );
    check(
        "resize",
        &spec(""),
        &one_container(&CONTAINER.replace("\"c\"", "\"d\"")),
        &["spec.containers[0].name: Forbidden: containers may not be renamed or reordered on resize"],
    );
    let windows = spec(r#","os":{"name":"windows"}"#);
    check("resize", &windows, &windows, &["[]: Forbidden: windows pods cannot be resized"]);
}

#[test]
fn statuses() {
    let cases: &[(&str, &[&str])] = &[
        (r#","podIP":"10.0.0.1""#, &[]),
        (
            r#","observedGeneration":-1"#,
            &["status.observedGeneration: Invalid value: -1: must be a non-negative integer"],
        ),
        (
            r#","podIP":"x""#,
            &[
                "status.podIPs[0]: Invalid value: \"x\": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)",
            ],
        ),
        (r#","podIPs":[{"ip":"10.0.0.1"},{"ip":"fd00::1"}]"#, &[]),
        (
            r#","podIPs":[{"ip":"10.0.0.1"},{"ip":"10.0.0.2"}]"#,
            &[
                "status.podIPs: Invalid value: [{\"IP\":\"10.0.0.1\"},{\"IP\":\"10.0.0.2\"}]: may specify no more than one IP \
             for each IP family",
            ],
        ),
        (
            r#","hostIPs":[{"ip":"10.0.0.1"}]"#,
            &["status.hostIPs[0].ip: Invalid value: \"10.0.0.1\": must be equal to `hostIP`"],
        ),
        (
            r#","containerStatuses":[{"name":"c","state":{"running":{}}}]"#,
            &[
                "status.containerStatuses[0].state: Forbidden: may not be transitioned to non-terminated state",
            ],
        ),
    ];
    let spec = spec(r#","restartPolicy":"Never""#);
    let old = r#","containerStatuses":[{"name":"c","state":{"terminated":{"exitCode":1}}}]"#;
    for (status, expected) in cases {
        assert_eq!(update("status", pod(&spec, old), pod(&spec, status)), *expected, "{status}");
    }
}

/// One node with room for a cpu.
struct SmallNode;

impl Lookup for SmallNode {
    fn get(&self, _: &str, resource: &str, _: &str, name: &str) -> Option<Value> {
        let node = r#"{"metadata":{"name":"n"},"status":{"allocatable":{"cpu":"1","memory":"1Gi"}}}"#;
        (resource == "nodes" && name == "n").then(|| json::parse(node.as_bytes()).expect("a node"))
    }

    fn list(&self, _: &str, _: &str, _: &str) -> Vec<Value> {
        Vec::new()
    }
}

#[test]
fn a_resized_pod_fits_its_node() {
    let resource = pods();
    let strategy = strategy(&resource, "resize");
    let request = Request {
        verb: Verb::Update,
        resource: resource.clone(),
        subresource: resource.subresource("resize").cloned(),
        namespace: "default".into(),
        name: "p".into(),
        user: Default::default(),
        user_agent: "test".into(),
    };
    for (node, cpu, expected) in
        [("n", "1", ""), ("n", "2", "cpu, requested: 2000, allocatable: 1000"), ("m", "2", "")]
    {
        let mut warnings = Warnings::default();
        let mut context = Context {
            request: &request,
            dry_run: false,
            warnings: &mut warnings,
            now: "2024-05-01T01:00:00Z",
            lookup: &SmallNode,
        };
        let container = format!(r#"{{"name":"c","resources":{{"requests":{{"cpu":"{cpu}"}}}}}}"#);
        let mut pod = pod(&format!(r#"{{"nodeName":"{node}","containers":[{container}]}}"#), "");
        let old = pod.clone();
        let refused = strategy.allocate(&mut context, &mut pod, Some(&old)).err();
        let message = refused.map_or(String::new(), |status| status.message.to_string());
        assert!(
            message.ends_with(expected) && message.is_empty() == expected.is_empty(),
            "{node} {cpu}: {message}"
        );
    }
}
