//! The tests that every [`Store`] must pass. Each case gets a fresh, empty store.

mod cases;
mod model;

use std::sync::Arc;

use bytes::Bytes;

use crate::{BoxFuture, Event, EventType, Outcome, Revision, Store, Txn, Watch};

pub use cases::CASES;
pub use model::{Model, Operation, check_history, perform};

/// A test of a fresh store; panics if it fails.
pub type Case = fn(Arc<dyn Store>) -> BoxFuture<'static, ()>;

/// Runs all cases, each with a store of its own.
pub async fn run(mut fresh: impl FnMut() -> Arc<dyn Store>) {
    for (name, case) in CASES {
        println!("store suite: {name}");
        case(fresh()).await;
    }
}

/// Commits, and demands that nothing stood in the way.
pub async fn committed(store: &dyn Store, txn: Txn) -> Revision {
    match store.commit(txn).await {
        Ok(Outcome::Committed(revision)) => revision,
        other => panic!("not committed: {other:?}"),
    }
}

/// Puts without a condition.
pub async fn put(store: &dyn Store, key: &str, value: &str) -> Revision {
    committed(store, Txn::default().put(key.into(), Bytes::copy_from_slice(value.as_bytes()))).await
}

/// Deletes without a condition.
pub async fn delete(store: &dyn Store, key: &str) -> Revision {
    committed(store, Txn::default().delete(key.into())).await
}

/// Reads events until the watch has passed a revision.
pub async fn events_until(watch: &mut dyn Watch, revision: Revision) -> Vec<Event> {
    let mut events = Vec::new();
    loop {
        let batch = watch.next().await.expect("the watch goes on");
        assert!(batch.events.iter().all(|event| event.revision <= batch.revision), "{batch:?}");
        events.extend(batch.events.iter().cloned());
        if batch.revision >= revision {
            return events;
        }
    }
}

/// An event in short: type, key, revision, value now, value before.
pub fn brief(event: &Event) -> (EventType, String, Revision, Option<String>, Option<String>) {
    let text =
        |kv: &Option<crate::KeyValue>| kv.as_ref().map(|kv| String::from_utf8_lossy(&kv.value).into_owned());
    (event.event_type, event.key.to_string(), event.revision, text(&event.current), text(&event.previous))
}
