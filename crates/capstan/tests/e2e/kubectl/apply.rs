//! `kubectl apply` on both sides, and `kubectl diff`.

use super::DEPLOYMENT;
use crate::support::{Server, kubectl};

#[test]
fn apply_on_the_client_merges_three_ways() {
    let server = Server::shared();
    for kubectl in kubectl::both(&server) {
        let kubectl = kubectl.within(&server.namespace("apply"));
        let apply = |text: &str| kubectl.ok_with(&["apply", "-f", "-"], text);
        assert_eq!(apply(DEPLOYMENT), "deployment.apps/web created\n");
        assert_eq!(apply(DEPLOYMENT), "deployment.apps/web unchanged\n");
        kubectl.ok(&["annotate", "deployment/web", "other=kept"]);
        let changed = DEPLOYMENT.replace("replicas: 2", "minReadySeconds: 7").replace("1.27", "1.28");
        assert_eq!(apply(&changed), "deployment.apps/web configured\n");
        let seen = kubectl.ok(&[
            "get",
            "deployment",
            "web",
            "-o",
            "jsonpath={.spec.replicas} {.spec.minReadySeconds} {.metadata.annotations.other} \
             {.spec.template.spec.containers[*].image}",
        ]);
        assert_eq!(seen, "1 7 kept nginx:1.28");
        let bad = DEPLOYMENT.replace("replicas: 2", "replicsa: 2");
        let refused = kubectl.run(&["apply", "-f", "-"], &bad);
        assert!(refused.errors.contains("unknown field \"spec.replicsa\""), "{}", refused.errors);
    }
}

#[test]
fn apply_on_the_server_knows_owners() {
    let server = Server::shared();
    for kubectl in kubectl::both(&server) {
        let kubectl = kubectl.within(&server.namespace("server-apply"));
        let apply = |manager: &str, text: &str, more: &[&str]| {
            let mut arguments = vec!["apply", "--server-side", "--field-manager", manager, "-f", "-"];
            arguments.extend(more);
            kubectl.run(&arguments, text)
        };
        assert_eq!(apply("one", DEPLOYMENT, &[]).ok(), "deployment.apps/web serverside-applied\n");
        let scaled = DEPLOYMENT.replace("replicas: 2", "replicas: 3");
        let conflict = apply("two", &scaled, &[]);
        assert!(
            conflict.errors.contains("conflict with \"one\": .spec.replicas"),
            "{}\n{}",
            conflict.output,
            conflict.errors
        );
        apply("two", &scaled, &["--force-conflicts"]).ok();
        let without = DEPLOYMENT.replace("  replicas: 2\n", "");
        apply("one", &without, &[]).ok();
        let seen = kubectl.ok(&["get", "deployment", "web", "-o", "jsonpath={.spec.replicas}"]);
        assert_eq!(seen, "3");
        let managers = kubectl.ok(&[
            "get",
            "deployment",
            "web",
            "--show-managed-fields",
            "-o",
            "jsonpath={range .metadata.managedFields[*]}{.manager} {.operation} {.fieldsV1.f:spec.f:replicas}\n{end}",
        ]);
        assert_eq!(managers, "one Apply \ntwo Apply {}\n");
    }
}

#[test]
fn apply_moves_from_the_client_to_the_server() {
    let server = Server::shared();
    let kubectl = kubectl::newest(&server).within(&server.namespace("migrate"));
    kubectl.ok_with(&["apply", "-f", "-"], DEPLOYMENT);
    let without = DEPLOYMENT.replace("        ports: [{containerPort: 80}]\n", "");
    kubectl.ok_with(&["apply", "--server-side", "-f", "-"], &without);
    let ports =
        kubectl.ok(&["get", "deployment", "web", "-o", "jsonpath={.spec.template.spec.containers[*].ports}"]);
    assert_eq!(ports, "");
}

#[test]
fn apply_prunes_what_is_gone_from_a_set() {
    let server = Server::shared();
    let namespace = server.namespace("prune");
    let kubectl = kubectl::newest(&server).within(&namespace).with_arguments(&[]);
    let map = |name: &str| format!("---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}}}\n");
    let set = ["apply", "--prune", "--applyset=set", "-f", "-"];
    let apply = |text: &str| {
        let mut command = kubectl.command();
        command.env("KUBECTL_APPLYSET", "true").args(set);
        crate::support::run(&mut command, text).ok()
    };
    apply(&(map("a") + &map("b")));
    apply(&map("a"));
    let left = kubectl.ok(&["get", "configmaps", "-o", "name"]);
    assert!(left.contains("/a\n") && !left.contains("/b\n"), "{left}");
}

#[test]
fn diff_shows_what_apply_would_change() {
    let server = Server::shared();
    for kubectl in kubectl::both(&server) {
        let kubectl = kubectl.within(&server.namespace("diff"));
        kubectl.ok_with(&["apply", "-f", "-"], DEPLOYMENT);
        kubectl.ok_with(&["diff", "-f", "-"], DEPLOYMENT);
        let changed = DEPLOYMENT.replace("1.27", "1.28");
        for side in ["--server-side=false", "--server-side=true"] {
            let diff = kubectl.run(&["diff", side, "-f", "-"], &changed);
            assert_eq!(diff.status.code(), Some(1), "{}", diff.errors);
            let shows = |line: &str| diff.output.lines().any(|shown| shown.starts_with(line));
            assert!(
                shows("-      - image: nginx:1.27") && shows("+      - image: nginx:1.28"),
                "{}",
                diff.output
            );
        }
        let image = "jsonpath={.spec.template.spec.containers[*].image}";
        assert_eq!(kubectl.ok(&["get", "deployment", "web", "-o", image]), "nginx:1.27");
    }
}
