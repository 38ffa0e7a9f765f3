//! The registry: the store, the caches over it, the table of resources, and what every verb needs of them.

use std::collections::HashMap;
use std::sync::Arc;

use arc_swap::ArcSwap;
use cache::{Cache, Caches};
use meta::Randomness;
use meta::time::Clock;
use object::{Text, Value};
use parking_lot::RwLock;
use status::{Result, Status};
use storage::{Store, Txn};

use crate::virtuals::Creator;
use crate::{Admission, AdmitAll, Conversion, Lookup, Request, Resource, Resources, Settle, facts, settle};

/// (group, resource, subresource) to what carries out its posts.
type Creators = HashMap<(Text, Text, Text), Arc<dyn Creator>>;

/// Runs the verbs over any resource of its table.
pub struct Registry {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) allocations: tokio::sync::Mutex<()>,
    randomness: Arc<dyn Randomness>,
    caches: Caches,
    by_prefix: RwLock<HashMap<Text, Arc<Cache>>>,
    resources: ArcSwap<Resources>,
    admission: ArcSwap<Arc<dyn Admission>>,
    creators: RwLock<Creators>,
    settles: RwLock<Vec<(String, Arc<dyn Settle>)>>,
}

impl Registry {
    /// A registry over `store` that serves nothing yet: see [`Registry::serve`].
    pub fn new(
        store: Arc<dyn Store>,
        caches: Caches,
        clock: Arc<dyn Clock>,
        randomness: Arc<dyn Randomness>,
    ) -> Registry {
        let admission: Arc<dyn Admission> = Arc::new(AdmitAll);
        Registry {
            store,
            clock,
            allocations: tokio::sync::Mutex::new(()),
            randomness,
            caches,
            by_prefix: RwLock::default(),
            resources: ArcSwap::default(),
            admission: ArcSwap::from_pointee(admission),
            creators: RwLock::default(),
            settles: RwLock::default(),
        }
    }

    /// Has posts to a virtual resource (or, with a subresource's name, to that) carried out by `creator`.
    pub fn set_creator(&self, group: &str, resource: &str, subresource: &str, creator: Arc<dyn Creator>) {
        self.creators.write().insert((group.into(), resource.into(), subresource.into()), creator);
    }

    pub(crate) fn creator(&self, group: &str, resource: &str, subresource: &str) -> Option<Arc<dyn Creator>> {
        self.creators.read().get(&(group.into(), resource.into(), subresource.into())).cloned()
    }

    /// Has writes to objects of `resource` return only when `settle` has acted on them. Fails with 404 if the
    /// resource is not served.
    pub fn set_settle(&self, resource: &Resource, settle: Arc<dyn Settle>) -> Result<()> {
        let prefix = self.cache(resource)?.shape().prefix.to_string();
        self.settles.write().push((prefix, settle));
        Ok(())
    }

    pub(crate) fn settle_for(&self, txn: &Txn) -> Option<Arc<dyn Settle>> {
        let settles = self.settles.read();
        settles.iter().find(|(prefix, _)| settle::concerns(txn, prefix)).map(|(_, settle)| Arc::clone(settle))
    }

    /// Serves `resources` from now on, once their objects are in memory; what is no longer among them goes. Requests
    /// under way finish with the table they began with.
    ///
    /// Fails with what a client would be told if the store can't be read.
    pub async fn serve(&self, resources: Resources) -> Result<()> {
        let mut wanted: HashMap<Text, Vec<Arc<Resource>>> = HashMap::new();
        for resource in resources.iter() {
            if let Some(storage) = &resource.storage {
                let versions = wanted.entry(storage.prefix.clone()).or_default();
                let at = if matches!(resource.conversion, Conversion::Stored) { 0 } else { versions.len() };
                versions.insert(at, resource.clone());
            }
        }
        for (prefix, versions) in &wanted {
            if !self.by_prefix.read().contains_key(prefix) {
                let shape = facts::shape(prefix, versions);
                let cache = self.caches.register(shape).await.map_err(Box::<Status>::from)?;
                self.by_prefix.write().insert(prefix.clone(), cache);
            }
        }
        self.resources.store(Arc::new(resources));
        self.by_prefix.write().retain(|prefix, cache| {
            let kept = wanted.contains_key(prefix);
            if !kept {
                self.caches.unregister(&cache.shape().prefix);
            }
            kept
        });
        Ok(())
    }

    /// The resources served now.
    pub fn resources(&self) -> Arc<Resources> {
        self.resources.load_full()
    }

    /// Puts the admission chain in place.
    pub fn set_admission(&self, admission: Arc<dyn Admission>) {
        self.admission.store(Arc::new(admission));
    }

    pub(crate) fn admission(&self) -> Arc<dyn Admission> {
        Arc::clone(&self.admission.load())
    }

    /// The caches of all resources.
    pub fn caches(&self) -> &Caches {
        &self.caches
    }

    /// The objects that are kept for `resource`, in memory.
    pub fn cache(&self, resource: &Resource) -> Result<Arc<Cache>> {
        resource
            .storage
            .as_ref()
            .and_then(|storage| self.by_prefix.read().get(&storage.prefix).cloned())
            .ok_or_else(Status::no_such_resource)
    }

    /// The resource whose rules run for writes to `resource`: that in whose version its objects are kept; of a custom
    /// resource itself.
    pub(crate) fn stored_resource(&self, resource: &Arc<Resource>) -> Result<Arc<Resource>> {
        if resource.custom_version().is_some() {
            return Ok(Arc::clone(resource));
        }
        self.resources.load().stored(resource).cloned().ok_or_else(Status::no_such_resource)
    }

    /// The time, RFC 3339 with seconds.
    pub fn now(&self) -> String {
        self.clock.now().to_string()
    }

    /// The clock that objects are dated by.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    pub(crate) fn new_uid(&self) -> Text {
        meta::new_uid(&*self.randomness)
    }

    pub(crate) fn generate_name(&self, base: &str) -> String {
        meta::generate_name(base, &*self.randomness)
    }
}

/// 404 for the object that a request names.
pub(crate) fn not_found(request: &Request) -> Box<Status> {
    Status::not_found(&request.resource.group, &request.resource.resource, &request.name)
}

impl Lookup for Registry {
    fn get(&self, group: &str, resource: &str, namespace: &str, name: &str) -> Option<Value> {
        let resources = self.resources();
        let cache = self.cache(resources.preferred(group, resource)?).ok()?;
        let object = cache.snapshot().get(&cache.shape().key(namespace, name))?.clone();
        object::json::parse(&object.json()).ok()
    }

    fn list(&self, group: &str, resource: &str, namespace: &str) -> Vec<Value> {
        let resources = self.resources();
        let Some(cache) = resources.preferred(group, resource).and_then(|found| self.cache(found).ok())
        else {
            return Vec::new();
        };
        let page = cache.snapshot().list(&cache::Selection::in_namespace(namespace), "", 0);
        page.objects.iter().filter_map(|object| object::json::parse(&object.json()).ok()).collect()
    }
}
