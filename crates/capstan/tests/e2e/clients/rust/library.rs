//! Creates, lists, patches and watches objects with kube-rs, typed and dynamic.
//!
//! Usage: library NAMESPACE, with KUBECONFIG set.

use futures::TryStreamExt;
use k8s_openapi::api::core::v1::{ConfigMap, Service};
use kube::api::{
    DeleteParams, DynamicObject, ListParams, Patch, PatchParams, PostParams, WatchEvent, WatchParams,
};
use kube::{Api, Client, ResourceExt, discovery};
use serde_json::json;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let namespace = std::env::args().nth(1).ok_or("usage: library NAMESPACE")?;
    let client = Client::try_default().await?;
    let services: Api<Service> = Api::namespaced(client.clone(), &namespace);
    let service =
        serde_json::from_value(json!({"metadata": {"name": "web"}, "spec": {"ports": [{"port": 80}]}}))?;
    services.create(&PostParams::default(), &service).await?;
    let listed = services.list(&ListParams::default()).await?;
    assert_eq!(listed.items.iter().map(ResourceExt::name_any).collect::<Vec<_>>(), ["web"]);
    let patch = json!({"metadata": {"labels": {"a": "b"}}});
    services.patch("web", &PatchParams::default(), &Patch::Merge(patch)).await?;
    services.delete("web", &DeleteParams::default()).await?;
    let version = listed.metadata.resource_version.unwrap_or_default();
    let mut events = Box::pin(services.watch(&WatchParams::default().timeout(20), &version).await?);
    let mut seen = Vec::new();
    while let Some(event) = events.try_next().await? {
        match event {
            WatchEvent::Modified(object) => seen.push(format!("modified {:?}", object.labels())),
            WatchEvent::Deleted(object) => {
                seen.push(format!("deleted {}", object.name_any()));
                break;
            }
            other => seen.push(format!("{other:?}")),
        }
    }
    assert_eq!(seen, [r#"modified {"a": "b"}"#, "deleted web"]);
    match services.get("web").await {
        Err(kube::Error::Api(status)) => assert_eq!((status.code, status.reason.as_str()), (404, "NotFound")),
        other => panic!("{other:?}"),
    }

    let discovered = discovery::group(&client, "apps").await?;
    let (resource, capabilities) = discovered.recommended_kind("Deployment").ok_or("no deployments")?;
    assert!(capabilities.supports_operation(discovery::verbs::WATCH));
    let deployments: Api<DynamicObject> = Api::namespaced_with(client.clone(), &namespace, &resource);
    assert!(deployments.list(&ListParams::default()).await?.items.is_empty());
    let maps: Api<ConfigMap> = Api::namespaced(client, &namespace);
    let map =
        json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "own"}, "data": {"a": "b"}});
    let applied = maps.patch("own", &PatchParams::apply("rust"), &Patch::Apply(map)).await?;
    assert_eq!(applied.data.unwrap_or_default()["a"], "b");
    Ok(())
}
