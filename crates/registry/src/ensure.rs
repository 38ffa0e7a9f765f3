//! The objects a server sees to itself, such as its bootstrap policy: made if they are absent, never changed.

use std::sync::Arc;

use object::Value;
use status::{Result, Status};
use storage::Txn;

use crate::commit::{Current, encode};
use crate::registry::Registry;
use crate::{Context, Request, Resource, User, Verb, Warnings, WriteOptions, metadata, ownership};

/// How many objects one transaction makes: etcd takes 128 operations.
const CHUNK: usize = 100;

/// An object the server sees to, in its stored version, and who is recorded as having written it.
#[derive(Clone, Debug)]
pub struct Given {
    /// API group.
    pub group: &'static str,
    /// Version: the stored one.
    pub version: &'static str,
    /// Plural.
    pub resource: &'static str,
    /// The object, without what the system fills in.
    pub object: Value,
    /// The field manager of all but the status.
    pub manager: &'static str,
    /// The field manager who applied the status; empty if there is none to apply.
    pub status_manager: &'static str,
}

impl Registry {
    /// Makes those of `objects` that are absent, in order and without admission, and answers how many those were.
    ///
    /// Fails if one of them names no resource that is served and stored, or the store does not take them.
    pub async fn ensure(&self, objects: &[Given]) -> Result<usize> {
        let mut made = 0;
        for chunk in objects.chunks(CHUNK) {
            loop {
                let (count, txn) = self.absent(chunk)?;
                if count == 0 {
                    break;
                }
                if self.commit(txn).await?.is_some() {
                    made += count;
                    break;
                }
            }
        }
        Ok(made)
    }

    /// The transaction that makes those of `objects` that are absent now.
    fn absent(&self, objects: &[Given]) -> Result<(usize, Txn)> {
        let resources = self.resources();
        let (mut count, mut txn) = (0, Txn::default());
        for given in objects {
            let resource = resources
                .get(given.group, given.version, given.resource)
                .ok_or_else(Status::no_such_resource)?;
            let (namespace, name) = (metadata::namespace(&given.object), metadata::name(&given.object));
            if let Some(Current { .. }) = self.current(resource, namespace, name)? {
                continue;
            }
            let key = self.cache(resource)?.shape().key(namespace, name);
            let mut object = self.finished(resource, given)?;
            txn = txn.expect(key.clone(), 0).put(key, encode(resource, &mut object)?.value().clone());
            count += 1;
        }
        Ok((count, txn))
    }

    /// The whole object: defaulted, with system metadata and managed fields.
    pub(crate) fn finished(&self, resource: &Arc<Resource>, given: &Given) -> Result<Value> {
        let now = self.now();
        let request = |subresource| Request {
            verb: Verb::Create,
            resource: resource.clone(),
            subresource,
            namespace: metadata::namespace(&given.object).into(),
            name: metadata::name(&given.object).into(),
            user: Arc::new(User::default()),
            user_agent: given.manager.into(),
        };
        let whole = request(None);
        let mut object = given.object.clone();
        object.set("kind", resource.kind.clone());
        object.set("apiVersion", resource.api_version());
        let applied = status_of(&object);
        schema::normalise(resource.ty.get(), &mut object);
        resource.strategy.default(&mut object);
        let generation = resource.strategy.options().generation.then_some(Value::Int(1));
        metadata::set(&mut object, "generation", generation);
        let mut warnings = Warnings::default();
        let mut context =
            Context { request: &whole, dry_run: false, warnings: &mut warnings, now: &now, lookup: self };
        resource.strategy.prepare_create(&mut context, &mut object);
        metadata::set(&mut object, "creationTimestamp", Some(now.clone().into()));
        metadata::set(&mut object, "uid", Some(self.new_uid().into()));
        ownership::update(&whole, &WriteOptions::default(), &now, None, &mut object);
        if given.status_manager.is_empty() {
            return Ok(object);
        }
        let subresource = resource.subresource("status").cloned();
        let options = WriteOptions { field_manager: given.status_manager.into(), ..WriteOptions::default() };
        ownership::apply(&request(subresource), &options, &now, Some(&object), applied)
    }
}

/// What applies the status of `object` alone.
fn status_of(object: &Value) -> Value {
    let mut applied = Value::object();
    for field in ["kind", "apiVersion", "status"] {
        if let Some(value) = object.get(field) {
            applied.set(field, value.clone());
        }
    }
    for field in ["name", "namespace"] {
        let value = object.at(["metadata", field]).cloned();
        if value.is_some() {
            metadata::set(&mut applied, field, value);
        }
    }
    applied
}
