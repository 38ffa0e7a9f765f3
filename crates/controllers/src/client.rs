//! A client within the process: the registry's verbs under a controller's name.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use cache::{Cache, Object, Selection};
use object::{Value, json};
use registry::{
    Body, BodyFormat, DeleteOptions, ListOptions, PatchType, Registry, Request, Resource, User, Verb,
    Warnings, Watch, WriteOptions,
};
use status::Result;

/// See the module.
#[derive(Clone)]
pub(crate) struct Client {
    pub(crate) registry: Arc<Registry>,
    user: Arc<User>,
    user_agent: &'static str,
}

impl Client {
    /// The client of `system:serviceaccount:kube-system:CONTROLLER`, as the original's controllers are known.
    pub(crate) fn new(registry: &Arc<Registry>, controller: &str) -> Client {
        let user = User {
            name: format!("system:serviceaccount:kube-system:{controller}"),
            groups: vec!["system:authenticated".to_owned()],
            ..User::default()
        };
        let user_agent = "kube-controller-manager";
        Client { registry: Arc::clone(registry), user: Arc::new(user), user_agent }
    }

    /// The client of the server itself.
    pub(crate) fn of_server(registry: &Arc<Registry>) -> Client {
        let user = User {
            name: "system:apiserver".to_owned(),
            groups: vec!["system:authenticated".to_owned(), "system:masters".to_owned()],
            ..User::default()
        };
        Client { registry: Arc::clone(registry), user: Arc::new(user), user_agent: "kube-apiserver" }
    }

    fn request(&self, verb: Verb, resource: &Arc<Resource>, namespace: &str, name: &str) -> Request {
        Request {
            verb,
            resource: Arc::clone(resource),
            subresource: None,
            namespace: namespace.into(),
            name: name.into(),
            user: Arc::clone(&self.user),
            user_agent: self.user_agent.into(),
        }
    }

    /// The preferred version of a group's plural.
    pub(crate) fn resource(&self, group: &str, plural: &str) -> Option<Arc<Resource>> {
        self.registry.resources().preferred(group, plural).cloned()
    }

    /// The objects of a resource in memory.
    pub(crate) fn cache(&self, resource: &Resource) -> Option<Arc<Cache>> {
        self.registry.cache(resource).ok()
    }

    /// The objects of a resource in a namespace, or in all of them.
    pub(crate) fn list(&self, resource: &Resource, namespace: &str) -> Vec<Arc<Object>> {
        let Some(cache) = self.cache(resource) else { return Vec::new() };
        cache.snapshot().list(&Selection::in_namespace(namespace), "", 0).objects
    }

    /// Everything there is of a resource, then all that changes.
    pub(crate) async fn watch(&self, resource: &Arc<Resource>) -> Result<Watch> {
        self.registry.watch(&self.request(Verb::Watch, resource, "", ""), &ListOptions::default()).await
    }

    /// Creates an object; one that is there already is fine.
    pub(crate) async fn create(
        &self,
        resource: &Arc<Resource>,
        namespace: &str,
        object: &Value,
    ) -> Result<()> {
        let request = self.request(Verb::Create, resource, namespace, "");
        let options = WriteOptions::default();
        match self.registry.create(&request, &body(object), &options, &mut Warnings::default()).await {
            Err(taken) if taken.code == 409 => Ok(()),
            other => other.map(drop),
        }
    }

    /// Changes an object by a merge patch, through a subresource if one is named.
    pub(crate) async fn patch(
        &self,
        resource: &Arc<Resource>,
        namespace: &str,
        name: &str,
        patch: &Value,
    ) -> Result<()> {
        let request = self.request(Verb::Patch, resource, namespace, name);
        let options = WriteOptions::default();
        let (body, mut warnings) = (body(patch), Warnings::default());
        self.registry.patch(&request, PatchType::Merge, &body, &options, &mut warnings).await.map(drop)
    }

    /// Writes an object through a subresource.
    pub(crate) async fn update_through(
        &self,
        resource: &Arc<Resource>,
        subresource: &str,
        object: &Value,
    ) -> Result<()> {
        let name = registry::metadata::name(object).to_owned();
        let mut request = self.request(Verb::Update, resource, registry::metadata::namespace(object), &name);
        request.subresource = resource.subresource(subresource).cloned();
        let options = WriteOptions::default();
        self.registry.update(&request, &body(object), &options, &mut Warnings::default()).await.map(drop)
    }

    /// Applies the status of an object under the name of a manager, whoever had it before.
    pub(crate) async fn apply_status(
        &self,
        resource: &Arc<Resource>,
        name: &str,
        manager: &str,
        configuration: &Value,
    ) -> Result<()> {
        let mut request = self.request(Verb::Patch, resource, "", name);
        request.subresource = resource.subresource("status").cloned();
        let options = WriteOptions { field_manager: manager.into(), force: true, ..WriteOptions::default() };
        let (body, mut warnings) = (body(configuration), Warnings::default());
        self.registry.patch(&request, PatchType::Apply, &body, &options, &mut warnings).await.map(drop)
    }

    /// Deletes an object; one that is not there is fine.
    pub(crate) async fn delete(
        &self,
        resource: &Arc<Resource>,
        namespace: &str,
        name: &str,
        options: &DeleteOptions,
    ) -> Result<()> {
        let request = self.request(Verb::Delete, resource, namespace, name);
        match self.registry.delete(&request, options, &mut Warnings::default()).await {
            Err(gone) if gone.code == 404 => Ok(()),
            other => other.map(drop),
        }
    }
}

/// A controller that looks at everything whenever something changes.
pub(crate) trait Review: Sync {
    /// How long changes are gathered before they are looked at together.
    const PAUSE: Duration;

    /// How it reads and writes.
    fn client(&self) -> &Client;

    /// Looks at everything.
    fn review(&self) -> impl Future<Output = ()> + Send;

    /// Reviews at once and after every change of a resource, for as long as it can be watched.
    fn follow(&self, resource: &Arc<Resource>) -> impl Future<Output = ()> + Send {
        async move {
            loop {
                let Ok(mut watch) = self.client().watch(resource).await else { return };
                watch.initial.clear();
                self.review().await;
                while watch.cursor.next().await.is_ok() {
                    tokio::time::sleep(Self::PAUSE).await;
                    self.review().await;
                }
            }
        }
    }
}

fn body(object: &Value) -> Body {
    Body { bytes: Bytes::from(json::to_vec(object)), format: BodyFormat::Json }
}

/// An object as a tree; nothing if it can't be read.
pub(crate) fn read(object: &Object) -> Option<Value> {
    json::parse(&object.json()).ok()
}
