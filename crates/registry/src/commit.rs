//! The last steps of a write: one encoding, one transaction, and the answer made of what was encoded.

use std::sync::Arc;

use bytes::Bytes;
use object::Value;
use status::{Result, Status};
use storage::{Key, Outcome, Revision, Txn, Write};

use crate::registry::Registry;
use crate::{Conversion, CustomVersion, Given, ObjectBytes, Resource, SideWrite, custom, metadata};

/// The manager of what the server writes beside an object.
const SERVER: &str = "kube-apiserver";

/// An object as it is kept: in the stored version, at a revision.
pub(crate) struct Current {
    /// Its key.
    pub(crate) key: Key,
    /// The revision of its last write.
    pub(crate) revision: Revision,
    /// Its bytes as the cache has them.
    pub(crate) object: Arc<cache::Object>,
    /// The same as a tree, `resourceVersion` in place.
    pub(crate) value: Value,
}

/// Encodes `object` once, as the store keeps it: without its resource version, which is known at commit only.
pub(crate) fn encode(resource: &Resource, object: &mut Value) -> Result<cache::Encoded> {
    metadata::set(object, "resourceVersion", Some("0".into()));
    if let Some(version) = resource.custom_version() {
        return encode_custom(resource, version, object);
    }
    schema::normalise(resource.ty.get(), object);
    if !stored_as_json(resource) {
        schema::forget_empty(resource.ty.get(), object);
    }
    let mut json = Vec::with_capacity(1024);
    schema::encode(resource.ty.get(), object, &mut json);
    cache::seal(&json).and_then(cache::Encoded::new).map_err(Status::internal)
}

/// Encodes an object of a custom resource in its stored version: as the tree it is, keys sorted.
fn encode_custom(
    resource: &Resource,
    version: &dyn CustomVersion,
    object: &mut Value,
) -> Result<cache::Encoded> {
    if let (Some(ty), Some(metadata)) = (resource.ty.get().child("metadata"), object.get_mut("metadata")) {
        schema::normalise(ty, metadata);
    }
    let json = object::json::to_vec(&version.store(object.clone())?);
    cache::seal(&json).and_then(cache::Encoded::new).map_err(Status::internal)
}

/// The built-in groups that the original keeps as JSON, not as protobuf, which shows in what it forgets.
fn stored_as_json(resource: &Resource) -> bool {
    matches!(resource.group.as_str(), "apiextensions.k8s.io" | "apiregistration.k8s.io")
}

impl Registry {
    /// The object of `resource` (in its stored version) with this name, from memory.
    pub(crate) fn current(
        &self,
        resource: &Resource,
        namespace: &str,
        name: &str,
    ) -> Result<Option<Current>> {
        let cache = self.cache(resource)?;
        let key = cache.shape().key(namespace, name);
        let Some(object) = cache.snapshot().get(&key).cloned() else { return Ok(None) };
        let mut value = object::json::parse(&object.json()).map_err(|error| {
            Status::internal(format_args!("the stored object {key} can't be read: {error}"))
        })?;
        if let Some(version) = resource.custom_version().filter(|one| !one.is_current(object.revision())) {
            value = version.read(value)?;
        }
        Ok(Some(Current { key, revision: object.revision(), object, value }))
    }

    /// As [`Registry::commit_only`]; returns when what follows from the write is in effect too.
    pub(crate) async fn commit(&self, txn: Txn) -> Result<Option<Revision>> {
        let settle = self.settle_for(&txn);
        let committed = self.commit_only(txn).await?;
        if let (Some(settle), Some(revision)) = (settle, committed) {
            settle.settled(revision).await;
        }
        Ok(committed)
    }

    /// Carries a transaction out. `None`: something it relied on had changed by then. When this returns, reads see
    /// what was written, or what stood in the way.
    pub(crate) async fn commit_only(&self, txn: Txn) -> Result<Option<Revision>> {
        let outcome = self.store.commit(txn).await?;
        let (reached, committed) = match outcome {
            Outcome::Committed(revision) => (revision, Some(revision)),
            Outcome::Conflict { .. } => (self.store.current_revision(), None),
        };
        self.caches().wait_until(reached).await?;
        Ok(committed)
    }

    /// Adds the writes that an object's rules ask for beside it.
    pub(crate) fn add_side_writes(&self, mut txn: Txn, writes: Vec<SideWrite>) -> Result<Txn> {
        let resources = self.resources();
        for write in writes {
            let (group, plural) = match &write {
                SideWrite::Create { group, resource, .. } | SideWrite::Delete { group, resource, .. } => {
                    (*group, *resource)
                }
            };
            let Some(resource) = resources.preferred(group, plural).and_then(|found| resources.stored(found))
            else {
                continue;
            };
            let cache = self.cache(resource)?;
            txn = match write {
                SideWrite::Create { group, resource: plural, object } => {
                    let given = Given {
                        group,
                        version: "",
                        resource: plural,
                        object,
                        manager: SERVER,
                        status_manager: "",
                    };
                    let mut object = self.finished(resource, &given)?;
                    let key = cache.shape().key(metadata::namespace(&object), metadata::name(&object));
                    let encoded = encode(resource, &mut object)?;
                    txn.expect(key.clone(), 0).put(key, encoded.value().clone())
                }
                SideWrite::Delete { namespace, name, .. } => {
                    let key = cache.shape().key(&namespace, &name);
                    let known =
                        txn.writes.iter().any(|write| matches!(write, Write::Delete(other) if *other == key));
                    if known { txn } else { txn.delete(key) }
                }
            };
        }
        Ok(txn)
    }
}

/// The bytes of a stored object in the version of `resource`.
pub(crate) fn in_version(resource: &Arc<Resource>, json: Bytes) -> Result<ObjectBytes> {
    let json = match &resource.conversion {
        Conversion::Stored => json,
        Conversion::Custom(version) => custom::read_bytes(&**version, &json)?.map_or(json, Bytes::from),
        Conversion::Functions { .. } => {
            let stored = object::json::parse(&json).map_err(Status::internal)?;
            let object = from_stored(resource, stored);
            let mut out = Vec::with_capacity(json.len() + 64);
            schema::encode(resource.ty.get(), &object, &mut out);
            out.into()
        }
    };
    Ok(ObjectBytes { json, resource: resource.clone() })
}

/// `object` in the stored version of its kind.
pub(crate) fn to_stored(resource: &Resource, object: Value) -> Value {
    match &resource.conversion {
        Conversion::Stored | Conversion::Custom(_) => object,
        Conversion::Functions { to_stored, .. } => to_stored(object),
    }
}

/// A stored object in the version of `resource`.
pub(crate) fn from_stored(resource: &Resource, object: Value) -> Value {
    match &resource.conversion {
        Conversion::Stored | Conversion::Custom(_) => object,
        Conversion::Functions { from_stored, .. } => {
            let mut object = from_stored(object);
            schema::normalise(resource.ty.get(), &mut object);
            object
        }
    }
}
