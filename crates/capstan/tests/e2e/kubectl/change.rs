//! Commands that change objects.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use super::DEPLOYMENT;
use crate::support::{Server, kubectl};

#[test]
fn create_change_and_delete() {
    let server = Server::shared();
    for kubectl in kubectl::both(&server) {
        let kubectl = kubectl.within(&server.namespace("change"));
        let created = kubectl.ok_with(&["create", "-f", "-"], DEPLOYMENT);
        assert_eq!(created, "deployment.apps/web created\n");
        assert!(kubectl.fails(&["create", "deployment", "web", "--image=nginx"]).contains("already exists"));

        kubectl.ok(&["scale", "deployment/web", "--replicas=5", "--current-replicas=2"]);
        kubectl.ok(&["label", "deployment/web", "tier=front"]);
        assert!(
            kubectl.fails(&["label", "deployment/web", "tier=back"]).contains("'tier' already has a value")
        );
        kubectl.ok(&["annotate", "deployment/web", "note=it is blue"]);
        kubectl.ok(&["set", "image", "deployment/web", "nginx=nginx:1.28"]);
        let patches = [
            ("strategic", r#"{"spec":{"template":{"spec":{"containers":[{"name":"nginx","tty":true}]}}}}"#),
            ("merge", r#"{"spec":{"paused":true}}"#),
            ("json", r#"[{"op":"add","path":"/spec/minReadySeconds","value":3}]"#),
        ];
        for (kind, patch) in patches {
            kubectl.ok(&["patch", "deployment", "web", "--type", kind, "--patch", patch]);
        }
        let seen = kubectl.ok(&[
            "get",
            "deployment",
            "web",
            "-o",
            "jsonpath={.spec.replicas} {.metadata.labels} {.metadata.annotations.note} \
             {.spec.template.spec.containers[*]['image','tty']} {.spec.paused} {.spec.minReadySeconds}",
        ]);
        assert_eq!(seen, r#"5 {"app":"web","tier":"front"} it is blue nginx:1.28 true true 3"#);

        assert!(kubectl.ok(&["describe", "deployment", "web"]).contains("nginx:1.28"));
        kubectl.ok(&["delete", "deployment", "web"]);
        assert!(kubectl.fails(&["get", "deployment", "web"]).contains("NotFound"));
        kubectl.ok(&["wait", "--for=delete", "deployment/web", "--timeout=10s"]);
    }
}

#[test]
fn create_each_kind_that_has_a_command() {
    let commands = [
        "configmap c --from-literal=a=b",
        "secret generic s --from-literal=a=b",
        "secret docker-registry d --docker-username=u --docker-password=p",
        "serviceaccount robot",
        "role reader --verb=get,list --resource=pods",
        "rolebinding readers --role=reader --serviceaccount=default:robot",
        "service clusterip cluster --tcp=80:8080",
        "service nodeport node --tcp=80",
        "service externalname outside --external-name=example.org",
        "ingress way --rule=example.org/*=cluster:80",
        "job once --image=busybox -- true",
        "cronjob often --image=busybox --schedule=*/5(*(*(*(* -- true",
        "poddisruptionbudget budget --selector=app=web --min-available=1",
        "quota small --hard=pods=5,requests.cpu=2",
        "deployment many --image=nginx --replicas=3",
    ];
    let server = Server::shared();
    for kubectl in kubectl::both(&server) {
        let kubectl = kubectl.within(&server.namespace("create"));
        for command in commands {
            // A space in a word is written as a bracket.
            let words: Vec<String> = command.split(' ').map(|word| word.replace('(', " ")).collect();
            let mut arguments = vec!["create"];
            arguments.extend(words.iter().map(String::as_str));
            kubectl.ok(&arguments);
        }
        let token = kubectl.ok(&["create", "token", "robot"]);
        assert_eq!(token.split('.').count(), 3, "{token}");
        kubectl.ok(&["run", "lone", "--image=busybox"]);
        kubectl.ok(&["expose", "deployment", "many", "--port=80"]);
        kubectl.ok(&["autoscale", "deployment", "many", "--min=1", "--max=3", "--cpu-percent=80"]);
        let all = kubectl.ok(&["get", "all", "-o", "name"]);
        for name in
            ["pod/lone", "service/many", "deployment.apps/many", "job.batch/once", "cronjob.batch/often"]
        {
            assert!(all.contains(name), "{name} in {all}");
        }
        kubectl.ok(&["delete", "all", "--all", "--wait=false"]);
        assert_eq!(kubectl.ok(&["get", "deployments,services,jobs", "-o", "name"]), "");
    }
}

#[test]
fn edit_opens_what_is_stored_and_sends_what_changed() {
    let server = Server::shared();
    let editor = server.home().join("editor");
    fs::write(&editor, "#!/bin/sh\nsed -i 's/replicas: 2/replicas: 4/' \"$1\"\n").unwrap();
    fs::set_permissions(&editor, fs::Permissions::from_mode(0o755)).unwrap();
    for kubectl in kubectl::both(&server) {
        let kubectl = kubectl.within(&server.namespace("edit"));
        kubectl.ok_with(&["create", "-f", "-"], DEPLOYMENT);
        let mut command = kubectl.command();
        command.env("KUBE_EDITOR", &editor).args(["edit", "deployment", "web"]);
        assert_eq!(crate::support::run(&mut command, "").ok(), "deployment.apps/web edited\n");
        assert_eq!(kubectl.ok(&["get", "deployment", "web", "-o", "jsonpath={.spec.replicas}"]), "4");
    }
}

#[test]
fn wait_sees_a_condition_and_a_field() {
    let server = Server::shared();
    for kubectl in kubectl::both(&server) {
        let kubectl = kubectl.within(&server.namespace("wait"));
        kubectl.ok_with(&["create", "-f", "-"], DEPLOYMENT);
        let waiting = ["wait", "deployment/web", "--for=condition=Available", "--timeout=100ms"];
        assert!(kubectl.fails(&waiting).contains("timed out"));
        let status = r#"{"status":{"conditions":[{"type":"Available","status":"True"}]}}"#;
        kubectl.ok(&[
            "patch",
            "deployment",
            "web",
            "--subresource=status",
            "--type=merge",
            "--patch",
            status,
        ]);
        kubectl.ok(&["wait", "deployment/web", "--for=condition=Available", "--timeout=10s"]);
        kubectl.ok(&["wait", "deployment/web", "--for=jsonpath={.spec.replicas}=2", "--timeout=10s"]);
    }
}
