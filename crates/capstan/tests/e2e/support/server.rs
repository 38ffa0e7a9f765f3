//! The program under test.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::thread;
use std::time::{Duration, Instant};

use super::directory::Directory;
use super::kubectl;

/// How long a start or an orderly stop may take.
const LIMIT: Duration = Duration::from_secs(30);

/// A running server with a data directory of its own; killed on drop.
pub struct Server {
    directory: Directory,
    subcommand: &'static str,
    flags: Vec<String>,
    port: u16,
    /// The most a file may hold, in KiB, if that is limited.
    file_limit: Option<u32>,
    child: Option<Child>,
}

impl Server {
    /// A bearer token of the administrator, a member of `system:masters`.
    pub const TOKEN: &str = "the-administrators-token";

    /// The server that tests share while any of them holds it: `capstan serve` with no flag that changes what it does.
    pub fn shared() -> Arc<Server> {
        static SHARED: Mutex<Weak<Server>> = Mutex::new(Weak::new());
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        shared.upgrade().unwrap_or_else(|| {
            let server = Arc::new(Server::start(&[]));
            *shared = Arc::downgrade(&server);
            server
        })
    }

    /// `capstan serve` with `flags`, once it is ready.
    pub fn start(flags: &[&str]) -> Server {
        Server::new("serve", flags, None)
    }

    /// `capstan kube-apiserver` with `flags`, once it is ready.
    pub fn start_kube_apiserver(flags: &[&str]) -> Server {
        Server::new("kube-apiserver", flags, None)
    }

    /// `capstan serve` with `flags`, when no file may grow over `file_limit` KiB.
    pub fn start_limited(file_limit: u32, flags: &[&str]) -> Server {
        Server::new("serve", flags, Some(file_limit))
    }

    fn new(subcommand: &'static str, flags: &[&str], file_limit: Option<u32>) -> Server {
        let directory = Directory::new();
        fs::write(directory.path().join("tokens"), format!("{},admin,1,system:masters\n", Server::TOKEN))
            .unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let flags = flags.iter().map(|&flag| flag.to_owned()).collect();
        let mut server = Server { directory, subcommand, flags, port, file_limit, child: None };
        server.run_again();
        if server.subcommand == "kube-apiserver" {
            fs::write(server.kubeconfig(), server.token_kubeconfig()).unwrap();
        }
        server
    }

    /// Runs it, on the port and the data it had, and returns once it is ready.
    pub fn run_again(&mut self) {
        assert!(self.child.is_none(), "it runs");
        let log = fs::File::create(self.log()).unwrap();
        let child = self
            .command()
            .arg(self.subcommand)
            .arg("--data-dir")
            .arg(self.directory.path().join("data"))
            .args(["--bind-address=127.0.0.1", &format!("--secure-port={}", self.port), "--token-auth-file"])
            .arg(self.directory.path().join("tokens"))
            .args(&self.flags)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        self.child = Some(child);
        self.wait("starts", |server, child| {
            let log = fs::read_to_string(server.log()).unwrap_or_default();
            let ended = child.try_wait().unwrap();
            assert!(ended.is_none(), "the server ended: {ended:?}\n{log}");
            log.contains(" ready address=")
        });
    }

    fn command(&self) -> Command {
        let program = env!("CARGO_BIN_EXE_capstan");
        let Some(limit) = self.file_limit else { return Command::new(program) };
        let mut command = Command::new("bash");
        // The signal that a write over the limit raises is ignored, so that the write fails.
        command
            .arg("-c")
            .arg(format!("trap '' XFSZ; ulimit -f {limit}; exec {program} \"$@\""))
            .arg("capstan");
        command
    }

    /// Ends it at once, as a crash does.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    /// Asks it to end, as an operator does (SIGTERM).
    pub fn terminate(&self) {
        let pid = self.child.as_ref().expect("it runs").id();
        let signalled = Command::new("sh").arg("-c").arg(format!("kill -TERM {pid}")).status().unwrap();
        assert!(signalled.success());
    }

    /// Asks it to end, and returns once it has ended; it must have ended well.
    pub fn stop(&mut self) {
        self.terminate();
        self.ended();
    }

    /// Returns once it has ended; it must have ended well.
    pub fn ended(&mut self) {
        self.wait("stops", |server, child| match child.try_wait().unwrap() {
            None => false,
            Some(status) => {
                let log = fs::read_to_string(server.log()).unwrap_or_default();
                assert!(status.success(), "{status}\n{log}");
                true
            }
        });
        self.child = None;
    }

    fn wait(&mut self, what: &str, done: impl Fn(&Server, &mut Child) -> bool) {
        let limit = Instant::now() + LIMIT;
        let mut child = self.child.take().expect("it runs");
        while !done(self, &mut child) {
            assert!(Instant::now() < limit, "the server has {what} for {LIMIT:?}");
            thread::sleep(Duration::from_millis(5));
        }
        self.child = Some(child);
    }

    /// `127.0.0.1:PORT`.
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Where its data is.
    pub fn data(&self) -> PathBuf {
        self.directory.path().join("data")
    }

    /// `https://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        format!("https://127.0.0.1:{}", self.port)
    }

    /// The kubeconfig of an administrator.
    pub fn kubeconfig(&self) -> PathBuf {
        self.directory.path().join("data/admin.kubeconfig")
    }

    /// The certificate of the authority that signed the server's certificate.
    pub fn authority(&self) -> PathBuf {
        self.directory.path().join("data/pki/ca.crt")
    }

    /// A directory that lasts as long as the server, a home for clients' caches and scripts.
    pub fn home(&self) -> &Path {
        self.directory.path()
    }

    /// A new namespace whose name begins with `name`.
    pub fn namespace(&self, name: &str) -> String {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let namespace = format!("{name}-{}", COUNT.fetch_add(1, Ordering::Relaxed));
        kubectl::newest(self).ok(&["create", "namespace", &namespace]);
        namespace
    }

    fn log(&self) -> PathBuf {
        self.directory.path().join("log")
    }

    /// `kube-apiserver` writes none, as the original.
    fn token_kubeconfig(&self) -> String {
        format!(
            "{{apiVersion: v1, kind: Config, current-context: it,\n\
             contexts: [{{name: it, context: {{cluster: it, user: it}}}}],\n\
             clusters: [{{name: it, cluster: {{server: '{}', certificate-authority: '{}'}}}}],\n\
             users: [{{name: it, user: {{token: {}}}}}]}}\n",
            self.url(),
            self.authority().display(),
            Server::TOKEN
        )
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let (true, Ok(log)) = (thread::panicking(), fs::read_to_string(self.log())) {
            eprintln!("the server's log:\n{log}");
        }
        self.kill();
    }
}
