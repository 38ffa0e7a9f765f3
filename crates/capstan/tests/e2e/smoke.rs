//! What the harness itself promises.

use std::process::Command;

use crate::support::{Server, clients, kubectl, run};

#[test]
fn a_server_starts_again_on_its_data() {
    let mut server = Server::start(&[]);
    let kubectl = kubectl::newest(&server);
    kubectl.ok(&["create", "namespace", "kept"]);
    server.kill();
    server.run_again();
    assert_eq!(kubectl.ok(&["get", "namespace", "kept", "-o", "name"]), "namespace/kept\n");
    server.stop();
    server.run_again();
    assert_eq!(kubectl.ok(&["get", "namespace", "kept", "-o", "name"]), "namespace/kept\n");
}

#[test]
fn a_server_takes_the_originals_flags() {
    let server = Server::start_kube_apiserver(&["--authorization-mode=Node,RBAC", "--anonymous-auth=false"]);
    let kubectl = kubectl::newest(&server);
    assert_eq!(kubectl.ok(&["get", "--raw", "/readyz"]), "ok");
    assert!(kubectl.ok(&["get", "namespaces"]).contains("kube-system"));
}

#[test]
fn each_test_has_a_namespace() {
    let server = Server::shared();
    let namespace = server.namespace("harness");
    for kubectl in kubectl::both(&server) {
        let kubectl = kubectl.within(&namespace);
        let object = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: it}\ndata: {a: b}\n";
        kubectl.ok_with(&["create", "-f", "-"], object);
        assert_eq!(kubectl.ok(&["get", "configmap", "it", "-o", "jsonpath={.data.a}"]), "b");
        kubectl.ok(&["delete", "configmap", "it"]);
        assert!(kubectl.fails(&["get", "configmap", "it"]).contains("configmaps \"it\" not found"));
    }
}

#[test]
fn helm_is_of_its_fourth_generation() {
    assert!(run(Command::new(clients::helm()).arg("version"), "").ok().contains("v4."));
}
