//! A custom resource in two versions, between which a webhook converts.

mod remote;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use base64::Engine;
use bytes::Bytes;
use http::{Method, Response, StatusCode};
use http_body_util::Full;
use object::{Value, json};
use remote::{Cluster, Extension, Handler};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const DEFINITIONS: &str = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const WIDGETS: &str = "/apis/c.example.com/VERSION/namespaces/default/widgets";

fn at(version: &str) -> String {
    WIDGETS.replace("VERSION", version)
}

/// `spec.host` and `spec.port` of v1 are `spec.address` of v2. An object that is called `bad` can't be converted.
fn convert(review: &Value) -> Value {
    let wanted = review.str_at(["request", "desiredAPIVersion"]);
    let mut response = Value::object();
    response.set("uid", review.str_at(["request", "uid"]));
    let mut result = Value::object();
    result.set("status", "Success");
    let mut objects = Vec::new();
    for object in review.items_at(["request", "objects"]) {
        let mut object = object.clone();
        if object.str_at(["metadata", "name"]) == "bad" {
            result.set("status", "Failure");
            result.set("message", "bad is not convertible");
        }
        let mut spec = Value::object();
        if wanted.ends_with("v2") {
            let (host, port) = (object.str_at(["spec", "host"]), object.str_at(["spec", "port"]));
            spec.set("address", format!("{host}:{port}"));
        } else {
            let (host, port) = object.str_at(["spec", "address"]).split_once(':').unwrap_or_default();
            spec.set("host", host);
            spec.set("port", port);
        }
        object.set("apiVersion", wanted);
        object.set("spec", spec);
        object.object_at("metadata").insert("generation", 99);
        objects.push(object);
    }
    response.set("result", result);
    response.set("convertedObjects", objects);
    let mut answer = Value::object();
    answer.set("apiVersion", review.str_at(["apiVersion"]));
    answer.set("kind", "ConversionReview");
    answer.set("response", response);
    answer
}

fn definition(client: &str, bundle: &str) -> String {
    let version = |name: &str, storage: bool, fields: &str| {
        format!(
            r#"{{"name":"{name}","served":true,"storage":{storage},"schema":{{"openAPIV3Schema":{{"type":"object",
                "properties":{{"spec":{{"type":"object","properties":{{{fields}}}}}}}}}}}}}"#
        )
    };
    format!(
        r#"{{"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{{"name":"widgets.c.example.com"}},
            "spec":{{"group":"c.example.com","scope":"Namespaced","names":{{"plural":"widgets","kind":"Widget"}},
            "conversion":{{"strategy":"Webhook","webhook":{{"conversionReviewVersions":["v1"],
                "clientConfig":{{"caBundle":"{bundle}",{client}}}}}}},
            "versions":[{},{}]}}}}"#,
        version("v1", true, r#""host":{"type":"string"},"port":{"type":"string"}"#),
        version("v2", false, r#""address":{"type":"string"}"#),
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_converts() {
    let cluster = Cluster::start("conversion").await;
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let handler: Arc<Handler> = Arc::new(move |_, body| {
        count.fetch_add(1, Ordering::SeqCst);
        let review = json::parse(body).expect("a review");
        Response::new(Full::new(Bytes::from(json::to_vec(&convert(&review)))))
    });
    let extension = Extension::start("hooks.default.svc", None, handler).await.expect("a server");
    let service =
        r#"{"metadata":{"name":"hooks"},"spec":{"type":"ExternalName","externalName":"localhost"}}"#;
    cluster.must(Method::POST, "/api/v1/namespaces/default/services", service).await;
    let bundle = base64::engine::general_purpose::STANDARD.encode(&extension.authority);
    let client = format!(
        r#""service":{{"namespace":"default","name":"hooks","path":"/convert","port":{}}}"#,
        extension.address.port()
    );
    cluster.must(Method::POST, DEFINITIONS, &definition(&client, &bundle)).await;

    let widget = |version: &str, name: &str, spec: &str| {
        format!(
            r#"{{"apiVersion":"c.example.com/{version}","kind":"Widget","metadata":{{"name":"{name}"}},"spec":{spec}}}"#
        )
    };
    let body = widget("v2", "a", r#"{"address":"h:1"}"#);
    let created = cluster.must(Method::POST, &at("v2"), &body).await;
    assert_eq!(created.str_at(["spec", "address"]), "h:1");
    assert_eq!(created.at(["metadata", "generation"]).and_then(Value::as_i64), Some(1));
    let (_, stored) = cluster.get(&format!("{}/a", at("v1"))).await;
    assert_eq!((stored.str_at(["spec", "host"]), stored.str_at(["spec", "port"])), ("h", "1"));

    let patched =
        cluster.must(Method::PATCH, &format!("{}/a", at("v2")), r#"{"spec":{"address":"h:2"}}"#).await;
    assert_eq!(patched.at(["metadata", "generation"]).and_then(Value::as_i64), Some(2));
    assert_eq!(cluster.get(&format!("{}/a", at("v1"))).await.1.str_at(["spec", "port"]), "2");

    // A list is converted at once, and once.
    for name in ["b", "c", "d"] {
        cluster.must(Method::POST, &at("v1"), &widget("v1", name, r#"{"host":"x","port":"9"}"#)).await;
    }
    let before = asked.load(Ordering::SeqCst);
    for _ in 0..3 {
        let (_, list) = cluster.get(&at("v2")).await;
        let addresses: Vec<&str> =
            list.items_at(["items"]).iter().map(|item| item.str_at(["spec", "address"])).collect();
        assert_eq!(addresses, ["h:2", "x:9", "x:9", "x:9"]);
    }
    assert_eq!(asked.load(Ordering::SeqCst) - before, 1);

    watch(&cluster).await;

    // What the webhook refuses can be written in the stored version, and not be read in another.
    cluster.must(Method::POST, &at("v1"), &widget("v1", "bad", "{}")).await;
    let (code, refusal) = cluster.get(&format!("{}/bad", at("v2"))).await;
    assert_eq!(code, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(
        refusal.str_at(["message"]),
        "conversion webhook for c.example.com/v1, Kind=Widget failed: bad is not convertible"
    );
    let port = extension.address.port();
    drop(extension);
    tokio::time::sleep(Duration::from_millis(20)).await;
    let (_, refusal) = cluster.get(&format!("{}/bad", at("v2"))).await;
    let message = refusal.str_at(["message"]);
    let expected = format!(
        "conversion webhook for c.example.com/v1, Kind=Widget failed: Post \
         \"https://hooks.default.svc:{port}/convert?timeout=30s\": dial tcp"
    );
    assert!(message.starts_with(&expected), "{message}");
    cluster.stop().await;
}

/// A watch shows objects in the version that is watched.
async fn watch(cluster: &Cluster) {
    let mut stream = cluster.connect().await;
    let head =
        format!("GET {}?watch=1&fieldSelector=metadata.name%3Da HTTP/1.1\r\nHost: x\r\n\r\n", at("v2"));
    stream.write_all(head.as_bytes()).await.expect("a request");
    let mut read = Vec::new();
    let seen = async {
        while !String::from_utf8_lossy(&read).contains(r#""address":"h:2""#) {
            read.push(stream.read_u8().await.expect("an event"));
        }
    };
    tokio::time::timeout(Duration::from_secs(5), seen).await.expect("an event in time");
}
