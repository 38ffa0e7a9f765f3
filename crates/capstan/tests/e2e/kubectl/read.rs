//! Commands that read: `get` in its forms, `describe`, `explain`, discovery, `auth can-i`.

use super::DEPLOYMENT;
use crate::support::{Server, kubectl};

/// The words of a table's header.
fn header(table: &str) -> Vec<&str> {
    table
        .lines()
        .next()
        .unwrap_or_default()
        .split("  ")
        .map(str::trim)
        .filter(|word| !word.is_empty())
        .collect()
}

#[test]
fn get_prints_the_servers_columns() {
    let server = Server::shared();
    for kubectl in kubectl::both(&server) {
        let namespace = server.namespace("get");
        let kubectl = kubectl.within(&namespace);
        kubectl.ok_with(&["create", "-f", "-"], DEPLOYMENT);
        let table = kubectl.ok(&["get", "deployments"]);
        assert_eq!(header(&table), ["NAME", "READY", "UP-TO-DATE", "AVAILABLE", "AGE"]);
        assert_eq!(table.lines().nth(1).unwrap().split_whitespace().nth(1), Some("0/2"));
        let wide = kubectl.ok(&["get", "deployments", "-o", "wide"]);
        assert_eq!(header(&wide)[5..], ["CONTAINERS", "IMAGES", "SELECTOR"]);
        let everywhere = kubectl.ok(&["get", "deployments", "--all-namespaces", "--show-labels"]);
        assert_eq!(header(&everywhere)[0], "NAMESPACE");
        assert!(everywhere.lines().any(|line| line.starts_with(&namespace) && line.ends_with("app=web")));
        let own = kubectl.ok(&[
            "get",
            "deployments",
            "-o",
            "custom-columns=N:.metadata.name,I:.spec.template.spec.containers[*].image",
        ]);
        assert_eq!(own.split_whitespace().collect::<Vec<_>>(), ["N", "I", "web", "nginx:1.27"]);
        let labels = kubectl.ok(&["get", "deployments", "--label-columns=app", "--no-headers"]);
        assert!(labels.trim_end().ends_with("web"));
        let sorted = kubectl.ok(&["get", "namespaces", "--sort-by=.metadata.name", "-o", "name"]);
        assert!(sorted.lines().is_sorted(), "{sorted}");
        for output in ["yaml", "json"] {
            let whole = kubectl.ok(&["get", "deployment", "web", "-o", output]);
            kubectl.ok_with(&["replace", "-f", "-"], &whole);
        }
        let selected =
            kubectl.ok(&["get", "deployments", "-l", "app in (web)", "--field-selector=metadata.name!=web"]);
        assert_eq!(selected, "");
    }
}

#[test]
fn describe_gathers_what_belongs_together() {
    let server = Server::shared();
    for kubectl in kubectl::both(&server) {
        let namespace = server.namespace("describe");
        let kubectl = kubectl.within(&namespace);
        kubectl.ok_with(&["create", "-f", "-"], DEPLOYMENT);
        kubectl.ok(&["run", "lone", "--image=busybox", "--env=A=b"]);
        kubectl.ok(&["expose", "deployment", "web", "--port=80"]);
        let described = [
            (["deployment", "web"], "StrategyType:           RollingUpdate"),
            (["pod", "lone"], "A:  b"),
            (["service", "web"], "Type:                     ClusterIP"),
            (["namespace", &namespace], "Status:       Active"),
            (["clusterrole", "system:discovery"], "Non-Resource URLs"),
        ];
        for (what, line) in described {
            let described = kubectl.ok(&["describe", what[0], what[1]]);
            let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
            let line = words(line).join(" ");
            assert!(words(&described).join(" ").contains(&line), "{line}\n{described}");
        }
    }
}

#[test]
fn explain_knows_types_and_structure() {
    let server = Server::shared();
    for kubectl in kubectl::both(&server) {
        let one = kubectl.ok(&["explain", "deployment.spec.replicas"]);
        assert!(one.contains("FIELD: replicas <integer>"), "{one}");
        let whole = kubectl.ok(&["explain", "pods", "--recursive"]);
        for line in
            ["containers\t<[]Container> -required-", "nodeAffinity\t<NodeAffinity>", "hostIP\t<string>"]
        {
            assert!(whole.contains(line), "{line}\n{whole}");
        }
        let old = kubectl.ok(&["explain", "hpa.spec", "--api-version=autoscaling/v1"]);
        assert!(old.contains("targetCPUUtilizationPercentage"), "{old}");
    }
}

#[test]
fn discovery_lists_what_is_served() {
    let server = Server::shared();
    for kubectl in kubectl::both(&server) {
        let resources = kubectl.ok(&["api-resources"]);
        for line in
            ["pods po v1 true Pod", "nodes no v1 false Node", "deployments deploy apps/v1 true Deployment"]
        {
            let found = resources.lines().any(|row| row.split_whitespace().eq(line.split(' ')));
            assert!(found, "{line}\n{resources}");
        }
        let namespaced = kubectl.ok(&["api-resources", "--namespaced=false", "--verbs=create", "-o", "name"]);
        assert!(namespaced.lines().any(|name| name == "storageclasses.storage.k8s.io"));
        assert!(!namespaced.contains("configmaps"));
        assert!(kubectl.ok(&["api-versions"]).lines().any(|version| version == "batch/v1"));
        assert!(kubectl.ok(&["version"]).contains("Server Version: v1.36"));
        assert!(kubectl.ok(&["cluster-info"]).contains(&server.url()));
    }
}

#[test]
fn auth_tells_who_may_what() {
    let server = Server::shared();
    for kubectl in kubectl::both(&server) {
        let namespace = server.namespace("auth");
        let kubectl = kubectl.within(&namespace);
        assert_eq!(kubectl.ok(&["auth", "can-i", "delete", "nodes"]), "yes\n");
        let robot = format!("--as=system:serviceaccount:{namespace}:default");
        let can = |verb: &str| kubectl.run(&["auth", "can-i", verb, "pods", &robot], "").output;
        assert_eq!(can("list"), "no\n");
        kubectl.ok(&["create", "role", "lister", "--verb=list", "--resource=pods"]);
        kubectl.ok(&[
            "create",
            "rolebinding",
            "l",
            "--role=lister",
            &format!("--serviceaccount={namespace}:default"),
        ]);
        assert_eq!((can("list"), can("get")), ("yes\n".to_owned(), "no\n".to_owned()));
        let list = kubectl.ok(&["auth", "can-i", "--list", &robot]);
        assert!(list.lines().any(|line| line.starts_with("pods ") && line.ends_with("[list]")), "{list}");
        assert!(kubectl.ok(&["auth", "whoami"]).contains("system:masters"));
        assert!(kubectl.fails(&["get", "nodes", &robot]).contains("Forbidden"));
    }
}
