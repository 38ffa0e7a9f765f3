//! POST: a new object.

use std::sync::Arc;

use bytes::Bytes;
use object::Value;
use status::{Result, Status};
use storage::Txn;

use crate::commit::{encode, in_version, to_stored};
use crate::decode::{Expected, decode};
use crate::registry::Registry;
use crate::{
    Attributes, Body, Context, ObjectBytes, Operation, Request, Resource, Response, Warnings, WriteOptions,
    before, metadata, ownership,
};

/// How often another name is made up when the generated one is taken.
const GENERATE_NAME_TRIES: usize = 8;

/// Fields of the metadata that a POST can't set. What creates objects by other ways may.
const SYSTEM_FIELDS: [&str; 3] = ["deletionTimestamp", "deletionGracePeriodSeconds", "selfLink"];

impl Registry {
    /// Creates the object in `body`.
    pub async fn create(
        &self,
        request: &Request,
        body: &Body,
        options: &WriteOptions,
        warnings: &mut Warnings,
    ) -> Result<Response> {
        if let Some(subresource) = &request.subresource {
            return self.create_through(request, subresource, body, options, warnings).await;
        }
        let resources = self.resources();
        let expected = Expected::object(&request.resource);
        let mut object = decode(body, &expected, &resources, options.field_validation, warnings)?;
        check_namespace(request, &mut object)?;
        for field in SYSTEM_FIELDS {
            metadata::set(&mut object, field, None);
        }
        if request.resource.storage.is_none() {
            return self.compute(request, object, options, warnings).await;
        }
        let object = self.create_object(request, object, options, warnings).await?;
        Ok(Response::Object { code: 201, object })
    }

    /// Takes a decoded object through the rest of a create.
    pub(crate) async fn create_object(
        &self,
        request: &Request,
        mut object: Value,
        options: &WriteOptions,
        warnings: &mut Warnings,
    ) -> Result<ObjectBytes> {
        request.resource.strategy.default(&mut object);
        metadata::dedup_owners(&mut object, "", warnings);
        ownership::update(request, options, &self.now(), None, &mut object);
        self.create_owned(request, object, options, warnings).await
    }

    /// Takes an object whose managed fields are written through the rest of a create.
    pub(crate) async fn create_owned(
        &self,
        request: &Request,
        mut object: Value,
        options: &WriteOptions,
        warnings: &mut Warnings,
    ) -> Result<ObjectBytes> {
        let resource = &request.resource;
        let stored = self.stored_resource(resource)?;
        let now = self.now();
        let name = metadata::name(&object).to_owned();
        let attributes = Attributes {
            request,
            operation: Operation::Create,
            name: &name,
            dry_run: options.dry_run,
            lookup: self,
        };
        self.admission().mutate(&attributes, &mut object, None, warnings).await?;
        metadata::dedup_owners(&mut object, metadata::AFTER_ADMISSION, warnings);
        let object = to_stored(resource, object);
        let generated =
            metadata::name(&object).is_empty() && !metadata::text(&object, "generateName").is_empty();
        let mut tries = if generated { GENERATE_NAME_TRIES } else { 1 };
        loop {
            let attempt = Attempt { request, stored: &stored, options, now: &now };
            match self.try_create(&attempt, object.clone(), warnings).await? {
                Created::Done(done) => return Ok(done),
                Created::Taken(name) => {
                    tries -= 1;
                    if tries == 0 {
                        return Err(self.taken(request, &stored, &name, generated));
                    }
                }
            }
        }
    }

    async fn try_create(
        &self,
        attempt: &Attempt<'_>,
        mut object: Value,
        warnings: &mut Warnings,
    ) -> Result<Created> {
        let Attempt { request, stored, options, now } = *attempt;
        let mut context = Context { request, dry_run: options.dry_run, warnings, now, lookup: self };
        if metadata::name(&object).is_empty() && !metadata::text(&object, "generateName").is_empty() {
            let name = self.generate_name(metadata::text(&object, "generateName"));
            metadata::set(&mut object, "name", Some(name.into()));
        }
        let _one_at_a_time = match stored.strategy.options().allocates {
            true => Some(self.allocations.lock().await),
            false => None,
        };
        let side_writes = stored.strategy.allocate(&mut context, &mut object, None)?;
        let uid = self.new_uid();
        before::create(stored, &mut context, &mut object, &uid)?;
        let name = metadata::name(&object).to_owned();
        let attributes = Attributes {
            request,
            operation: Operation::Create,
            name: &name,
            dry_run: options.dry_run,
            lookup: self,
        };
        self.admission().validate(&attributes, Some(&object), None, warnings).await?;
        if !options.dry_run && !metadata::text(&object, "resourceVersion").is_empty() {
            return Err(Status::unknown("resourceVersion should not be set on objects to be created"));
        }
        if self.current(stored, metadata::namespace(&object), &name)?.is_some() {
            return Ok(Created::Taken(name));
        }
        let key = self.cache(stored)?.shape().key(metadata::namespace(&object), &name);
        let given_version = metadata::text(&object, "resourceVersion").parse();
        let encoded = encode(stored, &mut object)?;
        if options.dry_run {
            let json = match given_version {
                Ok(version) => encoded.json(version),
                Err(_) => Bytes::copy_from_slice(encoded.bare()),
            };
            return Ok(Created::Done(in_version(&request.resource, json)?));
        }
        let txn = self.add_side_writes(Txn::create(key, encoded.value().clone()), side_writes)?;
        match self.commit(txn).await? {
            None => Ok(Created::Taken(name)),
            Some(revision) => Ok(Created::Done(in_version(&request.resource, encoded.json(revision))?)),
        }
    }

    /// 409 for a name that is taken.
    fn taken(&self, request: &Request, stored: &Resource, name: &str, generated: bool) -> Box<Status> {
        let resource = &request.resource;
        let mut status = Status::already_exists(&resource.group, &resource.resource, name);
        let deleting = self
            .current(stored, &request.namespace, name)
            .ok()
            .flatten()
            .is_some_and(|current| metadata::is_deleting(&current.value));
        if generated {
            status.message = format!(
                "{}, the server was not able to generate a unique name for the object",
                status.message
            );
        } else if deleting {
            status.message = format!("object is being deleted: {}", status.message);
        }
        status
    }
}

/// What one try of a create works on.
struct Attempt<'a> {
    request: &'a Request,
    stored: &'a Arc<Resource>,
    options: &'a WriteOptions,
    now: &'a str,
}

/// How one try of a create ended.
enum Created {
    Done(ObjectBytes),
    Taken(String),
}

/// Gives the object the request's namespace, or refuses it if it names another.
pub(crate) fn check_namespace(request: &Request, object: &mut Value) -> Result<()> {
    if !request.resource.namespaced {
        metadata::set(object, "namespace", None);
        return Ok(());
    }
    let given = metadata::namespace(object);
    if given == request.namespace {
        return Ok(());
    }
    if given.is_empty() {
        metadata::set(object, "namespace", Some(request.namespace.clone().into()));
        return Ok(());
    }
    Err(Status::bad_request(
        "the namespace of the provided object does not match the namespace sent on the request",
    ))
}
