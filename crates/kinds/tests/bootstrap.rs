//! The objects of a fresh server, made through a registry on a store in memory.

use std::sync::Arc;

use cache::Caches;
use kinds::bootstrap::{Settings, bootstrap, ensure};
use meta::{SystemClock, SystemRandomness};
use object::Value;
use registry::{Lookup, Registry, Resources};
use storage::{Embedded, Options, Store};

fn settings() -> Settings {
    Settings {
        address: [192, 0, 2, 2].into(),
        port: 6443,
        service_ranges: vec!["10.0.0.0/24".into()],
        authentication: vec![("client-ca-file".into(), "PEM".into())],
        now: "2026-01-02T03:04:05Z".into(),
    }
}

async fn registry() -> Registry {
    let store: Arc<dyn Store> = Arc::new(Embedded::open(Options::ephemeral()).expect("a store in memory"));
    let caches = Caches::follow(store.clone(), cache::Options::default());
    let registry = Registry::new(store, caches, Arc::new(SystemClock), Arc::new(SystemRandomness));
    let resources = kinds::resources(&schema::builtin()).into_iter().map(Arc::new).collect();
    registry.serve(Resources::new(resources)).await.expect("an empty store serves");
    registry
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fresh_server_is_furnished_once() {
    let registry = registry().await;
    let count = bootstrap(&settings()).len();
    assert_eq!(ensure(&registry, &settings()).await.ok(), Some(count));
    assert_eq!(ensure(&registry, &settings()).await.ok(), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn objects_are_whole() {
    let registry = registry().await;
    ensure(&registry, &settings()).await.expect("furnished");
    let get = |(group, resource): (&str, &str), namespace: &str, name: &str| {
        Lookup::get(&registry, group, resource, namespace, name)
            .unwrap_or_else(|| panic!("no {resource} {name}"))
    };
    let rbac = "rbac.authorization.k8s.io";
    let cases: &[(Value, &[&str], &str)] = &[
        (get(("", "namespaces"), "", "kube-system"), &["status", "phase"], "Active"),
        (get(("", "services"), "default", "kubernetes"), &["spec", "clusterIP"], "10.0.0.1"),
        (
            get(("networking.k8s.io", "ipaddresses"), "", "10.0.0.1"),
            &["spec", "parentRef", "name"],
            "kubernetes",
        ),
        (
            get(("", "configmaps"), "kube-system", "extension-apiserver-authentication"),
            &["data", "client-ca-file"],
            "PEM",
        ),
        (get((rbac, "clusterrolebindings"), "", "cluster-admin"), &["roleRef", "kind"], "ClusterRole"),
        (
            get((rbac, "rolebindings"), "kube-public", "system:controller:bootstrap-signer"),
            &["kind"],
            "RoleBinding",
        ),
        (
            get((rbac, "clusterroles"), "", "edit"),
            &["metadata", "labels", "rbac.authorization.k8s.io/aggregate-to-admin"],
            "true",
        ),
        (
            get(("flowcontrol.apiserver.k8s.io", "flowschemas"), "", "probes"),
            &["spec", "priorityLevelConfiguration", "name"],
            "exempt",
        ),
    ];
    for (object, path, expected) in cases {
        assert_eq!(object.str_at(path.iter().copied()), *expected, "{path:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_status_has_a_manager_of_its_own() {
    let registry = registry().await;
    ensure(&registry, &settings()).await.expect("furnished");
    let range =
        Lookup::get(&registry, "networking.k8s.io", "servicecidrs", "", "kubernetes").expect("the range");
    assert_eq!(range.items_at(["status", "conditions"])[0].str_at(["type"]), "Ready");
    let managers: Vec<(&str, &str)> = range
        .items_at(["metadata", "managedFields"])
        .iter()
        .map(|entry| (entry.str_at(["manager"]), entry.str_at(["operation"])))
        .collect();
    assert_eq!(managers, [("kubernetes-service-cidr-controller", "Apply"), ("kube-apiserver", "Update")]);
}

#[test]
fn without_a_range_there_is_no_service() {
    let settings = Settings { service_ranges: Vec::new(), ..settings() };
    assert!(bootstrap(&settings).iter().all(|given| given.resource != "services"));
}
