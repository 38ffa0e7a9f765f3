//! The controllers at work on a registry in memory.

use std::sync::Arc;
use std::time::Duration;

use cache::Caches;
use meta::{SystemClock, SystemRandomness};
use object::Value;
use registry::{
    Body, BodyFormat, DeleteOptions, Propagation, Registry, Request, Resources, Response, User, Verb,
    Warnings, WriteOptions,
};
use storage::{Embedded, Options, Store};

struct World {
    registry: Arc<Registry>,
    _controllers: controllers::Controllers,
}

impl World {
    async fn new() -> World {
        let store: Arc<dyn Store> =
            Arc::new(Embedded::open(Options::ephemeral()).expect("a store in memory"));
        let caches = Caches::follow(store.clone(), cache::Options::default());
        let registry = Registry::new(store, caches, Arc::new(SystemClock), Arc::new(SystemRandomness));
        let resources = kinds::resources(&schema::builtin()).into_iter().map(Arc::new).collect();
        registry.serve(Resources::new(resources)).await.expect("an empty store serves");
        registry.set_admission(Arc::new(admission::chain(&[], &[])));
        let registry = Arc::new(registry);
        let settings = controllers::Settings {
            root_authority: "certificate".to_owned(),
            ..controllers::Settings::default()
        };
        let controllers = controllers::start(&registry, settings);
        World { registry, _controllers: controllers }
    }

    fn request(&self, verb: Verb, plural: &str, name: &str) -> Request {
        let resources = self.registry.resources();
        let resource =
            resources.iter().find(|resource| resource.resource == plural).expect("built in").clone();
        let namespace = if resource.namespaced { "n" } else { "" };
        Request {
            verb,
            resource,
            subresource: None,
            namespace: namespace.into(),
            name: name.into(),
            user: Arc::new(User::default()),
            user_agent: "test".into(),
        }
    }

    async fn create(&self, plural: &str, json: &str) -> Value {
        let request = self.request(Verb::Create, plural, "");
        let body = Body { bytes: json.to_owned().into(), format: BodyFormat::Json };
        let created =
            self.registry.create(&request, &body, &WriteOptions::default(), &mut Warnings::default()).await;
        let Ok(Response::Object { object, .. }) = created else { panic!("{plural} {json}: {created:?}") };
        object::json::parse(&object.json).expect("JSON")
    }

    async fn config_map(&self, name: &str, owner: Option<&Value>) -> Value {
        let owners = owner.map_or(String::new(), |owner| {
            format!(
                r#","ownerReferences":[{{"apiVersion":"v1","kind":"ConfigMap","name":"{}","uid":"{}","blockOwnerDeletion":true}}]"#,
                owner.str_at(["metadata", "name"]),
                owner.str_at(["metadata", "uid"])
            )
        });
        self.create("configmaps", &format!(r#"{{"metadata":{{"name":"{name}"{owners}}}}}"#)).await
    }

    async fn delete(&self, plural: &str, name: &str, propagation: Option<Propagation>) {
        let options = DeleteOptions { propagation, ..DeleteOptions::default() };
        let request = self.request(Verb::Delete, plural, name);
        self.registry.delete(&request, &options, &mut Warnings::default()).await.expect("deleted");
    }

    async fn get(&self, plural: &str, name: &str) -> Option<Value> {
        match self.registry.get(&self.request(Verb::Get, plural, name), "").await {
            Ok(Response::Object { object, .. }) => object::json::parse(&object.json).ok(),
            _ => None,
        }
    }

    /// Waits until there is an object of this name, or none.
    async fn until(&self, plural: &str, name: &str, there: bool) {
        for _ in 0..500 {
            if self.get(plural, name).await.is_some() == there {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("{plural} {name} should be {}", if there { "there" } else { "gone" });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_namespace_is_furnished_and_goes_with_all_it_holds() {
    let world = World::new().await;
    world.create("namespaces", r#"{"metadata":{"name":"n"}}"#).await;
    world.until("serviceaccounts", "default", true).await;
    world.until("configmaps", "kube-root-ca.crt", true).await;
    world.config_map("a", None).await;
    world.delete("namespaces", "n", None).await;
    world.until("namespaces", "n", false).await;
    assert_eq!(world.get("configmaps", "a").await, None);
    assert_eq!(world.get("serviceaccounts", "default").await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn dependents_follow_their_owner() {
    let world = World::new().await;
    world.create("namespaces", r#"{"metadata":{"name":"n"}}"#).await;
    for propagation in [None, Some(Propagation::Foreground)] {
        let owner = world.config_map("owner", None).await;
        let child = world.config_map("child", Some(&owner)).await;
        world.config_map("grandchild", Some(&child)).await;
        world.delete("configmaps", "owner", propagation).await;
        for name in ["owner", "child", "grandchild"] {
            world.until("configmaps", name, false).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn orphans_stay_without_their_owner() {
    let world = World::new().await;
    world.create("namespaces", r#"{"metadata":{"name":"n"}}"#).await;
    let owner = world.config_map("owner", None).await;
    world.config_map("child", Some(&owner)).await;
    world.delete("configmaps", "owner", Some(Propagation::Orphan)).await;
    world.until("configmaps", "owner", false).await;
    let child = world.get("configmaps", "child").await.expect("it stays");
    assert!(child.items_at(["metadata", "ownerReferences"]).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_born_of_an_absent_owner_goes() {
    let world = World::new().await;
    world.create("namespaces", r#"{"metadata":{"name":"n"}}"#).await;
    let owner = world.config_map("owner", None).await;
    world.delete("configmaps", "owner", None).await;
    world.until("configmaps", "owner", false).await;
    world.config_map("late", Some(&owner)).await;
    world.until("configmaps", "late", false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_gathers_the_rules_of_others() {
    let world = World::new().await;
    let rule = r#"{"verbs":["get"],"apiGroups":[""],"resources":["pods"]}"#;
    world
        .create(
            "clusterroles",
            r#"{"metadata":{"name":"all"},"rules":[],"aggregationRule":{"clusterRoleSelectors":[{"matchLabels":{"a":"x"}}]}}"#,
        )
        .await;
    world
        .create(
            "clusterroles",
            &format!(r#"{{"metadata":{{"name":"one","labels":{{"a":"x"}}}},"rules":[{rule}]}}"#),
        )
        .await;
    let request = world.request(Verb::Get, "clusterroles", "all");
    for _ in 0..200 {
        if let Ok(Response::Object { object, .. }) = world.registry.get(&request, "").await
            && object::json::parse(&object.json).is_ok_and(|role| !role.items_at(["rules"]).is_empty())
        {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the rules were not gathered");
}
