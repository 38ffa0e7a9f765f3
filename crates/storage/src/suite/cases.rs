//! The cases, one behaviour each.

use std::sync::Arc;

use bytes::Bytes;

use super::{Case, brief, committed, delete, events_until, put};
use crate::{Error, EventType, Outcome, Store, Txn, prefix_end};

/// Name and case.
pub const CASES: &[(&str, Case)] = &[
    ("revisions begin with 1 and increase", |store| Box::pin(revisions(store))),
    ("a key knows its history", |store| Box::pin(key_history(store))),
    ("a transaction is done whole or not at all", |store| Box::pin(transactions(store))),
    ("what changes nothing makes no revision", |store| Box::pin(no_changes(store))),
    ("a transaction may not write a key twice", |store| Box::pin(duplicate_keys(store))),
    ("ranges are ordered, limited and half open", |store| Box::pin(ranges(store))),
    ("the past can be read", |store| Box::pin(past(store))),
    ("compaction gives up the past", |store| Box::pin(compaction(store))),
    ("a watch shows every change of its prefix", |store| Box::pin(watches(store))),
    ("a watch may begin in the past or ahead", |store| Box::pin(watch_positions(store))),
    ("a watch of what was compacted fails", |store| Box::pin(watch_compacted(store))),
    ("concurrent writers all get their turn", |store| Box::pin(concurrent(store))),
];

async fn revisions(store: Arc<dyn Store>) {
    assert_eq!((store.current_revision(), store.compacted_revision()), (0, 0));
    assert_eq!(put(&*store, "a", "1").await, 1);
    assert_eq!(put(&*store, "b", "1").await, 2);
    assert_eq!(delete(&*store, "a").await, 3);
    assert_eq!(store.current_revision(), 3);
}

async fn key_history(store: Arc<dyn Store>) {
    let state = |kv: Option<crate::KeyValue>| {
        kv.map(|kv| (kv.create_revision, kv.mod_revision, kv.version, kv.value))
    };
    put(&*store, "a", "1").await;
    put(&*store, "a", "2").await;
    let now = state(store.get("a", None).await.unwrap());
    assert_eq!(now, Some((1, 2, 2, Bytes::from("2"))));
    delete(&*store, "a").await;
    assert_eq!(store.get("a", None).await.unwrap(), None);
    put(&*store, "a", "3").await;
    let now = state(store.get("a", None).await.unwrap());
    assert_eq!(now, Some((4, 4, 1, Bytes::from("3"))));
}

async fn transactions(store: Arc<dyn Store>) {
    let (a, b) = (crate::Key::from("a"), crate::Key::from("b"));
    let create = || Txn::create(a.clone(), "1".into());
    assert_eq!(store.commit(create()).await, Ok(Outcome::Committed(1)));
    let current = store.get("a", None).await.unwrap();
    let conflict = Outcome::Conflict { key: a.clone(), current: current.clone() };
    assert_eq!(store.commit(create()).await, Ok(conflict.clone()));
    let both = Txn::default().expect(b.clone(), 0).expect(a.clone(), 7).put(b.clone(), "1".into());
    assert_eq!(store.commit(both).await, Ok(conflict));
    assert_eq!(store.get("b", None).await.unwrap(), None);
    let missing = Txn::update(b.clone(), 1, "2".into());
    assert_eq!(store.commit(missing).await, Ok(Outcome::Conflict { key: b.clone(), current: None }));
    let both = Txn::update(a.clone(), 1, "2".into()).expect(b.clone(), 0).put(b.clone(), "1".into());
    assert_eq!(store.commit(both).await, Ok(Outcome::Committed(2)));
    let all = store.range("", "", None, 0).await.unwrap();
    assert_eq!(all.kvs.iter().map(|kv| kv.mod_revision).collect::<Vec<_>>(), [2, 2]);
    assert_eq!(store.commit(Txn::remove(a.clone(), 2)).await, Ok(Outcome::Committed(3)));
}

async fn no_changes(store: Arc<dyn Store>) {
    assert_eq!(committed(&*store, Txn::default()).await, 0);
    put(&*store, "a", "1").await;
    assert_eq!(delete(&*store, "b").await, 1);
    assert_eq!(committed(&*store, Txn::default().expect("a".into(), 1)).await, 1);
    assert_eq!(store.current_revision(), 1);
}

async fn duplicate_keys(store: Arc<dyn Store>) {
    let txn = Txn::default().put("a".into(), "1".into()).delete("a".into());
    assert!(matches!(store.commit(txn).await, Err(Error::Invalid(_))));
    assert_eq!(store.current_revision(), 0);
}

async fn ranges(store: Arc<dyn Store>) {
    for key in ["/p/b", "/p/a", "/p0", "/p/", "/o", "/p/a/x", "/p/é"] {
        put(&*store, key, "v").await;
    }
    let keys = async |start: &str, end: &str, limit| {
        let answer = store.range(start, end, None, limit).await.unwrap();
        assert_eq!(answer.revision, 7);
        let keys: Vec<_> = answer.kvs.iter().map(|kv| kv.key.to_string()).collect();
        (keys.join(" "), answer.more)
    };
    let end = prefix_end("/p/");
    assert_eq!(keys("/p/", &end, 0).await, ("/p/ /p/a /p/a/x /p/b /p/é".to_owned(), false));
    assert_eq!(keys("/p/", &end, 2).await, ("/p/ /p/a".to_owned(), true));
    assert_eq!(keys("/p/a\0", &end, 3).await, ("/p/a/x /p/b /p/é".to_owned(), false));
    assert_eq!(keys("/p/b", "", 0).await, ("/p/b /p/é /p0".to_owned(), false));
    assert_eq!(keys("/p/b", "/p/b", 0).await, (String::new(), false));
    assert_eq!(keys("/p/b", "/a", 0).await, (String::new(), false));
    for number in 0..3000 {
        put(&*store, &format!("/many/{number:04}"), "v").await;
    }
    let many = store.range("/many/", &prefix_end("/many/"), None, 0).await.unwrap();
    assert!(!many.more && many.kvs.len() == 3000 && many.kvs.is_sorted_by_key(|kv| kv.key.clone()));
}

async fn past(store: Arc<dyn Store>) {
    put(&*store, "a", "1").await;
    put(&*store, "b", "1").await;
    put(&*store, "a", "2").await;
    delete(&*store, "a").await;
    put(&*store, "a", "3").await;
    let state = async |at| {
        let answer = store.range("", "", Some(at), 0).await.unwrap();
        assert_eq!(answer.revision, at);
        let text = |kv: &crate::KeyValue| format!("{}={}", kv.key, String::from_utf8_lossy(&kv.value));
        answer.kvs.iter().map(text).collect::<Vec<_>>().join(" ")
    };
    let states = ["", "a=1", "a=1 b=1", "a=2 b=1", "b=1", "a=3 b=1"];
    for (at, expected) in states.iter().enumerate() {
        assert_eq!(state(at as u64).await, *expected, "at {at}");
    }
    let future = Error::Future { requested: 6, current: 5 };
    assert_eq!(store.get("a", Some(6)).await, Err(future.clone()));
    assert_eq!(store.range("", "", Some(6), 0).await, Err(future));
}

async fn compaction(store: Arc<dyn Store>) {
    for value in ["1", "2", "3"] {
        put(&*store, "a", value).await;
    }
    delete(&*store, "a").await;
    put(&*store, "b", "1").await;
    let future = Error::Future { requested: 6, current: 5 };
    assert_eq!(store.compact(6).await, Err(future));
    store.compact(3).await.unwrap();
    store.compact(2).await.unwrap();
    assert_eq!(store.compacted_revision(), 3);
    let gone = Error::Compacted { requested: 2, compacted: 3 };
    assert_eq!(store.get("a", Some(2)).await, Err(gone.clone()));
    assert_eq!(store.range("", "", Some(2), 0).await, Err(gone));
    assert_eq!(store.get("a", Some(3)).await.unwrap().unwrap().value, "3");
    assert_eq!(store.get("a", Some(4)).await.unwrap(), None);
    store.compact(5).await.unwrap();
    assert_eq!(store.range("", "", Some(5), 0).await.unwrap().kvs.len(), 1);
    assert_eq!(put(&*store, "a", "4").await, 6);
    assert_eq!(store.get("a", None).await.unwrap().unwrap().create_revision, 6);
}

async fn watches(store: Arc<dyn Store>) {
    use EventType::{Create, Delete, Put};
    let mut watch = store.watch("/p/", 1).await.unwrap();
    put(&*store, "/p/a", "1").await;
    put(&*store, "/q", "1").await;
    put(&*store, "/p/a", "2").await;
    let txn =
        Txn::default().delete("/p/a".into()).put("/p/b".into(), "1".into()).put("/q".into(), "2".into());
    let last = committed(&*store, txn).await;
    let text = |text: &str| Some(text.to_owned());
    let events: Vec<_> = events_until(&mut *watch, last).await.iter().map(brief).collect();
    assert_eq!(
        events,
        [
            (Create, "/p/a".to_owned(), 1, text("1"), None),
            (Put, "/p/a".to_owned(), 3, text("2"), text("1")),
            (Delete, "/p/a".to_owned(), 4, None, text("2")),
            (Create, "/p/b".to_owned(), 4, text("1"), None),
        ]
    );
    // Progress is told though nothing matches.
    let last = put(&*store, "/q", "3").await;
    assert!(events_until(&mut *watch, last).await.is_empty());
}

async fn watch_positions(store: Arc<dyn Store>) {
    let mut ahead = store.watch("", 4).await.unwrap();
    for value in ["1", "2", "3", "4"] {
        put(&*store, "a", value).await;
    }
    let revisions = |events: Vec<crate::Event>| events.iter().map(|e| e.revision).collect::<Vec<_>>();
    let mut past = store.watch("", 2).await.unwrap();
    assert_eq!(revisions(events_until(&mut *past, 4).await), [2, 3, 4]);
    assert_eq!(revisions(events_until(&mut *ahead, 4).await), [4]);
}

async fn watch_compacted(store: Arc<dyn Store>) {
    for value in ["1", "2", "3", "4"] {
        put(&*store, "a", value).await;
    }
    store.compact(3).await.unwrap();
    let gone = Error::Compacted { requested: 3, compacted: 3 };
    assert_eq!(store.watch("", 3).await.err(), Some(gone));
    let mut watch = store.watch("", 4).await.unwrap();
    let events = events_until(&mut *watch, 4).await;
    assert_eq!(events.iter().map(|event| event.revision).collect::<Vec<_>>(), [4]);
    assert_eq!(events[0].previous.as_ref().map(|kv| kv.mod_revision), Some(3));
}

async fn concurrent(store: Arc<dyn Store>) {
    let mut watch = store.watch("", 1).await.unwrap();
    let writers: Vec<_> = (0..16)
        .map(|writer| {
            let store = store.clone();
            tokio::spawn(async move {
                for number in 0..20 {
                    put(&*store, &format!("own/{writer}"), &number.to_string()).await;
                    increment(&*store).await;
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    assert_eq!(store.get("counter", None).await.unwrap().unwrap().value, "320");
    let revisions: Vec<_> = events_until(&mut *watch, 640).await.iter().map(|e| e.revision).collect();
    assert_eq!(revisions, (1..=640).collect::<Vec<_>>());
}

/// Adds one to a counter that all writers share, trying again for as long as another was faster.
async fn increment(store: &dyn Store) {
    let mut current = store.get("counter", None).await.unwrap();
    loop {
        let (revision, value) = match &current {
            Some(kv) => (kv.mod_revision, String::from_utf8_lossy(&kv.value).parse::<u64>().unwrap()),
            None => (0, 0),
        };
        let txn = Txn::update("counter".into(), revision, (value + 1).to_string().into());
        match store.commit(txn).await.unwrap() {
            Outcome::Committed(_) => return,
            Outcome::Conflict { current: found, .. } => current = found,
        }
    }
}
