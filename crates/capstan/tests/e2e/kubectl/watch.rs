//! `kubectl get -w`: what changes, as it changes.

use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use crate::support::kubectl::Kubectl;
use crate::support::{Running, Server, kubectl};

/// How long a change may take to be seen.
const LIMIT: Duration = Duration::from_secs(20);

/// A kubectl that watches, and the lines it prints.
struct Watching {
    _program: Running,
    lines: Receiver<String>,
}

impl Watching {
    fn start(kubectl: &Kubectl, arguments: &[&str]) -> Watching {
        let mut program = Running::start(
            kubectl.command().arg("get").args(arguments).arg("--watch").stdout(Stdio::piped()),
        );
        let output = program.output();
        let (sender, lines) = channel();
        thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        Watching { _program: program, lines }
    }

    /// The words of the next line.
    #[track_caller]
    fn next(&self) -> Vec<String> {
        let line = self.lines.recv_timeout(LIMIT).expect("a line");
        line.split_whitespace().map(str::to_owned).collect()
    }
}

#[test]
fn tables_grow_by_what_changes() {
    let server = Server::shared();
    for kubectl in kubectl::both(&server) {
        let kubectl = kubectl.within(&server.namespace("watch"));
        kubectl.ok(&["create", "deployment", "web", "--image=nginx"]);
        let watching = Watching::start(&kubectl, &["deployments"]);
        assert_eq!(watching.next()[..2], ["NAME", "READY"]);
        assert_eq!(watching.next()[..2], ["web", "0/1"]);
        kubectl.ok(&["scale", "deployment", "web", "--replicas=3"]);
        assert_eq!(watching.next()[..2], ["web", "0/3"]);
        kubectl.ok(&["create", "deployment", "more", "--image=nginx"]);
        assert_eq!(watching.next()[..2], ["more", "0/1"]);
    }
}

#[test]
fn events_say_what_happened() {
    let server = Server::shared();
    for kubectl in kubectl::both(&server) {
        let kubectl = kubectl.within(&server.namespace("events"));
        for kind in ["configmap", "serviceaccount", "service"] {
            let arguments = [&[kind], &["-l", "it=this", "--output-watch-events"][..]].concat();
            let watching = Watching::start(&kubectl, &arguments);
            let create = match kind {
                "service" => vec!["create", "service", "clusterip", "one", "--tcp=80"],
                _ => vec!["create", kind, "one"],
            };
            kubectl.ok(&create);
            kubectl.ok(&["label", kind, "one", "it=this"]);
            kubectl.ok(&["annotate", kind, "one", "a=b"]);
            kubectl.ok(&["label", kind, "one", "it-"]);
            for event in ["EVENT NAME", "ADDED one", "MODIFIED one", "DELETED one"] {
                assert_eq!(watching.next()[..2].join(" "), event);
            }
        }
    }
}
