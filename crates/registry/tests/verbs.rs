//! The verbs over built-in kinds, on a store in memory.

use std::sync::Arc;

use cache::Caches;
use meta::{SystemClock, SystemRandomness};
use object::Value;
use registry::{
    Body, BodyFormat, DeleteOptions, ListOptions, PatchType, Registry, Request, Resources, Response, User,
    Verb, Warnings, WriteOptions,
};
use storage::{Embedded, Options, Store};

struct World {
    registry: Registry,
}

impl World {
    async fn new() -> World {
        let store: Arc<dyn Store> =
            Arc::new(Embedded::open(Options::ephemeral()).expect("a store in memory"));
        let caches = Caches::follow(store.clone(), cache::Options::default());
        let registry = Registry::new(store, caches, Arc::new(SystemClock), Arc::new(SystemRandomness));
        let resources = kinds::resources(&schema::builtin()).into_iter().map(Arc::new).collect();
        registry.serve(Resources::new(resources)).await.expect("an empty store serves");
        World { registry }
    }

    fn request(&self, verb: Verb, (group, version, plural): (&str, &str, &str), name: &str) -> Request {
        let resource =
            self.registry.resources().get(group, version, plural).expect("a built-in resource").clone();
        let namespace = if resource.namespaced { "default".into() } else { "".into() };
        Request {
            verb,
            resource,
            subresource: None,
            namespace,
            name: name.into(),
            user: Arc::new(User::default()),
            user_agent: "test/v1".into(),
        }
    }

    async fn create(&self, kind: (&str, &str, &str), json: &str) -> Result<Value, u16> {
        let request = self.request(Verb::Create, kind, "");
        let mut warnings = Warnings::default();
        let answer =
            self.registry.create(&request, &body(json), &WriteOptions::default(), &mut warnings).await;
        answer.map(object).map_err(|status| status.code)
    }

    async fn update(&self, kind: (&str, &str, &str), name: &str, json: &str) -> Result<Value, u16> {
        let request = self.request(Verb::Update, kind, name);
        let mut warnings = Warnings::default();
        let answer =
            self.registry.update(&request, &body(json), &WriteOptions::default(), &mut warnings).await;
        answer.map(object).map_err(|status| status.code)
    }

    async fn apply(
        &self,
        kind: (&str, &str, &str),
        name: &str,
        manager: &str,
        json: &str,
    ) -> Result<Value, u16> {
        let request = self.request(Verb::Patch, kind, name);
        let options = WriteOptions { field_manager: manager.into(), ..WriteOptions::default() };
        let mut warnings = Warnings::default();
        let answer =
            self.registry.patch(&request, PatchType::Apply, &body(json), &options, &mut warnings).await;
        answer.map(object).map_err(|status| status.code)
    }

    async fn get(&self, kind: (&str, &str, &str), name: &str) -> Result<Value, u16> {
        let request = self.request(Verb::Get, kind, name);
        self.registry.get(&request, "").await.map(object).map_err(|status| status.code)
    }

    async fn delete(&self, kind: (&str, &str, &str), name: &str) -> Result<Response, u16> {
        let request = self.request(Verb::Delete, kind, name);
        let mut warnings = Warnings::default();
        let answer = self.registry.delete(&request, &DeleteOptions::default(), &mut warnings).await;
        answer.map_err(|status| status.code)
    }
}

fn body(json: &str) -> Body {
    Body { bytes: json.to_owned().into(), format: BodyFormat::Json }
}

fn object(response: Response) -> Value {
    let Response::Object { object, .. } = response else { panic!("an object, not {response:?}") };
    object::json::parse(&object.json).expect("the answer is JSON")
}

const CONFIG_MAPS: (&str, &str, &str) = ("", "v1", "configmaps");
const DEPLOYMENTS: (&str, &str, &str) = ("apps", "v1", "deployments");

#[tokio::test(flavor = "multi_thread")]
async fn an_object_is_created_read_changed_and_deleted() {
    let world = World::new().await;
    let created =
        world.create(CONFIG_MAPS, r#"{"metadata":{"name":"a"},"data":{"k":"v"}}"#).await.expect("created");
    assert_eq!(created.str_at(["kind"]), "ConfigMap");
    assert_eq!(created.str_at(["metadata", "namespace"]), "default");
    assert_eq!(created.str_at(["metadata", "uid"]).len(), 36);
    let version = created.str_at(["metadata", "resourceVersion"]).to_owned();
    assert!(version.parse::<u64>().is_ok_and(|version| version > 0));
    assert_eq!(world.create(CONFIG_MAPS, r#"{"metadata":{"name":"a"}}"#).await, Err(409));
    assert_eq!(world.get(CONFIG_MAPS, "a").await, Ok(created.clone()));

    let json = format!(r#"{{"metadata":{{"name":"a","resourceVersion":"{version}"}},"data":{{"k":"w"}}}}"#);
    let updated = world.update(CONFIG_MAPS, "a", &json).await.expect("updated");
    assert_eq!(updated.str_at(["data", "k"]), "w");
    assert_ne!(updated.str_at(["metadata", "resourceVersion"]), version);
    assert_eq!(world.update(CONFIG_MAPS, "a", &json).await, Err(409), "the version is stale now");

    assert!(matches!(world.delete(CONFIG_MAPS, "a").await, Ok(Response::Status(status)) if status.success));
    assert_eq!(world.get(CONFIG_MAPS, "a").await, Err(404));
    assert_eq!(world.update(CONFIG_MAPS, "a", r#"{"metadata":{"name":"a"}}"#).await, Err(404));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_that_changes_nothing_is_no_write() {
    let world = World::new().await;
    let created =
        world.create(CONFIG_MAPS, r#"{"metadata":{"name":"a"},"data":{"k":"v"}}"#).await.expect("created");
    let again = world.update(CONFIG_MAPS, "a", r#"{"metadata":{"name":"a"},"data":{"k":"v"}}"#).await;
    assert_eq!(again, Ok(created));
}

#[tokio::test(flavor = "multi_thread")]
async fn finalizers_keep_an_object_until_they_are_gone() {
    let world = World::new().await;
    let json = r#"{"metadata":{"name":"a","finalizers":["example.com/f"]}}"#;
    world.create(CONFIG_MAPS, json).await.expect("created");
    let Ok(Response::Object { .. }) = world.delete(CONFIG_MAPS, "a").await else { panic!("it stays") };
    let kept = world.get(CONFIG_MAPS, "a").await.expect("still there");
    assert!(!kept.str_at(["metadata", "deletionTimestamp"]).is_empty());
    world.update(CONFIG_MAPS, "a", r#"{"metadata":{"name":"a"}}"#).await.expect("its finalizer goes");
    assert_eq!(world.get(CONFIG_MAPS, "a").await, Err(404));
}

#[tokio::test(flavor = "multi_thread")]
async fn generation_counts_changes_of_the_spec() {
    let world = World::new().await;
    let deployment = |replicas: u8, label: &str| {
        format!(
            r#"{{"metadata":{{"name":"d","labels":{{"l":"{label}"}}}},"spec":{{"replicas":{replicas},"selector":{{"matchLabels":{{"a":"x"}}}},"template":{{"metadata":{{"labels":{{"a":"x"}}}},"spec":{{"containers":[{{"name":"c","image":"i"}}]}}}}}}}}"#
        )
    };
    let generation = |object: Value| object.at(["metadata", "generation"]).and_then(Value::as_i64);
    assert_eq!(world.create(DEPLOYMENTS, &deployment(1, "a")).await.map(generation), Ok(Some(1)));
    assert_eq!(world.update(DEPLOYMENTS, "d", &deployment(1, "b")).await.map(generation), Ok(Some(1)));
    assert_eq!(world.update(DEPLOYMENTS, "d", &deployment(2, "b")).await.map(generation), Ok(Some(2)));
}

#[tokio::test(flavor = "multi_thread")]
async fn apply_creates_owns_and_conflicts() {
    let world = World::new().await;
    let map = |value: &str| {
        format!(
            r#"{{"apiVersion":"v1","kind":"ConfigMap","metadata":{{"name":"a"}},"data":{{"k":"{value}"}}}}"#
        )
    };
    let created = world.apply(CONFIG_MAPS, "a", "one", &map("v")).await.expect("created");
    assert_eq!(
        created.at(["metadata", "managedFields"]).map(|of| of.as_array().map(Vec::len)),
        Some(Some(1))
    );
    assert_eq!(world.apply(CONFIG_MAPS, "a", "one", &map("v")).await, Ok(created));
    assert_eq!(world.apply(CONFIG_MAPS, "a", "two", &map("w")).await, Err(409));
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_go_on_page_by_page_over_one_state() {
    let world = World::new().await;
    for name in ["a", "b", "c"] {
        world.create(CONFIG_MAPS, &format!(r#"{{"metadata":{{"name":"{name}"}}}}"#)).await.expect("created");
    }
    let request = world.request(Verb::List, CONFIG_MAPS, "");
    let mut options = ListOptions { limit: 2, ..ListOptions::default() };
    let Ok(Response::List { meta, items, .. }) = world.registry.list(&request, &options).await else {
        panic!("a list")
    };
    assert_eq!((items.len(), meta.remaining_item_count), (2, Some(1)));
    world.create(CONFIG_MAPS, r#"{"metadata":{"name":"d"}}"#).await.expect("created");
    options.continue_token = meta.continue_token;
    let Ok(Response::List { meta: last, items, .. }) = world.registry.list(&request, &options).await else {
        panic!("a list")
    };
    assert_eq!(items.len(), 1, "what came later is not in the list");
    assert_eq!((last.resource_version, last.continue_token.as_str()), (meta.resource_version, ""));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_watch_goes_on_where_a_list_ended() {
    let world = World::new().await;
    let created = world.create(CONFIG_MAPS, r#"{"metadata":{"name":"a"}}"#).await.expect("created");
    let request = world.request(Verb::Watch, CONFIG_MAPS, "");
    let version = created.str_at(["metadata", "resourceVersion"]).to_owned();
    let options = ListOptions { resource_version: version, ..ListOptions::default() };
    let mut watch = world.registry.watch(&request, &options).await.expect("a watch");
    assert!(watch.initial.is_empty());
    world.create(CONFIG_MAPS, r#"{"metadata":{"name":"b"}}"#).await.expect("created");
    let events = watch.cursor.next().await.expect("an event");
    let json = object::json::parse(&events[0].json()).expect("JSON");
    assert_eq!((events.len(), json.str_at(["metadata", "name"])), (1, "b"));
}
