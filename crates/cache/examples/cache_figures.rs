//! Measures the cache over a store in memory: `cache_figures [OBJECTS]` prints the memory an object takes and how
//! fast events reach 1,000 watchers.

use std::sync::Arc;
use std::time::Instant;

use cache::{Caches, Options, Paths, Selection, Shape, seal};
use storage::{Embedded, Store, Txn};

const WATCHERS: usize = 1000;
const EVENTS: usize = 2000;

/// A pod of about 2 KB.
fn pod(number: usize, round: usize) -> bytes::Bytes {
    let padding = "x".repeat(1700);
    let json = format!(
        r#"{{"kind":"Pod","apiVersion":"v1","metadata":{{"name":"pod-{number}","namespace":"default","uid":"{number:036}","resourceVersion":"","labels":{{"app":"web","pod-template-hash":"{number}"}},"ownerReferences":[{{"kind":"ReplicaSet","uid":"{:036}"}}]}},"spec":{{"nodeName":"node-{}"}},"status":{{"phase":"Running","message":"{round}{padding}"}}}}"#,
        number / 10,
        number % 1000,
    );
    seal(json.as_bytes()).expect("an object")
}

fn shape() -> Shape {
    let path = |text: &str| (text.into(), text.split('.').map(Into::into).collect());
    Shape {
        prefix: "/registry/pods/".to_owned(),
        namespaced: true,
        extract: Box::new(Paths::new(["spec.nodeName", "status.phase"].map(path))),
        indexed_fields: vec![0],
    }
}

/// The memory of the process, in bytes, where the operating system tells it.
fn resident() -> u64 {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    statm.split(' ').nth(1).and_then(|pages| pages.parse::<u64>().ok()).unwrap_or(0) * 4096
}

#[tokio::main]
async fn main() {
    let objects: usize = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(100_000);
    let before = resident();
    let store: Arc<dyn Store> = Arc::new(Embedded::open(storage::Options::ephemeral()).expect("opened"));
    let mut bytes = 0;
    for chunk in 0..objects / 500 {
        let mut txn = Txn::default();
        for number in chunk * 500..chunk * 500 + 500 {
            let value = pod(number, 0);
            bytes += value.len() as u64;
            txn = txn.put(format!("/registry/pods/default/pod-{number:07}").into(), value);
        }
        store.commit(txn).await.expect("committed");
    }
    let stored = resident();
    let begin = Instant::now();
    let caches = Caches::follow(store.clone(), Options::default());
    let pods = caches.register(shape()).await.expect("registered");
    let took = begin.elapsed();
    let cached = resident();
    let each = |bytes: u64| bytes / objects as u64;
    println!("{objects} objects of {} bytes, cached in {took:?}", each(bytes));
    println!(
        "memory per object: {} in the store, {} more in the cache",
        each(stored.saturating_sub(before)),
        each(cached.saturating_sub(stored))
    );
    let begin = Instant::now();
    let page = pods.snapshot().list(&Selection::default(), "", 0);
    println!("a list of all takes {:?} ({} objects)", begin.elapsed(), page.objects.len());
    fan_out(&store, &caches, &pods, objects).await;
}

async fn fan_out(store: &Arc<dyn Store>, caches: &Caches, pods: &Arc<cache::Cache>, objects: usize) {
    let after = caches.reached();
    let watchers: Vec<_> = (0..WATCHERS)
        .map(|_| {
            let mut watch = pods.watch(after, Selection::default()).expect("watching");
            tokio::spawn(async move {
                let (mut events, mut bytes) = (0, 0);
                while events < EVENTS {
                    for selected in watch.next().await.expect("in time") {
                        bytes += selected.json_frame(0).len();
                        events += 1;
                    }
                }
                bytes
            })
        })
        .collect();
    let begin = Instant::now();
    for number in 0..EVENTS {
        let key = format!("/registry/pods/default/pod-{:07}", number % objects).into();
        store.commit(Txn::default().put(key, pod(number % objects, 1))).await.expect("committed");
    }
    let mut bytes = 0;
    for watcher in watchers {
        bytes += watcher.await.expect("the watcher ends");
    }
    let seconds = begin.elapsed().as_secs_f64();
    println!(
        "{WATCHERS} watchers: {:.0} changes/s, {:.0} events/s in all, {:.0} MB/s of frames",
        EVENTS as f64 / seconds,
        (EVENTS * WATCHERS) as f64 / seconds,
        bytes as f64 / seconds / 1e6
    );
}
