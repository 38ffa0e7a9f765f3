//! Pairs of our own: objects in JSON, and the messages that a client of another make (prost's) has for them.

use std::collections::BTreeMap;

use k8s_pb::api::apps::v1 as apps;
use k8s_pb::api::core::v1 as core;
use k8s_pb::apimachinery::pkg::api::resource::Quantity;
use k8s_pb::apimachinery::pkg::apis::meta::v1 as meta;
use k8s_pb::apimachinery::pkg::util::intstr::IntOrString;
use object::json;
use schema::protobuf::{Envelope, MAGIC, Message};

type Pairs<'a> = &'a [(&'a str, &'a str)];

fn texts(pairs: Pairs<'_>) -> BTreeMap<String, String> {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn named(name: &str, labels: Pairs<'_>) -> Option<meta::ObjectMeta> {
    Some(meta::ObjectMeta {
        name: some(name),
        labels: texts(labels),
        creation_timestamp: Some(meta::Time { seconds: Some(1_700_000_000), nanos: Some(0) }),
        ..Default::default()
    })
}

/// The object in normal form that a JSON text is of.
fn object(kind: (&str, &str, &str), text: &str) -> object::Value {
    let builtin = schema::builtin();
    let ty = builtin.of_kind(kind.0, kind.1, kind.2).expect("a built-in kind");
    let value = json::parse(text.as_bytes()).expect("JSON");
    schema::decode(ty, value, text.as_bytes()).expect("of the type").0
}

/// What a client sends is read as the JSON, and what it is sent decodes to what it would have sent: a prost message
/// leaves out what is not set where the original writes empty values, so messages are compared after a way there and
/// back.
fn check<M: prost::Message + Default + PartialEq>(kind: (&str, &str, &str), text: &str, theirs: &M) {
    let message = Message::of_kind(kind.0, kind.1, kind.2).expect("a built-in kind");
    let mut expected = object(kind, text);
    let api_version = expected.remove("apiVersion").and_then(|value| value.as_str().map(str::to_owned));
    expected.remove("kind");
    let read = message.decode(&theirs.encode_to_vec()).expect("a message");
    assert_eq!(json::to_string(&read), json::to_string(&expected));

    let sent = message.encode_document(&api_version.expect("a version"), kind.2, &expected);
    let envelope = Envelope::read(&sent[MAGIC.len()..]).expect("an envelope");
    assert_eq!(envelope.kind, kind.2);
    let received = M::decode(envelope.message).expect("a message for prost");
    let again = message.decode(&received.encode_to_vec()).expect("a message");
    assert_eq!(again, expected);
    assert_eq!(received.encode_to_vec(), envelope.message, "fields and entries in the same order");
}

#[test]
fn config_maps() {
    let theirs = core::ConfigMap {
        metadata: named("settings", &[("b", "2"), ("a", "1")]),
        data: texts(&[("z", "last"), ("k", "v")]),
        binary_data: BTreeMap::from([("raw".to_owned(), vec![0, 255, 7])]),
        immutable: Some(true),
    };
    let text = r#"{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"settings",
        "creationTimestamp":"2023-11-14T22:13:20Z","labels":{"a":"1","b":"2"}},"data":{"k":"v","z":"last"},
        "binaryData":{"raw":"AP8H"},"immutable":true}"#;
    check(("", "v1", "ConfigMap"), text, &theirs);
}

#[test]
fn pods() {
    let theirs = core::Pod {
        metadata: named("web", &[("app", "web")]),
        spec: Some(core::PodSpec {
            containers: vec![core::Container {
                name: some("main"),
                image: some("example.com/web:1"),
                command: vec!["serve".to_owned(), String::new()],
                ports: vec![core::ContainerPort {
                    container_port: Some(8080),
                    protocol: some("TCP"),
                    ..Default::default()
                }],
                resources: Some(core::ResourceRequirements {
                    limits: BTreeMap::from([("cpu".to_owned(), Quantity { string: some("500m") })]),
                    ..Default::default()
                }),
                ..Default::default()
            }],
            termination_grace_period_seconds: Some(-1),
            host_users: Some(false),
            ..Default::default()
        }),
        status: None,
    };
    let text = r#"{"kind":"Pod","apiVersion":"v1","metadata":{"name":"web",
        "creationTimestamp":"2023-11-14T22:13:20Z","labels":{"app":"web"}},"spec":{"containers":[{"name":"main",
        "image":"example.com/web:1","command":["serve",""],"ports":[{"containerPort":8080,"protocol":"TCP"}],
        "resources":{"limits":{"cpu":"500m"}}}],"terminationGracePeriodSeconds":-1,"hostUsers":false}}"#;
    check(("", "v1", "Pod"), text, &theirs);
}

#[test]
fn deployments() {
    let theirs = apps::Deployment {
        metadata: named("web", &[]),
        spec: Some(apps::DeploymentSpec {
            replicas: Some(0),
            selector: Some(meta::LabelSelector {
                match_labels: texts(&[("app", "web")]),
                ..Default::default()
            }),
            strategy: Some(apps::DeploymentStrategy {
                r#type: some("RollingUpdate"),
                rolling_update: Some(apps::RollingUpdateDeployment {
                    max_surge: Some(IntOrString { r#type: Some(1), int_val: Some(0), str_val: some("25%") }),
                    max_unavailable: Some(IntOrString {
                        r#type: Some(0),
                        int_val: Some(2),
                        str_val: some(""),
                    }),
                }),
            }),
            ..Default::default()
        }),
        status: None,
    };
    let text = r#"{"kind":"Deployment","apiVersion":"apps/v1","metadata":{"name":"web",
        "creationTimestamp":"2023-11-14T22:13:20Z"},"spec":{"replicas":0,"selector":{"matchLabels":{"app":"web"}},
        "strategy":{"type":"RollingUpdate","rollingUpdate":{"maxSurge":"25%","maxUnavailable":2}}}}"#;
    check(("apps", "v1", "Deployment"), text, &theirs);
}
