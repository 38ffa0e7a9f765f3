//! The Python, JavaScript and Rust client libraries: what their users write first, and informers over restarts.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use crate::support::{Running, Server, clients, kubectl, run};

/// How long an informer may take to tell of a change; libraries wait before they connect again.
const LIMIT: Duration = Duration::from_secs(40);

/// How a script of a library is run.
type Script = fn(&str) -> Command;

const LIBRARIES: [(&str, Script); 3] = [
    ("python", clients::python_script),
    ("javascript", clients::javascript_script),
    ("rust", clients::rust_program),
];

fn command(server: &Server, script: Command, namespace: &str) -> Command {
    let mut command = script;
    command.env("KUBECONFIG", server.kubeconfig()).env("HOME", server.home()).arg(namespace);
    command
}

#[test]
fn python_creates_lists_and_watches() {
    let server = Server::shared();
    let script = clients::python_script("library");
    run(&mut command(&server, script, &server.namespace("python")), "").ok();
}

#[test]
fn javascript_creates_lists_and_watches() {
    let server = Server::shared();
    let script = clients::javascript_script("library");
    run(&mut command(&server, script, &server.namespace("javascript")), "").ok();
}

#[test]
fn rust_creates_lists_and_watches() {
    let server = Server::shared();
    let program = clients::rust_program("library");
    run(&mut command(&server, program, &server.namespace("rust")), "").ok();
}

/// An informer in a program of its own, and what it tells.
struct Informer {
    library: &'static str,
    _program: Running,
    told: Receiver<String>,
}

impl Informer {
    fn start(library: &'static str, mut command: Command) -> Informer {
        let mut program = Running::start(command.stdout(Stdio::piped()));
        let output = BufReader::new(program.output());
        let (sender, told) = channel();
        thread::spawn(move || output.lines().map_while(Result::ok).try_for_each(|line| sender.send(line)));
        Informer { library, _program: program, told }
    }

    #[track_caller]
    fn tells(&self, expected: &str) {
        assert_eq!(self.told.recv_timeout(LIMIT).as_deref(), Ok(expected), "{}", self.library);
    }
}

/// A labelled config map that carries the round it was written in.
fn informed(name: &str, round: usize) -> String {
    format!(
        "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}, labels: {{informed: 'yes'}}}}\n\
         data: {{round: '{round}'}}\n"
    )
}

#[test]
fn informers_miss_and_repeat_nothing_over_restarts() {
    const OBJECTS: usize = 8;
    let mut server = Server::start(&[]);
    let namespace = server.namespace("informers");
    let kubectl = kubectl::newest(&server).within(&namespace);
    kubectl.ok_with(&["apply", "-f", "-"], &informed("first", 0));
    let informers = LIBRARIES
        .map(|(library, script)| Informer::start(library, command(&server, script("informer"), &namespace)));
    for informer in &informers {
        informer.tells("ADDED first 0");
    }
    for round in 1..=4 {
        let mut objects: String =
            (0..OBJECTS).map(|object| informed(&format!("it-{object}"), round)).collect();
        let passing = format!("passing-{round}");
        objects += &informed(&passing, round);
        kubectl.ok_with(&["apply", "-f", "-"], &objects);
        kubectl.ok(&["delete", "configmap", &passing]);
        // Half of the restarts are crashes, right after what was acknowledged last.
        match round % 2 {
            0 => server.stop(),
            _ => server.kill(),
        }
        server.run_again();
        let event = if round == 1 { "ADDED" } else { "MODIFIED" };
        for informer in &informers {
            for object in 0..OBJECTS {
                informer.tells(&format!("{event} it-{object} {round}"));
            }
            informer.tells(&format!("ADDED {passing} {round}"));
            informer.tells(&format!("DELETED {passing} {round}"));
        }
    }
}
