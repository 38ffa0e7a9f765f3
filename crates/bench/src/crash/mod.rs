//! `capstan bench crash`: writers and watchers at work while the server is killed (SIGKILL) at random moments and
//! started again on the same data. In the end one history has to explain everything that anyone was told:
//!
//! - every acknowledged write is there;
//! - no revision stands for two different writes;
//! - each watcher, going on from the last revision it saw, is sent every write once and in order.

mod ledger;
mod watcher;
mod writer;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bytes::Bytes;
use parking_lot::Mutex;
use tokio::task::JoinSet;

use crate::Target;
use crate::client::Connection;
use crate::process::Process;
use crate::requests::Space;
use ledger::Ledger;

/// How many write, each to objects of its own.
const WRITERS: usize = 8;
/// How many watch.
const WATCHERS: usize = 4;
/// The bytes of data in an object.
const DATA: usize = 500;
/// How long watchers may take to catch up in the end.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long one waits before it tries again to reach a server that is down.
const AGAIN: Duration = Duration::from_millis(10);

/// What a run found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// How often the server was killed.
    pub rounds: u32,
    /// How many writes it acknowledged.
    pub writes: u64,
    /// How many events the watchers were sent.
    pub events: u64,
    /// What no history explains; empty if all is well.
    pub faults: Vec<String>,
}

/// What the tasks of a run share.
struct Run {
    target: Target,
    space: Space,
    ledger: Mutex<Ledger>,
    /// Writers stop.
    done: AtomicBool,
}

/// Kills a server `rounds` times, each time after up to `longest`, and checks what was seen.
///
/// # Errors
/// If the server can't be started, or no longer answers when it is left alone.
pub async fn crash(
    program: &Path,
    directory: PathBuf,
    rounds: u32,
    longest: Duration,
) -> io::Result<Outcome> {
    let mut process = Process::serve(program, &directory, 0, &[]).await?;
    let space = Space { name: "crash".to_owned(), data: DATA };
    let target = process.target().clone();
    let port = process.port();
    Connection::open(&target).await?.count(&space.make()).await?;
    let begin = revision(&target, &space).await?;
    let run = Arc::new(Run { target, space, ledger: Mutex::default(), done: AtomicBool::new(false) });
    let mut writers = JoinSet::new();
    for number in 0..WRITERS {
        writers.spawn(writer::write(run.clone(), number));
    }
    let watchers: Vec<_> = (0..WATCHERS).map(|_| watcher::Watcher::begin(run.clone(), begin)).collect();
    for round in 0..rounds {
        tokio::time::sleep(moment(round, longest)).await;
        process.kill().await?;
        process = Process::serve(program, &directory, port, &[]).await?;
    }
    tokio::time::sleep(longest).await;
    run.done.store(true, Ordering::Relaxed);
    while writers.join_next().await.is_some() {}
    check(&run, watchers, begin).await?;
    process.kill().await?;
    let mut ledger = run.ledger.lock();
    Ok(Outcome {
        rounds,
        writes: ledger.writes,
        events: ledger.events,
        faults: std::mem::take(&mut ledger.faults),
    })
}

/// Waits for the watchers, and compares what they saw with the history and with the state.
async fn check(run: &Run, watchers: Vec<watcher::Watcher>, begin: u64) -> io::Result<()> {
    let path = run.space.collection();
    let list = Connection::open(&run.target).await?.request("GET", &path, "", Bytes::new()).await?.json();
    let end = list.str_at(["metadata", "resourceVersion"]).parse().unwrap_or(0);
    // One more write: whoever has seen it has seen everything before.
    let last = writer::touch(run).await?;
    for (number, watcher) in watchers.into_iter().enumerate() {
        let caught_up = tokio::time::timeout(PATIENCE, watcher.reached(last)).await.is_ok();
        let seen = watcher.end();
        let mut ledger = run.ledger.lock();
        if !caught_up {
            ledger.faults.push(format!("watcher {number} did not get to {last}"));
        }
        ledger.check_stream(number, &seen, begin, end);
    }
    run.ledger.lock().check_state(&list, end);
    Ok(())
}

/// The revision that the server has got to.
async fn revision(target: &Target, space: &Space) -> io::Result<u64> {
    let path = format!("{}?limit=1", space.collection());
    let reply = Connection::open(target).await?.request("GET", &path, "", Bytes::new()).await?;
    reply.json().str_at(["metadata", "resourceVersion"]).parse().map_err(io::Error::other)
}

/// When a round's kill comes: different each time.
fn moment(round: u32, longest: Duration) -> Duration {
    use std::hash::BuildHasher;
    let random = std::collections::hash_map::RandomState::new().hash_one(round);
    longest.mul_f64((random % 1000) as f64 / 1000.0)
}
