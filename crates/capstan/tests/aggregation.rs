//! An aggregated API server, from its registration to its end.

mod remote;

use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use http_body_util::Full;
use remote::{Cluster, Extension, Handler};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const SERVICE: &str = "/apis/apiregistration.k8s.io/v1/apiservices/v1.remote.example.com";
const RESOURCES: &str = r#"{"kind":"APIResourceList","apiVersion":"v1","groupVersion":"remote.example.com/v1","resources":[
    {"name":"things","singularName":"thing","namespaced":true,"kind":"Thing","verbs":["get","list"]},
    {"name":"things/status","singularName":"","namespaced":true,"kind":"Thing","verbs":["get"]}]}"#;

/// Answers discovery, and everything else with who asks and what for.
fn handler() -> Arc<Handler> {
    Arc::new(|parts, body| {
        let text = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("-");
        let body = match parts.uri.path() {
            "/apis/remote.example.com/v1" => RESOURCES.to_owned(),
            _ => format!(
                r#"{{"user":"{}","group":"{}","authorization":"{}","host":"{}","what":"{} {}","body":"{}"}}"#,
                text("x-remote-user"),
                text("x-remote-group"),
                text("authorization"),
                text("host"),
                parts.method,
                parts.uri,
                String::from_utf8_lossy(body)
            ),
        };
        let mut answer = Response::new(Full::new(Bytes::from(body)));
        answer.headers_mut().insert("content-type", http::HeaderValue::from_static("application/json"));
        answer
    })
}

fn registration(extension: &Extension) -> String {
    let bundle = base64::engine::general_purpose::STANDARD.encode(&extension.authority);
    format!(
        r#"{{"apiVersion":"apiregistration.k8s.io/v1","kind":"APIService","metadata":{{"name":"v1.remote.example.com"}},
            "spec":{{"group":"remote.example.com","version":"v1","groupPriorityMinimum":17801,"versionPriority":1,
            "caBundle":"{bundle}","service":{{"namespace":"default","name":"extension","port":{}}}}}}}"#,
        extension.address.port()
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_reach_a_live_server() {
    let cluster = Cluster::start("aggregation").await;
    let authority =
        std::fs::read_to_string(cluster.directory().join("pki/front-proxy-ca.crt")).expect("a CA");
    let extension =
        Extension::start("extension.default.svc", Some(authority), handler()).await.expect("a server");
    cluster
        .must(Method::POST, "/apis/apiregistration.k8s.io/v1/apiservices", &registration(&extension))
        .await;
    let condition = |object: &object::Value| {
        let found = object.items_at(["status", "conditions"]).first().cloned().unwrap_or_default();
        (found.str_at(["reason"]).to_owned(), found.str_at(["message"]).to_owned())
    };
    cluster.until(SERVICE, |object| condition(object).0 == "ServiceNotFound").await;
    let (code, body) = cluster.send(Method::GET, "/apis/remote.example.com/v1/things", "").await;
    assert_eq!((code, body.as_ref()), (StatusCode::SERVICE_UNAVAILABLE, &b"service unavailable\n"[..]));

    let service =
        r#"{"metadata":{"name":"extension"},"spec":{"type":"ExternalName","externalName":"localhost"}}"#;
    cluster.must(Method::POST, "/api/v1/namespaces/default/services", service).await;
    cluster
        .until(SERVICE, |object| condition(object) == ("Passed".to_owned(), "all checks passed".to_owned()))
        .await;

    let request = Request::builder()
        .method(Method::POST)
        .header("x-remote-user", "mallory")
        .header("content-type", "text/plain")
        .body(Bytes::from_static(b"hello"))
        .expect("a request");
    let path = "/apis/remote.example.com/v1/namespaces/default/things/x/go?a=b%20c";
    let (code, body) = cluster.request(path, request).await;
    let answer = object::json::parse(&body).expect("JSON");
    assert_eq!(code, StatusCode::OK);
    assert_eq!(answer.str_at(["user"]), "kubernetes-admin");
    assert_eq!(answer.str_at(["group"]), "system:masters");
    assert_eq!(answer.str_at(["authorization"]), "-");
    assert_eq!(answer.str_at(["host"]), format!("localhost:{}", extension.address.port()));
    assert_eq!(answer.str_at(["what"]), format!("POST {path}"));
    assert_eq!(answer.str_at(["body"]), "hello");

    discovery(&cluster).await;
    upgrade(&cluster).await;

    drop(extension);
    let (code, body) = cluster.send(Method::GET, "/apis/remote.example.com/v1/things", "").await;
    let text = String::from_utf8_lossy(&body);
    assert_eq!(code, StatusCode::SERVICE_UNAVAILABLE);
    assert!(text.starts_with("error trying to reach service: dial tcp"), "{text}");
    cluster.must(Method::DELETE, SERVICE, "").await;
    assert_eq!(
        cluster.send(Method::GET, "/apis/remote.example.com/v1/things", "").await.0,
        StatusCode::NOT_FOUND
    );
    cluster.stop().await;
}

/// The remote group stands in its place by priority, in both forms of discovery.
async fn discovery(cluster: &Cluster) {
    let (_, list) = cluster.get("/apis").await;
    let names: Vec<&str> = list.items_at(["groups"]).iter().map(|group| group.str_at(["name"])).collect();
    assert_eq!(names[..3], ["apiregistration.k8s.io", "remote.example.com", "apps"]);
    let (_, group) = cluster.get("/apis/remote.example.com").await;
    assert_eq!(group.str_at(["preferredVersion", "groupVersion"]), "remote.example.com/v1");
    let request = Request::builder()
        .header("accept", "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList")
        .body(Bytes::new())
        .expect("a request");
    let (_, body) = cluster.request("/apis", request).await;
    let list = object::json::parse(&body).expect("JSON");
    let version = &list.items_at(["items"])[1].items_at(["versions"])[0];
    assert_eq!(version.str_at(["freshness"]), "Current");
    let thing = &version.items_at(["resources"])[0];
    assert_eq!(thing.str_at(["responseKind", "group"]), "remote.example.com");
    assert_eq!(thing.str_at(["scope"]), "Namespaced");
    assert_eq!(thing.items_at(["subresources"])[0].str_at(["subresource"]), "status");
}

/// A client that upgrades speaks to the remote server as if there were nothing between.
async fn upgrade(cluster: &Cluster) {
    let mut stream = cluster.connect().await;
    let head = "GET /apis/remote.example.com/v1/namespaces/default/things/x/stream HTTP/1.1\r\nHost: x\r\nConnection: \
                Upgrade\r\nUpgrade: echo\r\n\r\n";
    stream.write_all(head.as_bytes()).await.expect("a request");
    let mut read = Vec::new();
    while !read.ends_with(b"\r\n\r\n") {
        read.push(stream.read_u8().await.expect("an answer"));
    }
    assert!(read.starts_with(b"HTTP/1.1 101"), "{}", String::from_utf8_lossy(&read));
    stream.write_all(b"ping").await.expect("a tunnel");
    let mut echo = [0; 4];
    tokio::time::timeout(Duration::from_secs(5), stream.read_exact(&mut echo))
        .await
        .expect("in time")
        .expect("an echo");
    assert_eq!(&echo, b"ping");
}
