//! The embedded store: a log of segment files and an index in memory. The parts, from the outside in:
//! [`writer`] decides transactions and commits them in groups, [`log`] appends and repairs, [`recover`] opens,
//! [`clean`] takes back space, [`watch`] follows history; [`index`], [`segment`], [`format`] and [`files`] are
//! what they work on.
//!
//! Why a log of its own and no database: the server keeps every live object in memory, so a start reads all there is
//! and a read never needs a disk index. What is left to do is to make batches durable, which a checked, append-only
//! log does with one write and one sync. Milliseconds of a durable batch of 1, 16 and 128 values of 2 KB, median, on a
//! virtual machine with 2 cores:
//!
//! | | 1 | 16 | 128 | besides |
//! | --- | --- | --- | --- | --- |
//! | an append-only log with checksums | 0.14 | 0.2 | 0.5 | |
//! | SQLite (WAL, `synchronous=FULL`) | 0.13-0.2 | 0.33 | 2 | C |
//! | fjall 3.1 | 0.17 | 0.3 | 1.4 | after one flipped byte it opened without half of the values, silently |
//! | LMDB | 0.27 | 0.37 | 0.9 | C, a map whose size must be known |
//! | redb 4.6 | 0.31 | 0.5 | 1.7 | 16 s to open 1 GB after a crash, or 0.49/0.7/2.2 ms with `quick_repair` |

mod clean;
mod files;
mod format;
mod index;
mod log;
mod recover;
mod segment;
mod state;
mod watch;
mod writer;

#[cfg(test)]
mod clean_tests;
#[cfg(test)]
mod fault_tests;
#[cfg(test)]
mod simulated;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::thread::JoinHandle;

use parking_lot::{Mutex, RwLock};
use tokio::sync::oneshot;

use self::clean::Cleaner;
use self::files::{Directory, Files};
use self::index::{Found, Index};
use self::recover::{Recovered, recover};
use self::state::{Located, Ring, Segments, Shared, Signal, State, unblocked};
use self::watch::Watcher;
use self::writer::{Request, Writer};
use crate::{BoxFuture, Error, KeyValue, Outcome, RangeAnswer, Result, Revision, Store, Txn, Watch, Write};

/// The most bytes of keys and values in a transaction.
const TRANSACTION_BYTES: usize = 64 << 20;
/// The most bytes in a segment: offsets in it are 32 bits wide.
const SEGMENT_BYTES_LIMIT: u64 = 1 << 30;
/// How many keys of a range are collected while the index is locked.
const RANGE_SPELL: usize = 1024;

/// How far the opening of a store is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The bytes read and checked.
    pub read: u64,
    /// The bytes of all files.
    pub total: u64,
    /// The keys found so far.
    pub keys: usize,
}

/// Is told how far the opening of a store is, about every 16 MiB.
pub type ProgressCallback = Arc<dyn Fn(Progress) + Send + Sync>;

/// How a store is to be opened.
#[derive(Clone)]
pub struct Options {
    /// The directory of the files, made if it is missing; `None` keeps everything in memory only.
    pub directory: Option<PathBuf>,
    /// The size at which a new segment file is begun, in bytes; at most 1 GiB.
    pub segment_bytes: u64,
    /// How many bytes of the last changes are kept for watchers; older ones are read from the files.
    pub recent_bytes: usize,
    /// Is told how far the opening is.
    pub progress: Option<ProgressCallback>,
}

impl Options {
    /// A store in this directory.
    pub fn durable(directory: &Path) -> Options {
        Options { directory: Some(directory.to_owned()), ..Options::ephemeral() }
    }

    /// A store in memory, gone with the process: for tests.
    pub fn ephemeral() -> Options {
        Options { directory: None, segment_bytes: 64 << 20, recent_bytes: 4 << 20, progress: None }
    }
}

/// The remains of a write that was interrupted, found and cut off at opening. It had not been acknowledged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CutTail {
    /// The file.
    pub file: PathBuf,
    /// Where the remains began, in bytes.
    pub offset: u64,
    /// How many bytes there were.
    pub bytes: u64,
}

/// The size of a store.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    /// The keys with a value or a history.
    pub keys: usize,
    /// The segment files.
    pub segments: usize,
    /// The bytes of records in them.
    pub disk_bytes: u64,
    /// The bytes of records that are needed.
    pub needed_bytes: u64,
    /// What opening found and cut off.
    pub cut: Option<CutTail>,
    /// Why the last cleaning stopped early, if it did; the next compaction tries again.
    pub cleaning_problem: Option<String>,
}

/// The embedded store. Its methods must be called in a Tokio runtime; dropping it ends it after the commits
/// that are queued.
pub struct Embedded {
    shared: Arc<Shared>,
    requests: Sender<Request>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    cut: Option<CutTail>,
}

impl Embedded {
    /// Opens the store: reads all of its files, so it takes a while and blocks. Fails if another process has
    /// it open, and if anything acknowledged is damaged.
    pub fn open(options: Options) -> Result<Embedded> {
        let Some(directory) = &options.directory else {
            return Embedded::start(options, None);
        };
        let files = Directory::open(directory).map_err(|error| {
            Error::Unavailable(format!("opening directory {}: {error}", directory.display()))
        })?;
        Embedded::start(options, Some(Arc::new(files)))
    }

    fn start(options: Options, files: Option<Arc<dyn Files>>) -> Result<Embedded> {
        let (store, cleaner) = Embedded::start_without_cleaner(options, files)?;
        store.threads.lock().push(spawn("store-cleaner", move || cleaner.run())?);
        Ok(store)
    }

    fn start_without_cleaner(
        mut options: Options,
        files: Option<Arc<dyn Files>>,
    ) -> Result<(Embedded, Cleaner)> {
        options.segment_bytes = options.segment_bytes.min(SEGMENT_BYTES_LIMIT);
        let (state, log, cut) = match files.clone() {
            Some(files) => {
                let Recovered { state, log, cut } = recover(files, &options)?;
                (state, Some(log), cut)
            }
            None => {
                let index = Index::new(0, true);
                let ring = Ring::new(0, options.recent_bytes);
                (State { index, segments: Segments::default(), ring }, None, None)
            }
        };
        let signal = Signal { revision: state.index.current(), closed: false };
        let shared = Arc::new(Shared {
            state: RwLock::new(state),
            signal: tokio::sync::watch::Sender::new(signal),
            problem: Mutex::new(None),
        });
        let (requests, queue) = channel();
        let (cleaner, wake) = channel();
        let writer = Writer { shared: shared.clone(), log, requests: queue, cleaner };
        let cleaner = Cleaner { shared: shared.clone(), files, segment_bytes: options.segment_bytes, wake };
        let threads = Mutex::new(vec![spawn("store-writer", move || writer.run())?]);
        Ok((Embedded { shared, requests, threads, cut }, cleaner))
    }

    /// Ends the store: what is queued is committed, later commits fail, watches end. Blocks until it is done.
    pub fn close(&self) {
        // Fails if it is closed already.
        let _ = self.requests.send(Request::Close);
        for thread in self.threads.lock().drain(..) {
            // A panic of a thread has been printed; there is nothing to add.
            let _ = thread.join();
        }
    }

    /// The size of the store now.
    pub fn statistics(&self) -> Statistics {
        let state = self.shared.state.read();
        let (disk_bytes, needed_bytes) = state.segments.usage();
        Statistics {
            keys: state.index.len(),
            segments: state.segments.in_order().len(),
            disk_bytes,
            needed_bytes,
            cut: self.cut.clone(),
            cleaning_problem: self.shared.problem.lock().clone(),
        }
    }

    async fn ask<T>(&self, request: impl FnOnce(oneshot::Sender<Result<T>>) -> Request) -> Result<T> {
        let closed = || Error::Unavailable("it is closed".to_owned());
        let (sender, answer) = oneshot::channel();
        self.requests.send(request(sender)).map_err(|_| closed())?;
        answer.await.map_err(|_| closed())?
    }

    /// Finds things under the lock, and loads their values without it. Answers the revision they are of, and
    /// what `find` answered besides.
    async fn read<T>(
        &self,
        at: Option<Revision>,
        find: impl FnOnce(&Index, Revision) -> (Vec<Found>, T),
    ) -> Result<(Vec<KeyValue>, T, Revision)> {
        let (located, rest, revision) = {
            let state = self.shared.state.read();
            let revision = state.index.readable(at)?;
            let (found, rest) = find(&state.index, revision);
            let located: Vec<Located> = found.into_iter().map(|found| state.segments.locate(found)).collect();
            (located, rest, revision)
        };
        let blocks = located.iter().any(Located::on_disk);
        let kvs = unblocked(blocks, || located.into_iter().map(Located::load).collect()).await?;
        Ok((kvs, rest, revision))
    }

    async fn range_at(
        &self,
        start: &str,
        end: &str,
        at: Option<Revision>,
        limit: usize,
    ) -> Result<RangeAnswer> {
        let limit = if limit == 0 { usize::MAX } else { limit };
        let mut kvs = Vec::new();
        let mut start = start.to_owned();
        let mut pinned = at;
        loop {
            let spell = RANGE_SPELL.min(limit - kvs.len());
            let (part, next, revision) =
                self.read(pinned, |index, at| index.range(&start, end, at, spell)).await?;
            pinned = Some(revision);
            kvs.extend(part);
            match next {
                Some(next) if kvs.len() < limit => start = next.to_string(),
                next => return Ok(RangeAnswer { kvs, revision, more: next.is_some() }),
            }
        }
    }
}

impl Drop for Embedded {
    fn drop(&mut self) {
        self.close();
    }
}

impl Store for Embedded {
    fn get<'a>(&'a self, key: &'a str, at: Option<Revision>) -> BoxFuture<'a, Result<Option<KeyValue>>> {
        Box::pin(async move {
            let find = |index: &Index, at| (index.get(key, at).into_iter().collect(), ());
            Ok(self.read(at, find).await?.0.pop())
        })
    }

    fn range<'a>(
        &'a self,
        start: &'a str,
        end: &'a str,
        at: Option<Revision>,
        limit: usize,
    ) -> BoxFuture<'a, Result<RangeAnswer>> {
        Box::pin(async move {
            loop {
                match self.range_at(start, end, at, limit).await {
                    // A compaction has overtaken the reading of the current state: there is a newer one.
                    Err(Error::Compacted { .. }) if at.is_none() => {}
                    answer => return answer,
                }
            }
        })
    }

    fn commit(&self, txn: Txn) -> BoxFuture<'_, Result<Outcome>> {
        Box::pin(async move {
            let size: usize = txn.writes.iter().map(weight).sum();
            if size > TRANSACTION_BYTES {
                return Err(Error::Invalid(format!(
                    "the transaction has {size} bytes, more than {TRANSACTION_BYTES}"
                )));
            }
            self.ask(|sender| Request::Commit(txn, sender)).await
        })
    }

    fn watch(&self, prefix: &str, from: Revision) -> BoxFuture<'_, Result<Box<dyn Watch>>> {
        let watcher = Watcher::new(self.shared.clone(), prefix, from);
        Box::pin(async move {
            let compacted = self.compacted_revision();
            if from <= compacted {
                return Err(Error::Compacted { requested: from, compacted });
            }
            Ok(Box::new(watcher) as Box<dyn Watch>)
        })
    }

    fn compact(&self, revision: Revision) -> BoxFuture<'_, Result<()>> {
        Box::pin(self.ask(move |sender| Request::Compact(revision, sender)))
    }

    fn current_revision(&self) -> Revision {
        self.shared.state.read().index.current()
    }

    fn compacted_revision(&self) -> Revision {
        self.shared.state.read().index.compacted()
    }
}

fn weight(write: &Write) -> usize {
    match write {
        Write::Put(key, value) => key.len() + value.len(),
        Write::Delete(key) => key.len(),
    }
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>> {
    std::thread::Builder::new()
        .name(name.to_owned())
        .spawn(work)
        .map_err(|error| Error::Unavailable(format!("starting a thread: {error}")))
}
