//! The past: lists at a revision, restarts, and the property that list and watch fit together.

use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::{Error, Limits};

fn state(snapshot: &crate::Snapshot) -> Vec<(String, Revision)> {
    snapshot.iter().map(|object| (object.key().to_string(), object.revision())).collect()
}

#[tokio::test]
async fn a_list_at_a_revision_is_exact() {
    // One cache rolls back, the other has too few events and reads the store's history.
    for events in [1000, 2] {
        let limits = Limits { events, ..Limits::default() };
        let f = Fixture::new(Options { limits, ..Options::default() }).await;
        let mut states = vec![Vec::new()];
        for number in 0..40 {
            let name = format!("p{}", number % 5);
            if number % 7 == 6 {
                f.delete("a", &name).await;
            } else {
                f.put("a", &name, &format!("app{}", number % 3), "n1").await;
            }
            states.push(state(&f.pods.current().await.unwrap()));
        }
        for revision in 0..=f.store.current_revision() {
            let snapshot = f.pods.at(revision).await.unwrap();
            assert_eq!(snapshot.revision(), revision);
            assert_eq!(state(&snapshot), states[revision as usize], "at {revision}");
            let owned: usize = (0..3).map(|app| snapshot.owned_by(&format!("owner-app{app}")).len()).sum();
            assert_eq!(owned, states[revision as usize].len());
            let again = f.pods.at(revision).await.unwrap();
            assert_eq!(state(&again), states[revision as usize]);
        }
    }
}

#[tokio::test]
async fn what_is_not_there_is_an_error() {
    let limits = Limits { events: 1, ..Limits::default() };
    let patience = Duration::from_millis(10);
    let f = Fixture::new(Options { limits, patience, ..Options::default() }).await;
    for number in 0..5 {
        f.put("a", "p", &number.to_string(), "").await;
    }
    f.caches.wait_until(5).await.unwrap();
    f.store.compact(3).await.unwrap();
    assert_eq!(f.pods.at(2).await.err(), Some(Error::TooOld { requested: 2, oldest: 3 }));
    assert_eq!(f.pods.at(3).await.unwrap().iter().count(), 1);
    let future = Error::TooNew { requested: 6, current: 5 };
    assert_eq!(f.pods.at(6).await.err(), Some(future.clone()));
    assert_eq!(f.pods.not_older_than(6).await.err(), Some(future));
    f.commit(Txn::default().put("/registry/pods/a/bad".into(), "bad".into())).await;
    let revision = f.put("a", "q", "", "").await;
    f.caches.wait_until(revision).await.unwrap();
    assert_eq!(f.pods.snapshot().iter().count(), 2);
    assert_eq!(f.caches.problem(), Some(Error::NotAnObject("/registry/pods/a/bad".into())));
}

#[tokio::test]
async fn a_watch_goes_on_after_a_restart() {
    let store: Arc<dyn Store> = Arc::new(Embedded::open(storage::Options::ephemeral()).unwrap());
    let f = Fixture::over(store.clone(), Options::default()).await;
    for number in 0..10 {
        f.put("a", &format!("p{}", number % 3), "web", "n1").await;
    }
    store.compact(2).await.unwrap();
    drop(f);
    let f = Fixture::over(store.clone(), Options::default()).await;
    assert!(matches!(f.pods.watch(1, Selection::default()), Err(Error::TooOld { requested: 1, oldest: 2 })));
    let events = f.pods.watch(2, Selection::default()).unwrap().next().await.unwrap();
    assert_eq!(events.len(), 8);
    assert_eq!(brief(&events[..2]), "ADDED p2@3, MODIFIED p0@4");
    let short = Options { history: 3, ..Options::default() };
    let f = Fixture::over(store, short).await;
    assert_eq!(f.pods.watch(7, Selection::default()).unwrap().next().await.unwrap().len(), 3);
    assert!(f.pods.watch(6, Selection::default()).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// A client that lists at any moment and then watches has, after each event, the state of a later list.
    #[test]
    fn list_then_watch_misses_nothing(
        steps in prop::collection::vec((0u8..8, 0u8..3, prop::bool::weighted(0.7)), 1..60),
        begin in any::<prop::sample::Index>(),
        selector in prop::sample::select(vec!["", "app=a0", "app!=a0", "app in (a1,a2)"]),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let f = Fixture::new(Options::default()).await;
            let begin = begin.index(steps.len());
            let mut client = None;
            for (number, (name, app, put)) in steps.iter().enumerate() {
                if number == begin {
                    let snapshot = f.pods.current().await.unwrap();
                    let list = snapshot.list(&labels(selector), "", 0).objects;
                    let list = list.iter().map(|object| (object.key().clone(), object.json())).collect();
                    let watch = f.pods.watch(snapshot.revision(), labels(selector)).unwrap();
                    client = Some((list, watch));
                }
                let name = format!("p{name}");
                if *put {
                    f.put("a", &name, &format!("a{app}"), "n").await;
                } else {
                    f.delete("a", &name).await;
                }
            }
            let (mut held, mut watch): (std::collections::BTreeMap<_, _>, _) = client.unwrap();
            let now = f.pods.current().await.unwrap();
            for selected in watch.poll().unwrap() {
                let key = selected.object().unwrap().key().clone();
                let before = match selected.event_type {
                    crate::EventType::Deleted => held.remove(&key),
                    _ => held.insert(key, selected.json()),
                };
                assert_eq!(before.is_some(), selected.event_type != crate::EventType::Added);
            }
            assert_eq!(watch.passed(), now.revision());
            let expected = now.list(&labels(selector), "", 0).objects;
            assert!(held.into_iter().eq(expected.iter().map(|object| (object.key().clone(), object.json()))));
        });
    }
}
