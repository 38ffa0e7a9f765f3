//! Cursors: what they are told, what frames they share, when they are too late.

use std::cell::Cell;
use std::time::Duration;

use super::*;
use crate::{Error, EventType, Limits};

#[tokio::test]
async fn a_watch_shows_a_selection() {
    let f = Fixture::new(Options::default()).await;
    let first = f.put("a", "p1", "web", "n1").await;
    let mut all = f.pods.watch(first, Selection::default()).unwrap();
    let mut web = f.pods.watch(first, labels("app=web")).unwrap();
    let mut b = f.pods.watch(first, Selection::in_namespace("b")).unwrap();
    f.put("a", "p1", "db", "n1").await;
    f.put("a", "p1", "db", "n2").await;
    f.put("b", "p2", "web", "n2").await;
    f.put("a", "p1", "web", "n2").await;
    f.put("a", "p1", "web", "n3").await;
    let last = f.delete("a", "p1").await;
    f.caches.wait_until(last).await.unwrap();
    assert_eq!(
        brief(&all.poll().unwrap()),
        "MODIFIED p1@2, MODIFIED p1@3, ADDED p2@4, MODIFIED p1@5, MODIFIED p1@6, DELETED p1@7"
    );
    let events = web.poll().unwrap();
    assert_eq!(brief(&events), "DELETED p1@2, ADDED p2@4, ADDED p1@5, MODIFIED p1@6, DELETED p1@7");
    // What leaves is shown as it was, at the revision at which it left.
    let gone = String::from_utf8(events[0].json().to_vec()).unwrap();
    assert!(gone.contains(r#""resourceVersion":"2","labels":{"app":"web"}"#), "{gone}");
    assert_eq!(brief(&b.poll().unwrap()), "ADDED p2@4");
    assert!(b.poll().unwrap().is_empty());
    assert_eq!((all.passed(), web.passed(), b.passed()), (last, last, last));
}

#[tokio::test]
async fn a_watch_waits_and_tells_progress() {
    let f = Fixture::new(Options::default()).await;
    let mut watch = f.pods.watch(0, labels("app=web")).unwrap();
    let revision = f.commit(Txn::default().put("/registry/other/x".into(), "y".into())).await;
    f.caches.wait_until(revision).await.unwrap();
    let nothing = tokio::time::timeout(Duration::from_millis(5), watch.next()).await;
    assert!(nothing.is_err());
    assert_eq!(watch.passed(), revision);
    f.put("a", "p1", "db", "n1").await;
    let later = tokio::spawn(async move { (watch.next().await.map(|events| brief(&events)), watch) });
    f.put("a", "p2", "web", "n1").await;
    let (events, mut watch) = later.await.unwrap();
    assert_eq!(events.unwrap(), "ADDED p2@3");
    f.caches.unregister(PODS);
    assert_eq!(watch.next().await.err(), Some(Error::Ended));
}

#[tokio::test]
async fn events_of_one_transaction_come_together() {
    let f = Fixture::new(Options::default()).await;
    let mut watch = f.pods.watch(0, Selection::default()).unwrap();
    let key = |name| f.pods.shape().key("a", name);
    let txn = Txn::default().put(key("p1"), pod("a", "p1", "x", "")).put(key("p2"), pod("a", "p2", "x", ""));
    f.commit(txn).await;
    assert_eq!(brief(&watch.next().await.unwrap()), "ADDED p1@1, ADDED p2@1");
    assert_eq!(f.pods.snapshot().revision(), 1);
}

#[tokio::test]
async fn a_frame_is_made_once() {
    let f = Fixture::new(Options::default()).await;
    f.put("a", "p1", "web", "n1").await;
    let mut watches: Vec<_> = (0..3).map(|_| f.pods.watch(0, Selection::default()).unwrap()).collect();
    let mut leaving = f.pods.watch(1, labels("app=web")).unwrap();
    let revision = f.put("a", "p1", "db", "n1").await;
    f.caches.wait_until(revision).await.unwrap();
    let made = Cell::new(0);
    let make = |selected: &Selected| {
        made.set(made.get() + 1);
        Bytes::from(format!("{}{}", selected.event_type.as_str(), made.get()))
    };
    let mut frames = Vec::new();
    for watch in &mut watches {
        let modified = watch.poll().unwrap().pop().unwrap();
        assert_eq!(modified.event_type, EventType::Modified);
        frames.push((modified.frame(1, make), modified.frame(2, make), modified.json_frame(0)));
    }
    assert_eq!((&frames[0].0[..], &frames[0].1[..]), (&b"MODIFIED1"[..], &b"MODIFIED2"[..]));
    assert!(frames.iter().all(|frame| *frame == frames[0]));
    let json = String::from_utf8(frames[0].2.to_vec()).unwrap();
    assert!(
        json.starts_with(r#"{"type":"MODIFIED","object":{"kind":"Pod","#) && json.ends_with("}}\n"),
        "{json}"
    );
    let deleted = leaving.poll().unwrap().pop().unwrap();
    assert_eq!(deleted.frame(1, make), "DELETED3");
    assert_eq!(deleted.frame(1, make), "DELETED3");
}

#[tokio::test]
async fn who_is_too_late_is_told() {
    let limits = Limits { events: 4, ..Limits::default() };
    let f = Fixture::new(Options { limits, ..Options::default() }).await;
    let mut slow = f.pods.watch(0, Selection::default()).unwrap();
    for number in 0..6 {
        f.put("a", "p", &number.to_string(), "n1").await;
    }
    f.caches.wait_until(6).await.unwrap();
    assert_eq!(slow.poll().err(), Some(Error::TooSlow));
    assert_eq!(f.pods.watch(1, Selection::default()).err(), Some(Error::TooOld { requested: 1, oldest: 2 }));
    let mut kept = f.pods.watch(2, Selection::default()).unwrap();
    assert_eq!(kept.next().await.unwrap().len(), 4);
    let bytes = Limits { bytes: 1, ..Limits::default() };
    let f = Fixture::new(Options { limits: bytes, ..Options::default() }).await;
    f.put("a", "p", "x", "n1").await;
    f.put("a", "p", "y", "n1").await;
    f.caches.wait_until(2).await.unwrap();
    assert_eq!(f.pods.watch(0, Selection::default()).err(), Some(Error::TooOld { requested: 0, oldest: 1 }));
}

#[tokio::test(flavor = "multi_thread")]
async fn many_watchers_see_the_same() {
    let f = Fixture::new(Options::default()).await;
    let watchers: Vec<_> = (0..50)
        .map(|_| {
            let mut watch = f.pods.watch(0, Selection::default()).unwrap();
            tokio::spawn(async move {
                let mut revisions = Vec::new();
                while revisions.len() < 300 {
                    revisions
                        .extend(watch.next().await.unwrap().iter().map(|selected| selected.event.revision));
                }
                revisions
            })
        })
        .collect();
    for number in 0..300 {
        f.put("a", &(number % 7).to_string(), "web", "n1").await;
    }
    for watcher in watchers {
        assert_eq!(watcher.await.unwrap(), (1..=300).collect::<Vec<_>>());
    }
}
