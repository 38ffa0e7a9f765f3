//! Garbage collection: dependents go when their last owner has gone, before it does, or stay without it, as the
//! owner's deletion asks.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use cache::Object;
use object::{Text, Value};
use registry::{Conversion, DeleteOptions, Preconditions, Propagation, Resource, Verb, metadata};
use status::Result;
use tokio::task::JoinSet;

use crate::client::{Client, read};

const ORPHAN: &str = "orphan";
const FOREGROUND: &str = "foregroundDeletion";
/// How often it is looked whether other resources are served now.
const RESOURCES: Duration = Duration::from_secs(2);
/// How often a step is tried whose object others write at the same time.
const TRIES: usize = 5;

/// Follows every resource whose objects can be deleted.
pub(crate) async fn run(client: Client) {
    let mut followers: JoinSet<()> = JoinSet::new();
    let mut followed: HashMap<Text, tokio::task::AbortHandle> = HashMap::new();
    let mut interval = tokio::time::interval(RESOURCES);
    loop {
        interval.tick().await;
        followed.retain(|_, task| !task.is_finished());
        for resource in collected(&client) {
            let Some(storage) = &resource.storage else { continue };
            if !followed.contains_key(&storage.prefix) {
                let task = followers.spawn(follow(client.clone(), Arc::clone(&resource)));
                followed.insert(storage.prefix.clone(), task);
            }
        }
        while followers.try_join_next().is_some() {}
    }
}

/// One version of every kind that is stored and can be deleted. Events own nothing and are owned by nothing.
fn collected(client: &Client) -> Vec<Arc<Resource>> {
    let resources = client.registry.resources();
    let wanted = |resource: &&Arc<Resource>| {
        resource.storage.is_some()
            && matches!(resource.conversion, Conversion::Stored)
            && resource.verbs.has(Verb::Delete)
            && resource.verbs.has(Verb::Watch)
            && resource.resource != "events"
    };
    resources.iter().filter(wanted).cloned().collect()
}

async fn follow(client: Client, resource: Arc<Resource>) {
    let Ok(mut watch) = client.watch(&resource).await else { return };
    for object in std::mem::take(&mut watch.initial) {
        look(&client, &resource, &object).await;
    }
    while let Ok(events) = watch.cursor.next().await {
        for event in events {
            match (&event.event.current, &event.event.previous) {
                (Some(object), _) => look(&client, &resource, object).await,
                (None, Some(gone)) => release(&client, gone).await,
                (None, None) => {}
            }
        }
    }
}

/// Does what an object's state asks for.
async fn look(client: &Client, resource: &Arc<Resource>, object: &Arc<Object>) {
    let owned = object.facts().owners().next().is_some();
    let deleting = object::scan::find(object.encoded().bare(), &["metadata", "deletionTimestamp"]).is_some();
    if !owned && !deleting {
        return;
    }
    let (namespace, name) = (object.namespace(), object.name());
    for _ in 0..TRIES {
        let step = match deleting {
            true => finish(client, resource, namespace, name).await,
            false => judge(client, resource, namespace, name).await,
        };
        match step {
            Ok(()) => return,
            Err(error) => tracing::debug!(namespace, name, %error, "garbage collection tries again"),
        }
    }
}

/// An object has gone: its dependents are looked at, and its owners, which may have waited for it.
async fn release(client: &Client, gone: &Arc<Object>) {
    let Some(value) = read(gone) else { return };
    for dependent in client.registry.caches().owned_by(metadata::uid(&value)) {
        if let Some(resource) = resource_of(client, &dependent) {
            look(client, &resource, &dependent).await;
        }
    }
    for reference in value.items_at(["metadata", "ownerReferences"]) {
        if let Some((resource, owner)) = owner_of(client, reference, gone.namespace())
            && metadata::is_deleting(&owner)
        {
            let (namespace, name) =
                (metadata::namespace(&owner).to_owned(), metadata::name(&owner).to_owned());
            if let Err(error) = finish(client, &resource, &namespace, &name).await {
                tracing::debug!(namespace, name, %error, "an owner is not done yet");
            }
        }
    }
}

/// The resource that a cached object is of.
fn resource_of(client: &Client, object: &Object) -> Option<Arc<Resource>> {
    collected(client).into_iter().find(|resource| {
        client.cache(resource).is_some_and(|cache| object.key().starts_with(cache.shape().prefix.as_str()))
    })
}

/// The object of a name, as it is now.
fn current(client: &Client, resource: &Resource, namespace: &str, name: &str) -> Option<Value> {
    let cache = client.cache(resource)?;
    let key = cache.shape().key(namespace, name);
    cache.snapshot().get(&key).and_then(|object| read(object))
}

/// The owner that a reference names, if it is there: the same name with another uid is somebody else.
fn owner_of(client: &Client, reference: &Value, namespace: &str) -> Option<(Arc<Resource>, Value)> {
    let api_version = reference.str_at(["apiVersion"]);
    let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
    let resource = client.registry.resources().of_kind(group, version, reference.str_at(["kind"]))?.clone();
    let namespace = if resource.namespaced { namespace } else { "" };
    let owner = current(client, &resource, namespace, reference.str_at(["name"]))?;
    (metadata::uid(&owner) == reference.str_at(["uid"])).then_some((resource, owner))
}

/// Deletes an object whose owners are all gone or waiting for it, and forgets owners that are gone.
async fn judge(client: &Client, resource: &Arc<Resource>, namespace: &str, name: &str) -> Result<()> {
    let Some(object) = current(client, resource, namespace, name) else { return Ok(()) };
    let references = object.items_at(["metadata", "ownerReferences"]);
    if references.is_empty() || metadata::is_deleting(&object) {
        return Ok(());
    }
    let (mut kept, mut waiting) = (Vec::new(), false);
    for reference in references {
        match owner_of(client, reference, namespace) {
            Some((_, owner)) if waits(&owner) => {
                waiting = true;
                if reference.get("blockOwnerDeletion").and_then(Value::as_bool) != Some(true) {
                    kept.push(reference.clone());
                }
            }
            Some(_) => kept.push(reference.clone()),
            None if !known(client, reference) => kept.push(reference.clone()),
            None => {}
        }
    }
    if kept.is_empty() || (waiting && kept.len() < references.len()) {
        let foreground = waiting && !client.registry.caches().owned_by(metadata::uid(&object)).is_empty();
        return delete(client, resource, &object, foreground).await;
    }
    if kept.len() == references.len() {
        return Ok(());
    }
    set_owners(client, resource, &object, kept).await
}

/// Whether the kind that a reference names is served: of others nothing can be said.
fn known(client: &Client, reference: &Value) -> bool {
    let api_version = reference.str_at(["apiVersion"]);
    let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
    client.registry.resources().of_kind(group, version, reference.str_at(["kind"])).is_some()
}

/// Whether an owner goes only once its dependents have.
fn waits(owner: &Value) -> bool {
    metadata::is_deleting(owner) && metadata::finalizers(owner).any(|finalizer| finalizer == FOREGROUND)
}

async fn delete(client: &Client, resource: &Arc<Resource>, object: &Value, foreground: bool) -> Result<()> {
    let propagation = if foreground {
        Some(Propagation::Foreground)
    } else if metadata::finalizers(object).any(|finalizer| finalizer == ORPHAN) {
        Some(Propagation::Orphan)
    } else {
        Some(Propagation::Background)
    };
    let uid = Some(metadata::uid(object).to_owned());
    let preconditions = Preconditions { uid, resource_version: None };
    let options = DeleteOptions { propagation, preconditions, ..DeleteOptions::default() };
    client.delete(resource, metadata::namespace(object), metadata::name(object), &options).await
}

async fn set_owners(
    client: &Client,
    resource: &Arc<Resource>,
    object: &Value,
    owners: Vec<Value>,
) -> Result<()> {
    let owners = if owners.is_empty() { Value::Null } else { Value::Array(owners) };
    patch_metadata(client, resource, object, "ownerReferences", owners).await
}

/// Sets one field of the metadata of an object that has not changed since it was read.
async fn patch_metadata(
    client: &Client,
    resource: &Arc<Resource>,
    object: &Value,
    field: &str,
    value: Value,
) -> Result<()> {
    let mut patch = Value::object();
    let map = patch.object_at("metadata");
    map.insert("uid", metadata::uid(object));
    map.insert("resourceVersion", metadata::text(object, "resourceVersion"));
    map.insert(field, value);
    match client.patch(resource, metadata::namespace(object), metadata::name(object), &patch).await {
        Err(gone) if gone.code == 404 => Ok(()),
        other => other,
    }
}

/// Goes on with an object under deletion: orphans its dependents, or deletes them and waits.
async fn finish(client: &Client, resource: &Arc<Resource>, namespace: &str, name: &str) -> Result<()> {
    let Some(object) = current(client, resource, namespace, name) else { return Ok(()) };
    let dependents = || client.registry.caches().owned_by(metadata::uid(&object));
    if metadata::finalizers(&object).any(|finalizer| finalizer == ORPHAN) {
        for dependent in dependents() {
            orphan(client, &dependent, metadata::uid(&object)).await?;
        }
        return remove_finalizer(client, resource, &object, ORPHAN).await;
    }
    if metadata::finalizers(&object).any(|finalizer| finalizer == FOREGROUND) {
        for dependent in dependents() {
            if let Some(of) = resource_of(client, &dependent) {
                Box::pin(judge(client, &of, dependent.namespace(), dependent.name())).await?;
            }
        }
        if !dependents().iter().any(|dependent| blocks(dependent, metadata::uid(&object))) {
            return remove_finalizer(client, resource, &object, FOREGROUND).await;
        }
    }
    Ok(())
}

/// Whether a dependent holds its owner's deletion up.
fn blocks(dependent: &Object, owner: &str) -> bool {
    read(dependent).is_some_and(|object| {
        object.items_at(["metadata", "ownerReferences"]).iter().any(|reference| {
            reference.str_at(["uid"]) == owner
                && reference.get("blockOwnerDeletion").and_then(Value::as_bool) == Some(true)
        })
    })
}

/// Takes an owner off a dependent.
async fn orphan(client: &Client, dependent: &Object, owner: &str) -> Result<()> {
    let Some(resource) = resource_of(client, dependent) else { return Ok(()) };
    let Some(object) = current(client, &resource, dependent.namespace(), dependent.name()) else {
        return Ok(());
    };
    let references = object.items_at(["metadata", "ownerReferences"]);
    let kept: Vec<Value> =
        references.iter().filter(|reference| reference.str_at(["uid"]) != owner).cloned().collect();
    if kept.len() == references.len() {
        return Ok(());
    }
    set_owners(client, &resource, &object, kept).await
}

async fn remove_finalizer(
    client: &Client,
    resource: &Arc<Resource>,
    object: &Value,
    finalizer: &str,
) -> Result<()> {
    let kept: Vec<Value> =
        metadata::finalizers(object).filter(|known| *known != finalizer).map(Value::from).collect();
    let kept = if kept.is_empty() { Value::Null } else { Value::Array(kept) };
    patch_metadata(client, resource, object, "finalizers", kept).await
}
