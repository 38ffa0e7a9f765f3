//! The server as a process of its own: started, measured, killed.

use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

use crate::{Target, kubeconfig};

/// How long a server may take to be ready.
const PATIENCE: Duration = Duration::from_secs(120);

/// A running `capstan serve`. Killed when dropped.
#[derive(Debug)]
pub struct Process {
    child: Child,
    /// Kept open: the server may have more to say.
    _output: Lines<BufReader<ChildStdout>>,
    target: Target,
    ready_after: Duration,
}

impl Process {
    /// Starts `program serve` on a data directory, at a port (0: any that is free), and waits until it is ready.
    ///
    /// # Errors
    /// If it can't be started, ends at once, or is not ready in two minutes.
    pub async fn serve(program: &Path, directory: &Path, port: u16, flags: &[&str]) -> io::Result<Process> {
        let begin = Instant::now();
        let mut child = Command::new(program)
            .arg("serve")
            .arg(format!("--data-dir={}", directory.display()))
            .arg(format!("--secure-port={port}"))
            .args(flags)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::from(log(directory)?))
            .kill_on_drop(true)
            .spawn()?;
        let output = child.stdout.take().ok_or_else(|| io::Error::other("the server has no output"))?;
        let mut lines = BufReader::new(output).lines();
        let line = tokio::time::timeout(PATIENCE, lines.next_line()).await??;
        if !line.as_deref().unwrap_or("").starts_with("Serving on") {
            return Err(io::Error::other(format!(
                "the server did not get ready; see {}",
                log_path(directory).display()
            )));
        }
        let ready_after = begin.elapsed();
        let target = kubeconfig::read(&directory.join("admin.kubeconfig"))?;
        Ok(Process { child, _output: lines, target, ready_after })
    }

    /// How to reach it, as its administrator.
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// The port it listens on.
    pub fn port(&self) -> u16 {
        self.target.authority.rsplit_once(':').and_then(|(_, port)| port.parse().ok()).unwrap_or(0)
    }

    /// From its start until it said that it is ready.
    pub fn ready_after(&self) -> Duration {
        self.ready_after
    }

    /// Its process id, while it runs.
    pub fn id(&self) -> Option<u32> {
        self.child.id()
    }

    /// Kills it without warning (SIGKILL), and waits until it is gone.
    ///
    /// # Errors
    /// If the system refuses.
    pub async fn kill(&mut self) -> io::Result<()> {
        self.child.kill().await
    }
}

/// What the server logs goes to a file beside its data.
fn log_path(directory: &Path) -> PathBuf {
    directory.with_extension("log")
}

fn log(directory: &Path) -> io::Result<std::fs::File> {
    std::fs::OpenOptions::new().create(true).append(true).open(log_path(directory))
}

/// The processor time a process has used, where the operating system tells it (Linux).
pub(crate) fn processor_time(id: u32) -> Option<Duration> {
    /// What the times are counted in: Linux shows hundredths of a second, whatever it counts in itself.
    const TICK: Duration = Duration::from_millis(10);
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    // The fields after the name, which may hold anything but ends with the last parenthesis: user and system time
    // are the 14th and 15th of all.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = [11, 12].map(|at| fields.get(at).and_then(|ticks| ticks.parse::<u32>().ok()));
    Some(TICK * (ticks[0]? + ticks[1]?))
}

/// The resident memory of a process in bytes, where the operating system tells it (Linux).
pub(crate) fn resident(id: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kilobytes * 1024)
}
