//! kubectl of two ages, against one server.

use std::path::PathBuf;
use std::process::Command;

use super::program::{Finished, run};
use super::{Server, clients};

/// A kubectl that works as the administrator.
#[derive(Clone, Debug)]
pub struct Kubectl {
    program: PathBuf,
    kubeconfig: PathBuf,
    home: PathBuf,
    arguments: Vec<String>,
}

/// The newest kubectl there is, a release ahead of the server.
pub fn newest(server: &Server) -> Kubectl {
    Kubectl::new(clients::kubectl_newest(), server)
}

/// An old kubectl that is still met.
pub fn oldest(server: &Server) -> Kubectl {
    Kubectl::new(clients::kubectl_oldest(), server)
}

/// Both, for what must work with either.
pub fn both(server: &Server) -> [Kubectl; 2] {
    [newest(server), oldest(server)]
}

impl Kubectl {
    fn new(program: PathBuf, server: &Server) -> Kubectl {
        Kubectl {
            program,
            kubeconfig: server.kubeconfig(),
            home: server.home().to_owned(),
            arguments: Vec::new(),
        }
    }

    /// The same, working in `namespace`.
    pub fn within(&self, namespace: &str) -> Kubectl {
        self.with_arguments(&["--namespace", namespace])
    }

    /// The same, with `arguments` before those of each call.
    pub fn with_arguments(&self, arguments: &[&str]) -> Kubectl {
        let mut kubectl = self.clone();
        kubectl.arguments.extend(arguments.iter().map(|&argument| argument.to_owned()));
        kubectl
    }

    /// What a call prints, which must end well.
    #[track_caller]
    pub fn ok(&self, arguments: &[&str]) -> String {
        self.run(arguments, "").ok()
    }

    /// What a call with `input` on its standard input prints, which must end well.
    #[track_caller]
    pub fn ok_with(&self, arguments: &[&str], input: &str) -> String {
        self.run(arguments, input).ok()
    }

    /// What a call complains of, which must not end well.
    #[track_caller]
    pub fn fails(&self, arguments: &[&str]) -> String {
        let finished = self.run(arguments, "");
        assert!(!finished.status.success(), "{}", finished.output);
        finished.errors
    }

    /// Runs it.
    #[track_caller]
    pub fn run(&self, arguments: &[&str], input: &str) -> Finished {
        run(self.command().args(arguments), input)
    }

    /// The command, to add arguments to.
    pub fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.env("KUBECONFIG", &self.kubeconfig).env("HOME", &self.home).args(&self.arguments);
        command
    }
}
