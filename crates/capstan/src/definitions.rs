//! CustomResourceDefinitions at work: what is written to them is served within milliseconds. One task follows them,
//! gives them names, makes resources of them and removes the instances of those that go.

use std::sync::Arc;
use std::time::Duration;

use extensions::conversion::Caller;
use extensions::{Definitions, FINALIZER, names};
use object::Value;
use registry::{
    BoxFuture, DeleteOptions, ListOptions, Lookup, Registry, Request, Resource, Resources, Response, Settle,
    User, Verb, Warnings, metadata,
};
use server::Api;
use server::catalog::Catalog;
use status::{Result, Status};
use tokio::sync::watch;

const GROUP: &str = "apiextensions.k8s.io";
const PLURAL: &str = "customresourcedefinitions";

/// How long a write waits for its effect at most.
const PATIENCE: Duration = Duration::from_secs(5);

/// How often instances that are slow to go are looked for.
const AGAIN: Duration = Duration::from_millis(200);

/// Serves the definitions that are stored, and from now on every change of them. `webhooks` asks those that convert.
///
/// # Errors
/// If their objects can't be read from the store.
pub async fn follow(registry: &Arc<Registry>, api: &Arc<Api>, webhooks: Arc<dyn Caller>) -> Result<()> {
    let builtin: Vec<Arc<Resource>> = registry.resources().iter().cloned().collect();
    let Some(resource) = builtin.iter().find(|one| one.group == GROUP && one.resource == PLURAL).cloned()
    else {
        return Err(Status::no_such_resource());
    };
    let done = watch::Sender::new(0);
    let mut follower = Follower {
        definitions: Definitions::new(schema::builtin(), webhooks),
        registry: Arc::clone(registry),
        api: Arc::clone(api),
        builtin,
        resource: Arc::clone(&resource),
    };
    let mut watch = registry.watch(&follower.request(Verb::Watch, ""), &ListOptions::default()).await?;
    let names: Vec<String> = watch.initial.iter().map(|object| object.name().to_owned()).collect();
    follower.process(names).await;
    done.send_replace(watch.revision);
    registry.set_settle(&resource, Arc::new(Settled(done.subscribe())))?;
    let api = Arc::clone(api);
    let task = async move {
        loop {
            let Ok(events) = watch.cursor.next().await else {
                // Too far behind: begin again with everything.
                let request = follower.request(Verb::Watch, "");
                let Ok(anew) = follower.registry.watch(&request, &ListOptions::default()).await else {
                    return;
                };
                watch = anew;
                let names = watch.initial.iter().map(|object| object.name().to_owned()).collect();
                follower.process(names).await;
                done.send_replace(watch.revision);
                continue;
            };
            let mut names: Vec<String> = Vec::new();
            let mut revision = 0;
            for selected in &events {
                revision = revision.max(selected.event.revision);
                let objects = [&selected.event.current, &selected.event.previous];
                let name = objects.into_iter().flatten().next().map(|object| object.name().to_owned());
                names.extend(name.filter(|name| !names.contains(name)));
            }
            follower.process(names).await;
            done.send_if_modified(|done| std::mem::replace(done, revision.max(*done)) < revision);
        }
    };
    tokio::spawn(async move {
        tokio::select! {
            () = task => {}
            () = api.stopped() => {}
        }
    });
    Ok(())
}

/// How far the follower has come.
struct Settled(watch::Receiver<u64>);

impl Settle for Settled {
    fn settled(&self, revision: u64) -> BoxFuture<'_, ()> {
        let mut done = self.0.clone();
        Box::pin(async move {
            // Late or never, the write itself stands.
            let _ = tokio::time::timeout(PATIENCE, done.wait_for(|done| *done >= revision)).await;
        })
    }
}

struct Follower {
    definitions: Definitions,
    registry: Arc<Registry>,
    api: Arc<Api>,
    builtin: Vec<Arc<Resource>>,
    resource: Arc<Resource>,
}

impl Follower {
    /// A request of the server itself on a definition.
    fn request(&self, verb: Verb, name: &str) -> Request {
        Request {
            verb,
            resource: Arc::clone(&self.resource),
            subresource: self.resource.subresource("status").filter(|_| verb == Verb::Update).cloned(),
            namespace: "".into(),
            name: name.into(),
            user: Arc::new(User::default()),
            user_agent: "kube-apiserver".into(),
        }
    }

    /// Brings what is served in line with the definitions of these names.
    async fn process(&mut self, names: Vec<String>) {
        let mut changed = false;
        let mut queue = std::collections::VecDeque::from(names);
        while let Some(name) = queue.pop_front() {
            match self.one(&name, &mut queue).await {
                Ok(one) => changed |= one,
                Err(error) => tracing::error!(%name, error = %error.message, "can't follow the definition"),
            }
        }
        if changed {
            self.serve().await;
        }
    }

    async fn serve(&self) {
        let all: Vec<_> = self.builtin.iter().cloned().chain(self.definitions.resources()).collect();
        if let Err(error) = self.registry.serve(Resources::new(all.clone())).await {
            tracing::error!(error = %error.message, "can't serve custom resources");
            return;
        }
        self.api.replace_catalog(Catalog::new(all));
    }

    /// Follows one definition; names whose turn comes because of it are put into `queue`. Answers whether what is
    /// served changes.
    async fn one(&mut self, name: &str, queue: &mut std::collections::VecDeque<String>) -> Result<bool> {
        let Some(mut object) = Lookup::get(&*self.registry, GROUP, PLURAL, "", name) else {
            let group = name.split_once('.').map_or("", |(_, group)| group);
            let changed = self.definitions.remove(name);
            queue.extend(self.definitions.of_group(group).into_iter().filter(|other| {
                Lookup::get(&*self.registry, GROUP, PLURAL, "", other)
                    .is_some_and(|one| !names::are_settled(&one))
            }));
            return Ok(changed);
        };
        if !names::are_settled(&object) && !metadata::is_deleting(&object) {
            object = self.accept_names(name).await?;
        }
        let revision = metadata::text(&object, "resourceVersion").parse().unwrap_or(0);
        let changed = self.definitions.set(name, &object, revision);
        if metadata::is_deleting(&object) && metadata::finalizers(&object).any(|one| one == FINALIZER) {
            if changed {
                self.serve().await;
            }
            return self.remove_instances(name).await;
        }
        Ok(changed)
    }

    /// Decides about names, and writes the decision down.
    async fn accept_names(&self, name: &str) -> Result<Value> {
        let now = self.registry.now();
        let request = self.request(Verb::Update, name);
        let change = |object: &mut Value| {
            let taken = self.definitions.taken(object.str_at(["spec", "group"]));
            names::accept(object, &taken, &now);
            Ok(())
        };
        self.registry.modify_and_record(&request, &change).await?;
        Lookup::get(&*self.registry, GROUP, PLURAL, "", name).ok_or_else(Status::no_such_resource)
    }

    /// Removes the instances of a definition that goes, then lets it go. Instances that finalizers keep are waited
    /// for elsewhere.
    async fn remove_instances(&self, name: &str) -> Result<bool> {
        let last = Last {
            registry: Arc::clone(&self.registry),
            instances: self.definitions.of(name).first().cloned(),
            request: self.request(Verb::Update, name),
        };
        if !last.delete().await? {
            let api = Arc::clone(&self.api);
            tokio::spawn(async move {
                let finish = async {
                    while !last.delete().await.unwrap_or(true) {
                        tokio::time::sleep(AGAIN).await;
                    }
                };
                tokio::select! {
                    () = finish => {}
                    () = api.stopped() => {}
                }
            });
        }
        Ok(false)
    }
}

/// The end of a definition.
struct Last {
    registry: Arc<Registry>,
    /// The resource of its instances, if it had any served.
    instances: Option<Arc<Resource>>,
    request: Request,
}

impl Last {
    /// Deletes what instances there are; if none are left, the definition goes too. Answers whether it did.
    async fn delete(&self) -> Result<bool> {
        if let Some(resource) = &self.instances {
            let request = Request {
                verb: Verb::DeleteCollection,
                resource: Arc::clone(resource),
                subresource: None,
                name: "".into(),
                ..self.request.clone()
            };
            let mut warnings = Warnings::default();
            let all = ListOptions::default();
            self.registry.delete_collection(&request, &all, &DeleteOptions::default(), &mut warnings).await?;
            let request = Request { verb: Verb::List, ..request };
            if let Response::List { items, .. } = self.registry.list(&request, &all).await?
                && !items.is_empty()
            {
                return Ok(false);
            }
        }
        let change = |object: &mut Value| {
            let left =
                metadata::finalizers(object).filter(|one| *one != FINALIZER).map(Value::from).collect();
            metadata::set_finalizers(object, left);
            Ok(())
        };
        match self.registry.modify_and_record(&self.request, &change).await {
            Err(gone) if gone.code == 404 => Ok(true),
            other => other.map(|()| true),
        }
    }
}
