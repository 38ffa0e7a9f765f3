//! Prints how fast each codec is, in MB/s of its encoded form, for a pod of about 5 KB.
//!
//! Run with `cargo run --release -p capstan-object --example throughput`.

use std::hint::black_box;
use std::time::{Duration, Instant};

use object::{Value, cbor, json, scan, yaml};

fn main() {
    let pod = pod();
    let bytes = json::to_vec(&pod);
    println!("a pod of {} bytes", bytes.len());
    measure("json parse", bytes.len(), || json::parse(&bytes));
    measure("json parse with notices", bytes.len(), || json::parse_with_notices(&bytes));
    let mut out = Vec::new();
    measure("json write", bytes.len(), || {
        out.clear();
        json::write(&mut out, &pod);
    });
    measure("json indent", bytes.len(), || json::indent(&bytes));
    let text = yaml::to_string(&pod);
    measure("yaml parse", text.len(), || yaml::parse(text.as_bytes()));
    measure("yaml parse of json", bytes.len(), || yaml::parse(&bytes));
    measure("yaml write", text.len(), || yaml::to_string(&pod));
    let binary = cbor::to_vec(&pod);
    measure("cbor parse", binary.len(), || cbor::parse(&binary));
    measure("cbor write", binary.len(), || cbor::to_vec(&pod));
    measure("scan skip", bytes.len(), || scan::skip(&bytes, 0));
    measure("scan find labels", bytes.len(), || scan::find(&bytes, &["metadata", "labels"]).is_some());
    measure("scan find four paths", bytes.len(), || {
        scan::find_all(
            &bytes,
            [
                &["metadata", "labels"],
                &["metadata", "ownerReferences"],
                &["spec", "nodeName"],
                &["status", "phase"],
            ],
        )
    });
}

/// Runs `work` for a while and prints the rate.
fn measure<T>(name: &str, bytes: usize, mut work: impl FnMut() -> T) {
    let (mut rounds, start) = (0_u32, Instant::now());
    while start.elapsed() < Duration::from_millis(500) {
        for _ in 0..100 {
            black_box(work());
        }
        rounds += 100;
    }
    let each = start.elapsed() / rounds;
    println!("{name:<24} {:>7.0} MB/s {each:>10.2?}", bytes as f64 / each.as_secs_f64() / 1e6);
}

/// A pod as a server sends it: two containers, managed fields, a status.
fn pod() -> Value {
    let container = |name: &str| {
        format!(
            r#"{{"name":"{name}","image":"registry.example.com/team/{name}:v1.2.3","command":["/bin/{name}","--config=/etc/{name}/config.yaml"],
            "env":[{{"name":"POD_NAME","valueFrom":{{"fieldRef":{{"apiVersion":"v1","fieldPath":"metadata.name"}}}}}},{{"name":"LEVEL","value":"info"}}],
            "resources":{{"limits":{{"cpu":"500m","memory":"256Mi"}},"requests":{{"cpu":"100m","memory":"128Mi"}}}},
            "ports":[{{"name":"http","containerPort":8080,"protocol":"TCP"}}],"volumeMounts":[{{"name":"config","mountPath":"/etc/{name}"}}],
            "livenessProbe":{{"httpGet":{{"path":"/healthz","port":8080,"scheme":"HTTP"}},"timeoutSeconds":1,"periodSeconds":10,"successThreshold":1,"failureThreshold":3}},
            "terminationMessagePath":"/dev/termination-log","terminationMessagePolicy":"File","imagePullPolicy":"IfNotPresent"}}"#
        )
    };
    let owned = |name: &str| {
        format!(
            r#""k:{{\"name\":\"{name}\"}}":{{".":{{}},"f:command":{{}},"f:env":{{".":{{}},"k:{{\"name\":\"POD_NAME\"}}":{{".":{{}},"f:name":{{}},"f:valueFrom":{{".":{{}},"f:fieldRef":{{}}}}}}}},"f:image":{{}},"f:imagePullPolicy":{{}},"f:livenessProbe":{{".":{{}},"f:failureThreshold":{{}},"f:httpGet":{{".":{{}},"f:path":{{}},"f:port":{{}},"f:scheme":{{}}}}}},"f:name":{{}},"f:resources":{{".":{{}},"f:limits":{{".":{{}},"f:cpu":{{}},"f:memory":{{}}}}}},"f:terminationMessagePath":{{}},"f:terminationMessagePolicy":{{}}}}"#
        )
    };
    let condition = |name: &str| {
        format!(
            r#"{{"type":"{name}","status":"True","lastProbeTime":null,"lastTransitionTime":"2026-01-02T03:04:05Z"}}"#
        )
    };
    let text = format!(
        r#"{{"kind":"Pod","apiVersion":"v1","metadata":{{"name":"web-5d4f8c7b9-x2x7q","generateName":"web-5d4f8c7b9-","namespace":"default","uid":"0c7f2d7e-5b1d-4d8e-9a51-2f6f6d1c9f10","resourceVersion":"123456","creationTimestamp":"2026-01-02T03:04:05Z","labels":{{"app":"web","pod-template-hash":"5d4f8c7b9"}},"annotations":{{"example.com/checksum":"d41d8cd98f00b204e9800998ecf8427e"}},
        "ownerReferences":[{{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"web-5d4f8c7b9","uid":"1c7f2d7e-5b1d-4d8e-9a51-2f6f6d1c9f11","controller":true,"blockOwnerDeletion":true}}],
        "managedFields":[{{"manager":"kube-controller-manager","operation":"Update","apiVersion":"v1","time":"2026-01-02T03:04:05Z","fieldsType":"FieldsV1","fieldsV1":{{"f:metadata":{{"f:generateName":{{}},"f:labels":{{".":{{}},"f:app":{{}},"f:pod-template-hash":{{}}}}}},"f:spec":{{"f:containers":{{{},{}}}}}}}}}]}},
        "spec":{{"volumes":[{{"name":"config","configMap":{{"name":"web","defaultMode":420}}}}],"containers":[{},{}],"restartPolicy":"Always","terminationGracePeriodSeconds":30,"dnsPolicy":"ClusterFirst","serviceAccountName":"web","serviceAccount":"web","nodeName":"node-1","securityContext":{{}},"schedulerName":"default-scheduler","tolerations":[{{"key":"node.kubernetes.io/not-ready","operator":"Exists","effect":"NoExecute","tolerationSeconds":300}}],"priority":0,"enableServiceLinks":true,"preemptionPolicy":"PreemptLowerPriority"}},
        "status":{{"phase":"Running","conditions":[{},{},{}],"hostIP":"10.0.0.1","podIP":"10.1.2.3","podIPs":[{{"ip":"10.1.2.3"}}],"startTime":"2026-01-02T03:04:05Z","qosClass":"Burstable"}}}}"#,
        owned("web"),
        owned("sidecar"),
        container("web"),
        container("sidecar"),
        condition("Initialized"),
        condition("Ready"),
        condition("PodScheduled"),
    );
    json::parse(text.as_bytes()).expect("the pod is well formed")
}
