//! How long server-side apply of a typical Deployment takes, and tracking an update of it.
//!
//! `cargo run --release -p capstan-patch --example apply_bench`

use std::hint::black_box;
use std::time::Instant;

use object::{Value, json};
use patch::apply::{Context, Set, SingleVersion, apply, update};

const CONFIGURATION: &str = r#"{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","namespace":"shop",
"labels":{"app.kubernetes.io/name":"web","app.kubernetes.io/part-of":"shop","team":"a"},
"annotations":{"example.com/owner":"someone@example.com"}},
"spec":{"replicas":3,"selector":{"matchLabels":{"app":"web"}},"strategy":{"type":"RollingUpdate"},
"template":{"metadata":{"labels":{"app":"web"}},"spec":{"serviceAccountName":"web","volumes":[
{"name":"config","configMap":{"name":"web"}},{"name":"tmp","emptyDir":{}}],
"containers":[{"name":"web","image":"registry.example.com/shop/web:1.2.3","args":["--port=8080","--verbose"],
"ports":[{"name":"http","containerPort":8080},{"name":"metrics","containerPort":9090}],
"env":[{"name":"A","value":"1"},{"name":"B","value":"2"},{"name":"C","valueFrom":{"secretKeyRef":{"name":"s","key":"k"}}}],
"resources":{"requests":{"cpu":"100m","memory":"128Mi"},"limits":{"memory":"256Mi"}},
"readinessProbe":{"httpGet":{"path":"/ready","port":"http"},"periodSeconds":5},
"volumeMounts":[{"name":"config","mountPath":"/etc/web"},{"name":"tmp","mountPath":"/tmp"}]},
{"name":"sidecar","image":"registry.example.com/sidecar:4","ports":[{"containerPort":15000}]}]}}}}"#;

const ROUNDS: u32 = 5_000;

fn measure(name: &str, mut round: impl FnMut()) {
    for _ in 0..ROUNDS / 10 {
        round();
    }
    let start = Instant::now();
    for _ in 0..ROUNDS {
        round();
    }
    println!("{name}: {:.1} us", start.elapsed().as_secs_f64() * 1e6 / f64::from(ROUNDS));
}

fn main() {
    let schema = schema::builtin();
    let ty = schema.of_kind("apps", "v1", "Deployment").expect("a built-in kind");
    let versions = SingleVersion { api_version: "apps/v1", ty, reset_fields: Set::of_fields([["status"]]) };
    let context = Context {
        versions: &versions,
        api_version: "apps/v1",
        kind: "Deployment",
        manager: "bench",
        subresource: "",
        now: "2026-01-01T00:00:00Z",
    };
    let configuration = json::parse(CONFIGURATION.as_bytes()).expect("JSON");
    let mut live = apply(&context, None, configuration.clone(), false).expect("a create");
    schema::normalise(ty, &mut live);
    let mut changed = configuration.clone();
    changed.object_at("spec").insert("replicas", 4);
    let mut scaled = live.clone();
    scaled.object_at("spec").insert("replicas", 5);
    let other = Context { manager: "controller", ..context };

    let run = |live: Option<&Value>, applied: &Value| {
        drop(black_box(apply(&context, live, black_box(applied.clone()), false)));
    };
    measure("create by apply", || run(None, &configuration));
    measure("apply that changes nothing", || run(Some(&live), &configuration));
    measure("apply that changes a field", || run(Some(&live), &changed));
    measure("apply that removes all", || {
        let nothing =
            json::parse(br#"{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web"}}"#);
        run(Some(&live), &nothing.expect("JSON"));
    });
    measure("update that changes a field", || {
        let mut new = scaled.clone();
        update(&other, Some(&live), &mut new);
        drop(black_box(new));
    });
}
