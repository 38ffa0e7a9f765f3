//! Measures the embedded store: `store_figures DIRECTORY [KEYS]` commits, closes and opens in a fresh directory.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use storage::{Embedded, Options, Store, Txn};

const VALUE: usize = 2048;

/// Commits from `writers` tasks for a while; prints the rate and the median time of a commit.
async fn commits(store: &Arc<Embedded>, writers: usize, duration: Duration) {
    let start = Instant::now();
    let tasks: Vec<_> = (0..writers)
        .map(|writer| {
            let store = store.clone();
            tokio::spawn(async move {
                let mut times = Vec::new();
                while start.elapsed() < duration {
                    let key = format!("/registry/pods/w{writer}/{}", times.len() % 1000).into();
                    let value = Bytes::from(vec![b'x'; VALUE]);
                    let begin = Instant::now();
                    store.commit(Txn::default().put(key, value)).await.expect("committed");
                    times.push(begin.elapsed());
                }
                times
            })
        })
        .collect();
    let mut times = Vec::new();
    for task in tasks {
        times.extend(task.await.expect("the writer ends"));
    }
    let seconds = start.elapsed().as_secs_f64();
    times.sort_unstable();
    let (rate, median, late) =
        (times.len() as f64 / seconds, times[times.len() / 2], times[times.len() * 99 / 100]);
    println!("{writers:4} writers: {rate:8.0} commits/s, median {median:?}, 99 % within {late:?}");
}

/// Fills the store with many keys in big transactions.
async fn fill(store: &Embedded, keys: usize) {
    for chunk in 0..keys / 500 {
        let key = |number| format!("/registry/pods/default/pod-{chunk:05}-{number:03}").into();
        let value = || Bytes::from(vec![b'x'; VALUE]);
        let txn = (0..500).fold(Txn::default(), |txn, number| txn.put(key(number), value()));
        store.commit(txn).await.expect("committed");
    }
}

/// The memory of the process, in bytes, where the operating system tells it.
fn resident() -> u64 {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    statm.split(' ').nth(1).and_then(|pages| pages.parse::<u64>().ok()).unwrap_or(0) * 4096
}

#[tokio::main]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let directory = PathBuf::from(arguments.next().expect("a directory is given"));
    let keys = arguments.next().and_then(|keys| keys.parse().ok()).unwrap_or(100_000);
    let rates = directory.join("rates");
    let store = Arc::new(Embedded::open(Options::durable(&rates)).expect("opened"));
    for writers in [1, 16, 128] {
        commits(&store, writers, Duration::from_secs(3)).await;
    }
    let revision = store.current_revision();
    store.compact(revision).await.expect("compacted");
    let begin = Instant::now();
    drop(store);
    println!("closed in {:?}", begin.elapsed());

    let filled = directory.join("filled");
    let store = Embedded::open(Options::durable(&filled)).expect("opened");
    let begin = Instant::now();
    fill(&store, keys).await;
    println!("filled with {keys} keys in {:?}: {:?}", begin.elapsed(), store.statistics());
    drop(store);
    let before = resident();
    let begin = Instant::now();
    let store = Embedded::open(Options::durable(&filled)).expect("opened");
    println!("opened in {:?}", begin.elapsed());
    let bytes = resident().saturating_sub(before);
    println!("{} bytes of memory per key of {VALUE} bytes (less what was free before)", bytes / keys as u64);
    drop(store);
}
