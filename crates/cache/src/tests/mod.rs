//! The caches over a store in memory.

mod history;
mod watching;

use std::sync::Arc;

use bytes::Bytes;
use meta::{FieldSelector, LabelSelector};
use object::Text;
use storage::{Embedded, Outcome, Revision, Store, Txn};

use crate::{Cache, Caches, Options, Page, Paths, Selected, Selection, Shape, seal};

const PODS: &str = "/registry/pods/";

/// Pods: namespaced, found by their node.
fn pods() -> Shape {
    let path = |text: &str| (Text::from(text), text.split('.').map(Text::from).collect());
    Shape {
        prefix: PODS.to_owned(),
        namespaced: true,
        extract: Box::new(Paths::new(["spec.nodeName", "status.phase"].map(path))),
        indexed_fields: vec![0],
    }
}

/// A pod as it is stored.
fn pod(namespace: &str, name: &str, app: &str, node: &str) -> Bytes {
    let json = format!(
        r#"{{"kind":"Pod","metadata":{{"name":"{name}","namespace":"{namespace}","uid":"{namespace}.{name}","resourceVersion":"","labels":{{"app":"{app}"}},"ownerReferences":[{{"uid":"owner-{app}"}}]}},"spec":{{"nodeName":"{node}"}}}}"#
    );
    seal(json.as_bytes()).unwrap()
}

struct Fixture {
    store: Arc<dyn Store>,
    caches: Caches,
    pods: Arc<Cache>,
}

impl Fixture {
    async fn new(options: Options) -> Fixture {
        let store = Arc::new(Embedded::open(storage::Options::ephemeral()).unwrap());
        Fixture::over(store, options).await
    }

    async fn over(store: Arc<dyn Store>, options: Options) -> Fixture {
        let caches = Caches::follow(store.clone(), options);
        let pods = caches.register(pods()).await.unwrap();
        Fixture { store, caches, pods }
    }

    async fn commit(&self, txn: Txn) -> Revision {
        match self.store.commit(txn).await.unwrap() {
            Outcome::Committed(revision) => revision,
            conflict => panic!("{conflict:?}"),
        }
    }

    async fn put(&self, namespace: &str, name: &str, app: &str, node: &str) -> Revision {
        let key = self.pods.shape().key(namespace, name);
        self.commit(Txn::default().put(key, pod(namespace, name, app, node))).await
    }

    async fn delete(&self, namespace: &str, name: &str) -> Revision {
        self.commit(Txn::default().delete(self.pods.shape().key(namespace, name))).await
    }
}

fn labels(text: &str) -> Selection {
    Selection { labels: LabelSelector::parse(text).unwrap(), ..Selection::default() }
}

fn fields(text: &str) -> Selection {
    Selection { fields: FieldSelector::parse(text).unwrap(), ..Selection::default() }
}

/// The objects of a page in short.
fn names(page: &Page) -> String {
    let name = |object: &Arc<crate::Object>| format!("{}/{}", object.namespace(), object.name());
    page.objects.iter().map(name).collect::<Vec<_>>().join(" ")
}

/// Events in short.
fn brief(events: &[Selected]) -> String {
    let one = |selected: &Selected| {
        let object = selected.object().unwrap();
        format!("{} {}@{}", selected.event_type.as_str(), object.name(), selected.event.revision)
    };
    events.iter().map(one).collect::<Vec<_>>().join(", ")
}

#[tokio::test]
async fn a_commit_is_seen_by_the_next_read() {
    let f = Fixture::new(Options::default()).await;
    for number in 0..50 {
        let name = format!("p{number}");
        let revision = f.put("default", &name, "web", "n1").await;
        let snapshot = f.pods.current().await.unwrap();
        assert_eq!(snapshot.revision(), revision);
        let object = snapshot.get(&f.pods.shape().key("default", &name)).unwrap();
        assert_eq!((object.revision(), object.namespace(), object.name()), (revision, "default", &*name));
        let json = String::from_utf8(object.json().to_vec()).unwrap();
        assert!(json.contains(&format!(r#""resourceVersion":"{revision}","labels""#)), "{json}");
        assert_eq!(json.len(), object.json_length());
    }
    // Keys outside of any resource move the revision too.
    let revision = f.commit(Txn::default().put("/registry/ranges/x".into(), "y".into())).await;
    assert_eq!(f.pods.current().await.unwrap().revision(), revision);
    assert_eq!(f.caches.reached(), revision);
    assert_eq!(f.caches.problem(), None);
}

#[tokio::test]
async fn lists_select_and_go_page_by_page() {
    let f = Fixture::new(Options::default()).await;
    for (namespace, name, app, node) in [
        ("a", "p1", "web", "n1"),
        ("a", "p2", "db", "n2"),
        ("a-b", "p1", "web", "n1"),
        ("b", "p1", "db", "n1"),
        ("b", "p2", "web", ""),
    ] {
        f.put(namespace, name, app, node).await;
    }
    let snapshot = f.pods.current().await.unwrap();
    let list = |selection: Selection| names(&snapshot.list(&selection, "", 0));
    assert_eq!(list(Selection::default()), "a-b/p1 a/p1 a/p2 b/p1 b/p2");
    assert_eq!(list(Selection::in_namespace("a")), "a/p1 a/p2");
    assert_eq!(list(Selection::in_namespace("c")), "");
    assert_eq!(list(labels("app=web")), "a-b/p1 a/p1 b/p2");
    assert_eq!(list(Selection { namespace: "a".into(), ..labels("app!=web") }), "a/p2");
    assert_eq!(list(fields("spec.nodeName=n1")), "a-b/p1 a/p1 b/p1");
    assert_eq!(list(fields("spec.nodeName=")), "b/p2");
    assert_eq!(list(fields("spec.nodeName=n")), "");
    assert_eq!(list(fields("spec.nodeName=n1,metadata.namespace!=a")), "a-b/p1 b/p1");
    assert_eq!(list(Selection { namespace: "b".into(), ..fields("spec.nodeName=n1") }), "b/p1");
    assert_eq!(list(fields("metadata.name=p1")), "a-b/p1 a/p1 b/p1");
    assert_eq!(list(Selection { namespace: "a".into(), ..fields("metadata.name=p2") }), "a/p2");
    assert_eq!(list(Selection { namespace: "b".into(), ..fields("metadata.name=p2,status.phase=x") }), "");

    for (selection, remaining) in [
        (Selection::default(), [Some(3), Some(1), Some(0)]),
        (labels("app"), [None; 3]),
        (fields("spec.nodeName=n1"), [None, None, None]),
    ] {
        let all = snapshot.list(&selection, "", 0);
        let (mut after, mut found) = (String::new(), Vec::new());
        for remaining in remaining {
            let page = snapshot.list(&selection, &after, 2);
            assert_eq!(page.remaining, remaining);
            found.extend(page.objects);
            match page.last {
                Some(last) => after = last.to_string(),
                None => break,
            }
        }
        assert!(found.iter().map(|object| object.key()).eq(all.objects.iter().map(|object| object.key())));
    }
    assert_eq!(snapshot.count(&f.pods.shape().scope("a")), 2);
    assert_eq!(snapshot.count(&f.pods.shape().scope("")), 5);
}

#[tokio::test]
async fn owners_find_what_they_own() {
    let f = Fixture::new(Options::default()).await;
    f.put("a", "p1", "web", "n1").await;
    f.put("a", "p2", "db", "n1").await;
    f.put("a", "p3", "web", "n1").await;
    f.put("a", "p3", "db", "n2").await;
    let revision = f.delete("a", "p2").await;
    f.caches.wait_until(revision).await.unwrap();
    let owned = |uid: &str| {
        let owned = f.caches.owned_by(uid);
        owned.iter().map(|object| object.name().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!((owned("owner-web"), owned("owner-db")), (vec!["p1".to_owned()], vec!["p3".to_owned()]));
    assert_eq!(owned("owner"), [""; 0]);
}
