//! Running a program to its end, within a limit.

use std::io::{Read, Write};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// How long any program may run before it is killed and its test fails; the longest ones build or fetch clients.
const LIMIT: Duration = Duration::from_secs(900);

/// How a program ended and what it wrote.
#[derive(Debug)]
pub struct Finished {
    pub status: ExitStatus,
    pub output: String,
    pub errors: String,
}

impl Finished {
    /// What it wrote to its standard output, once it ended well.
    #[track_caller]
    pub fn ok(self) -> String {
        assert!(self.status.success(), "{}\n{}\n{}", self.status, self.output, self.errors);
        self.output
    }
}

/// Runs `command` with `input` to its end.
#[track_caller]
pub fn run(command: &mut Command, input: &str) -> Finished {
    let shown = format!("{command:?}");
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("can't run {shown}: {error}"));
    // A program that ends without reading all of it is no failure.
    let _ = child.stdin.take().map(|mut stdin| stdin.write_all(input.as_bytes()));
    let output = collect(child.stdout.take());
    let errors = collect(child.stderr.take());
    let limit = Instant::now() + LIMIT;
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break Some(status);
        }
        if Instant::now() > limit {
            child.kill().unwrap();
            child.wait().unwrap();
            break None;
        }
        thread::sleep(Duration::from_millis(5));
    };
    let (output, errors) = (output.join().unwrap(), errors.join().unwrap());
    match status {
        Some(status) => Finished { status, output, errors },
        None => panic!("{shown} still ran after {LIMIT:?}\n{output}\n{errors}"),
    }
}

fn collect(stream: Option<impl Read + Send + 'static>) -> thread::JoinHandle<String> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut stream) = stream {
            let _ = stream.read_to_end(&mut bytes);
        }
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

/// A program that runs beside the test; killed on drop.
pub struct Running(Child);

impl Running {
    #[track_caller]
    pub fn start(command: &mut Command) -> Running {
        Running(command.spawn().unwrap_or_else(|error| panic!("can't run {command:?}: {error}")))
    }

    /// Its standard output, which must be a pipe and can be taken once.
    pub fn output(&mut self) -> ChildStdout {
        self.0.stdout.take().expect("its output is a pipe, taken once")
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
