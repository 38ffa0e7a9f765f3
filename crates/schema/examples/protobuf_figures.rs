//! Prints how long a pod takes to and from protobuf, alone and with the JSON that it is stored as.
//!
//! Run with `cargo run --release -p capstan-schema --example protobuf_figures`.

use std::hint::black_box;
use std::time::{Duration, Instant};

use object::{Value, json};
use schema::protobuf::Message;

fn main() {
    let builtin = schema::builtin();
    let ty = builtin.of_kind("", "v1", "Pod").expect("a built-in kind");
    let message = Message::of(ty).expect("a message");
    let source = pod();
    let value = json::parse(source.as_bytes()).expect("JSON");
    let (pod, _) = schema::decode(ty, value, source.as_bytes()).expect("a pod");
    let mut stored = Vec::new();
    schema::encode(ty, &pod, &mut stored);
    let bytes = message.encode(&pod);
    println!("a pod of {} bytes in JSON, {} in protobuf", stored.len(), bytes.len());
    measure("object to protobuf", || message.encode(&pod));
    measure("protobuf to object", || message.decode(&bytes));
    measure("JSON to object", || json::parse(&stored));
    measure("JSON to protobuf", || message.encode(&json::parse(&stored).unwrap_or(Value::Null)));
    measure("protobuf to JSON", || {
        let mut out = Vec::new();
        schema::encode(ty, &message.decode(&bytes).unwrap_or(Value::Null), &mut out);
        out
    });
}

/// Runs `work` for a while and prints how long one run takes.
fn measure<T>(name: &str, mut work: impl FnMut() -> T) {
    let (mut rounds, start) = (0_u32, Instant::now());
    while start.elapsed() < Duration::from_millis(500) {
        for _ in 0..100 {
            black_box(work());
        }
        rounds += 100;
    }
    println!("{name:<20} {:>10.2?}", start.elapsed() / rounds);
}

/// A pod as a scheduler sees it: a container with probes, mounts and resources, and a status.
fn pod() -> String {
    let condition = |name: &str| {
        format!(r#"{{"type":"{name}","status":"True","lastTransitionTime":"2026-01-02T03:04:05Z"}}"#)
    };
    format!(
        r#"{{"kind":"Pod","apiVersion":"v1","metadata":{{"name":"web-5d4f8c7b9-x2x7q","generateName":"web-5d4f8c7b9-",
        "namespace":"default","uid":"0c7f2d7e-5b1d-4d8e-9a51-2f6f6d1c9f10","resourceVersion":"123456",
        "creationTimestamp":"2026-01-02T03:04:05Z","labels":{{"app":"web","pod-template-hash":"5d4f8c7b9"}},
        "ownerReferences":[{{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"web-5d4f8c7b9",
        "uid":"1c7f2d7e-5b1d-4d8e-9a51-2f6f6d1c9f11","controller":true,"blockOwnerDeletion":true}}]}},
        "spec":{{"volumes":[{{"name":"config","configMap":{{"name":"web","defaultMode":420}}}}],"containers":[{{
        "name":"web","image":"registry.example.com/team/web:v1.2.3","command":["/bin/web","--config=/etc/web.yaml"],
        "ports":[{{"name":"http","containerPort":8080,"protocol":"TCP"}}],"env":[{{"name":"LEVEL","value":"info"}}],
        "resources":{{"limits":{{"cpu":"500m","memory":"256Mi"}},"requests":{{"cpu":"100m","memory":"128Mi"}}}},
        "volumeMounts":[{{"name":"config","mountPath":"/etc/web"}}],"livenessProbe":{{"httpGet":{{"path":"/healthz",
        "port":8080,"scheme":"HTTP"}},"timeoutSeconds":1,"periodSeconds":10,"successThreshold":1,
        "failureThreshold":3}},"terminationMessagePath":"/dev/termination-log","terminationMessagePolicy":"File",
        "imagePullPolicy":"IfNotPresent"}}],"restartPolicy":"Always","terminationGracePeriodSeconds":30,
        "dnsPolicy":"ClusterFirst","serviceAccountName":"web","serviceAccount":"web","nodeName":"node-1",
        "securityContext":{{}},"schedulerName":"default-scheduler","tolerations":[{{"operator":"Exists",
        "key":"node.kubernetes.io/not-ready","effect":"NoExecute","tolerationSeconds":300}}],"priority":0,
        "enableServiceLinks":true,"preemptionPolicy":"PreemptLowerPriority"}},"status":{{"phase":"Running",
        "conditions":[{},{},{}],"hostIP":"10.0.0.1","podIP":"10.1.2.3","podIPs":[{{"ip":"10.1.2.3"}}],
        "startTime":"2026-01-02T03:04:05Z","qosClass":"Burstable"}}}}"#,
        condition("Initialized"),
        condition("Ready"),
        condition("PodScheduled"),
    )
}
