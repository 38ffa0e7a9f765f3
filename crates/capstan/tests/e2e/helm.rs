//! helm 4, which applies on the server: a chart of a dozen kinds through its life, and who owns which field.

use std::process::Command;

use crate::support::kubectl::Kubectl;
use crate::support::{Server, clients, kubectl, run};

/// The chart, and the kinds in it.
const CHART: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/e2e/chart");
const KINDS: [&str; 13] = [
    "configmap",
    "cronjob",
    "deployment",
    "horizontalpodautoscaler",
    "ingress",
    "limitrange",
    "networkpolicy",
    "poddisruptionbudget",
    "role",
    "rolebinding",
    "secret",
    "service",
    "statefulset",
];

/// helm in one namespace, and kubectl to look with.
struct Helm<'a> {
    server: &'a Server,
    namespace: String,
    kubectl: Kubectl,
}

impl Helm<'_> {
    #[track_caller]
    fn ok(&self, arguments: &[&str]) -> String {
        let mut helm = Command::new(clients::helm());
        helm.env("KUBECONFIG", self.server.kubeconfig())
            .env("HOME", self.server.home())
            .args(["--namespace", &self.namespace])
            .args(arguments);
        run(&mut helm, "").ok()
    }

    #[track_caller]
    fn shop(&self, kind: &str, path: &str) -> String {
        self.kubectl.ok(&["get", kind, "shop", "--show-managed-fields", "-o", &format!("jsonpath={path}")])
    }
}

#[test]
fn a_chart_is_installed_upgraded_rolled_back_and_removed() {
    let server = Server::shared();
    let namespace = server.namespace("helm");
    let helm = Helm { server: &server, kubectl: kubectl::newest(&server).within(&namespace), namespace };
    helm.ok(&["install", "shop", CHART]);
    for kind in KINDS {
        assert_eq!(helm.shop(kind, "{.metadata.labels.app\\.kubernetes\\.io/managed-by}"), "Helm", "{kind}");
        assert_eq!(
            helm.shop(kind, "{.metadata.managedFields[0]['manager','operation']}"),
            "helm Apply",
            "{kind}"
        );
    }
    assert_eq!(helm.shop("serviceaccount", "{.metadata.name}"), "shop");

    // A key that someone else owns outlives the upgrade; what the chart drops goes.
    helm.kubectl.ok(&["annotate", "configmap", "shop", "other=kept"]);
    helm.kubectl.ok(&["patch", "configmap", "shop", "--patch", r#"{"data":{"own":"kept"}}"#]);
    helm.ok(&["upgrade", "shop", CHART, "--set", "image=nginx:1.28,message=bye,ingress=false"]);
    assert_eq!(helm.shop("deployment", "{.spec.template.spec.containers[0].image}"), "nginx:1.28");
    assert_eq!(helm.shop("configmap", "{.data}"), r#"{"message":"bye","own":"kept"}"#);
    assert_eq!(helm.shop("configmap", "{.metadata.annotations.other}"), "kept");
    let owners = helm.shop(
        "configmap",
        "{range .metadata.managedFields[*]}{.manager} {.operation} {.fieldsV1.f:data}\n{end}",
    );
    let owned: Vec<&str> = owners.lines().collect();
    assert!(owned.contains(&r#"helm Apply {"f:message":{}}"#), "{owners}");
    assert!(owned.contains(&r#"kubectl-patch Update {"f:own":{}}"#), "{owners}");
    assert!(helm.kubectl.fails(&["get", "ingress", "shop"]).contains("not found"));

    helm.ok(&["rollback", "shop", "1"]);
    assert_eq!(helm.shop("deployment", "{.spec.template.spec.containers[0].image}"), "nginx:1.27");
    assert_eq!(helm.shop("configmap", "{.data}"), r#"{"message":"hello","own":"kept"}"#);
    assert_eq!(helm.shop("ingress", "{.metadata.name}"), "shop");
    assert_eq!(helm.ok(&["history", "shop", "-o", "json"]).matches("\"revision\"").count(), 3);
    assert!(helm.ok(&["status", "shop"]).contains("STATUS: deployed"));

    helm.ok(&["uninstall", "shop"]);
    for kind in KINDS {
        assert!(helm.kubectl.fails(&["get", kind, "shop"]).contains("not found"), "{kind}");
    }
    assert!(!helm.ok(&["list", "--short"]).contains("shop"));
}

#[test]
fn an_upgrade_over_what_another_manager_owns_is_a_conflict() {
    let server = Server::shared();
    let namespace = server.namespace("helm-conflict");
    let helm = Helm { server: &server, kubectl: kubectl::newest(&server).within(&namespace), namespace };
    helm.ok(&["install", "shop", CHART]);
    helm.kubectl.ok(&["scale", "deployment", "shop", "--replicas=4"]);
    let mut command = Command::new(clients::helm());
    command.env("KUBECONFIG", server.kubeconfig()).env("HOME", server.home()).args([
        "--namespace",
        &helm.namespace,
        "upgrade",
        "shop",
        CHART,
        "--set",
        "replicas=3",
    ]);
    let refused = run(&mut command, "").errors;
    assert!(refused.contains("conflict with \"kubectl\" with subresource \"scale\""), "{refused}");
    helm.ok(&["upgrade", "shop", CHART, "--set", "replicas=3", "--force-conflicts"]);
    assert_eq!(helm.shop("deployment", "{.spec.replicas}"), "3");
}
