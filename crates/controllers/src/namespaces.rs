//! Namespace lifecycle: what a deleted namespace holds goes, then its `kubernetes` finalizer, then itself.

use std::sync::Arc;
use std::time::Duration;

use object::Value;
use registry::{DeleteOptions, Resource, Verb};
use status::Result;

use crate::client::{Client, read};

/// How long to wait before looking again at a namespace that is not empty yet.
const AGAIN: Duration = Duration::from_millis(200);
/// The longest such wait: content that stays has a finalizer that somebody else must remove.
const LONGEST: Duration = Duration::from_secs(30);

/// Follows all namespaces.
pub(crate) async fn run(client: Client) {
    let Some(namespaces) = client.resource("", "namespaces") else { return };
    loop {
        let Ok(mut watch) = client.watch(&namespaces).await else { return };
        for object in std::mem::take(&mut watch.initial) {
            begin(&client, &namespaces, &object);
        }
        while let Ok(events) = watch.cursor.next().await {
            for event in events {
                if let (Some(object), true) = (event.object(), event.event.current.is_some()) {
                    begin(&client, &namespaces, object);
                }
            }
        }
    }
}

/// Has a namespace under deletion emptied by a task of its own.
fn begin(client: &Client, namespaces: &Arc<Resource>, object: &cache::Object) {
    let Some(namespace) = read(object) else { return };
    if !registry::metadata::is_deleting(&namespace) {
        return;
    }
    let name = registry::metadata::name(&namespace).to_owned();
    let (client, namespaces) = (client.clone(), Arc::clone(namespaces));
    tokio::spawn(async move {
        let mut wait = AGAIN;
        loop {
            match empty(&client, &namespaces, &name).await {
                Ok(true) => return,
                Ok(false) => {}
                Err(error) => tracing::debug!(namespace = name, %error, "can't empty a namespace yet"),
            }
            tokio::time::sleep(wait).await;
            wait = (wait * 2).min(LONGEST);
        }
    });
}

/// Deletes what the namespace holds; once nothing is left, finalizes it. Answers whether it is done.
async fn empty(client: &Client, namespaces: &Arc<Resource>, name: &str) -> Result<bool> {
    let Some(current) = client.list(namespaces, "").into_iter().find(|object| object.name() == name) else {
        return Ok(true);
    };
    let Some(mut namespace) = read(&current) else { return Ok(true) };
    if !registry::metadata::is_deleting(&namespace) {
        return Ok(true);
    }
    if namespace.items_at(["spec", "finalizers"]).is_empty() {
        client.delete(namespaces, "", name, &DeleteOptions::default()).await?;
        return Ok(true);
    }
    if !delete_content(client, name).await? {
        return Ok(false);
    }
    let kept: Vec<Value> = namespace
        .items_at(["spec", "finalizers"])
        .iter()
        .filter(|finalizer| finalizer.as_str() != Some("kubernetes"))
        .cloned()
        .collect();
    namespace.object_at("spec").insert("finalizers", kept);
    client.update_through(namespaces, "finalize", &namespace).await?;
    client.delete(namespaces, "", name, &DeleteOptions::default()).await?;
    Ok(true)
}

/// Deletes everything in a namespace, and answers whether nothing is left.
async fn delete_content(client: &Client, namespace: &str) -> Result<bool> {
    let resources: Vec<Arc<Resource>> = client
        .registry
        .resources()
        .iter()
        .filter(|resource| {
            resource.namespaced && resource.storage.is_some() && resource.verbs.has(Verb::Delete)
        })
        .cloned()
        .collect();
    let mut nothing = true;
    for resource in resources {
        for object in client.list(&resource, namespace) {
            client.delete(&resource, namespace, object.name(), &DeleteOptions::default()).await?;
        }
        nothing &= client.list(&resource, namespace).is_empty();
    }
    Ok(nothing)
}
