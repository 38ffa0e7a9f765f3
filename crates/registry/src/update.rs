//! PUT, PATCH and apply: one loop that reads the object, changes it, and writes it unless somebody else did.

use std::sync::Arc;

use object::Value;
use status::{BadValue, FieldError, Path, Result, Status};
use storage::Txn;

use crate::commit::{Current, encode, from_stored, in_version, to_stored};
use crate::decode::{Expected, decode};
use crate::registry::{Registry, not_found};
use crate::{
    Attributes, Body, Context, ObjectBytes, Operation, Request, Resource, Response, Strategy,
    SubresourceAction, Warnings, WriteOptions, before, create, metadata, ownership,
};

/// What turns the object as it is into the object as it shall be.
pub(crate) trait Change: Sync {
    /// The new object, in the version of the request's resource, normalised and defaulted, its managed fields
    /// written. `old` is absent where nothing is stored.
    fn apply(&self, old: Option<&Value>, now: &str, warnings: &mut Warnings) -> Result<Value>;

    /// What it does when there is no such object.
    fn creates(&self) -> Creates;

    /// Whether `metadata.uid`, if the new object has one, must be that of the object it replaces.
    fn checks_uid(&self) -> bool {
        false
    }
}

/// What a change does when the object is absent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Creates {
    /// 404.
    Never,
    /// It is created, if the kind allows that of a PUT.
    IfKindAllows,
    /// It is created.
    Always,
}

/// A PUT.
struct Put<'a> {
    request: &'a Request,
    options: &'a WriteOptions,
    object: Value,
}

impl Change for Put<'_> {
    fn apply(&self, old: Option<&Value>, now: &str, _warnings: &mut Warnings) -> Result<Value> {
        let mut object = self.object.clone();
        if let Some(old) = old {
            ownership::update(self.request, self.options, now, Some(old), &mut object);
        }
        Ok(object)
    }

    fn creates(&self) -> Creates {
        Creates::IfKindAllows
    }

    fn checks_uid(&self) -> bool {
        true
    }
}

impl Registry {
    /// Replaces the object (or what the subresource shows of it) by the one in `body`.
    pub async fn update(
        &self,
        request: &Request,
        body: &Body,
        options: &WriteOptions,
        warnings: &mut Warnings,
    ) -> Result<Response> {
        let resources = self.resources();
        if let Some(SubresourceAction::Scale(paths)) = request.subresource.as_ref().map(|sub| &sub.action) {
            return self.update_scale(request, paths, body, options, warnings).await;
        }
        let expected = Expected::object(&request.resource);
        let mut object = decode(body, &expected, &resources, options.field_validation, warnings)?;
        metadata::set(&mut object, "selfLink", None);
        check_name(request, &object)?;
        create::check_namespace(request, &mut object)?;
        request.resource.strategy.default(&mut object);
        metadata::dedup_owners(&mut object, "", warnings);
        let change = Put { request, options, object };
        self.write(request, &change, options, warnings).await
    }

    /// Runs a change until it is written.
    pub(crate) async fn write(
        &self,
        request: &Request,
        change: &dyn Change,
        options: &WriteOptions,
        warnings: &mut Warnings,
    ) -> Result<Response> {
        let stored = self.stored_resource(&request.resource)?;
        let strategy = strategy(request, &stored)?;
        let session = Session { request, stored, strategy, options, now: self.now() };
        loop {
            let current = self.current(&session.stored, &request.namespace, &request.name)?;
            let Some(current) = current else {
                return self.create_instead(&session, change, warnings).await;
            };
            let mut attempt_warnings = warnings.clone();
            let written = self.try_write(&session, change, current, &mut attempt_warnings).await;
            let Some(written) = written.transpose() else { continue };
            *warnings = attempt_warnings;
            return written.map(|object| Response::Object { code: 200, object });
        }
    }

    async fn create_instead(
        &self,
        session: &Session<'_>,
        change: &dyn Change,
        warnings: &mut Warnings,
    ) -> Result<Response> {
        let request = session.request;
        let allowed = match change.creates() {
            Creates::Never => false,
            Creates::IfKindAllows => session.stored.strategy.options().create_on_update,
            Creates::Always => true,
        };
        if !allowed || request.subresource.is_some() {
            return Err(not_found(request));
        }
        let mut object = change.apply(None, &session.now, warnings)?;
        let uid = metadata::uid(&object);
        if change.creates() == Creates::Always && !uid.is_empty() {
            return Err(nothing_has_uid(request, uid));
        }
        if change.checks_uid() && !uid.is_empty() {
            let key = self.cache(&session.stored)?.shape().key(&request.namespace, &request.name);
            return Err(precondition_failed(request, &key, uid, ""));
        }
        if !session.options.dry_run {
            metadata::set(&mut object, "resourceVersion", None);
        }
        let object = match change.creates() {
            Creates::Always => self.create_owned(request, object, session.options, warnings).await?,
            _ => self.create_object(request, object, session.options, warnings).await?,
        };
        Ok(Response::Object { code: 201, object })
    }

    async fn try_write(
        &self,
        session: &Session<'_>,
        change: &dyn Change,
        current: Current,
        warnings: &mut Warnings,
    ) -> Result<Option<ObjectBytes>> {
        let Session { request, stored, strategy, options, now } = session;
        let old = from_stored(&request.resource, current.value.clone());
        let mut object = change.apply(Some(&old), now, warnings)?;
        let attributes = Attributes {
            request,
            operation: Operation::Update,
            name: &request.name,
            dry_run: options.dry_run,
            lookup: self,
        };
        self.admission().mutate(&attributes, &mut object, Some(&old), warnings).await?;
        metadata::dedup_owners(&mut object, metadata::AFTER_ADMISSION, warnings);
        let mut object = to_stored(&request.resource, object);
        if change.checks_uid() {
            check_uid(request, &current, &object)?;
        }
        self.check_version(session, &current, &mut object)?;
        let mut context = Context { request, dry_run: options.dry_run, warnings, now, lookup: self };
        let _one_at_a_time = match strategy.options().allocates {
            true => Some(self.allocations.lock().await),
            false => None,
        };
        let side_writes = strategy.allocate(&mut context, &mut object, Some(&current.value))?;
        before::update(stored, &**strategy, &mut context, &mut object, &current.value)?;
        self.admission().validate(&attributes, Some(&object), Some(&current.value), warnings).await?;
        patch::apply::keep_times(&current.value, &mut object);
        let encoded = encode(stored, &mut object)?;
        let unchanged = encoded.bare() == current.object.encoded().bare();
        if unchanged || options.dry_run {
            return in_version(&request.resource, encoded.json(current.revision)).map(Some);
        }
        let (txn, side_writes) = if goes_now(&object) {
            let mut released = stored.strategy.release(&object);
            released.extend(side_writes);
            (Txn::remove(current.key, current.revision), released)
        } else {
            (Txn::update(current.key, current.revision, encoded.value().clone()), side_writes)
        };
        let txn = self.add_side_writes(txn, side_writes)?;
        match self.commit(txn).await? {
            None => Ok(None),
            Some(revision) => in_version(&request.resource, encoded.json(revision)).map(Some),
        }
    }

    /// Checks the resource version that the new object has, and gives it the current one.
    fn check_version(&self, session: &Session<'_>, current: &Current, object: &mut Value) -> Result<()> {
        let given = metadata::text(object, "resourceVersion");
        let version: u64 = match given {
            "" => 0,
            text => text.parse().map_err(|_| {
                Status::unknown(format_args!(
                    "strconv.ParseUint: parsing {}: invalid syntax",
                    status::go_quote(text)
                ))
            })?,
        };
        let resource = &session.request.resource;
        if version == 0 {
            if !session.stored.strategy.options().unconditional_update {
                let metadata = Path::new("metadata");
                let error = FieldError::invalid(
                    &metadata.child("resourceVersion"),
                    BadValue::Bare("0".to_owned()),
                    "must be specified for an update",
                );
                return Err(Status::invalid(
                    &resource.group,
                    &resource.resource,
                    &session.request.name,
                    &[error],
                ));
            }
        } else if version != current.revision {
            return Err(modified(session.request));
        }
        metadata::set(object, "resourceVersion", Some(current.revision.to_string().into()));
        Ok(())
    }
}

/// What all tries of one write share.
struct Session<'a> {
    request: &'a Request,
    stored: Arc<Resource>,
    strategy: Arc<dyn Strategy>,
    options: &'a WriteOptions,
    now: String,
}

/// The rules of what is written through: the stored version's resource, or its subresource of the request's name.
fn strategy(request: &Request, stored: &Resource) -> Result<Arc<dyn Strategy>> {
    let Some(subresource) = &request.subresource else { return Ok(stored.strategy.clone()) };
    match stored.subresource(&subresource.name).map(|found| &found.action) {
        Some(SubresourceAction::Object(strategy)) => Ok(strategy.clone()),
        Some(SubresourceAction::Scale(_)) => Ok(stored.strategy.clone()),
        _ => Err(Status::method_not_allowed()),
    }
}

/// Whether an object under deletion has nothing left that keeps it.
pub(crate) fn goes_now(object: &Value) -> bool {
    metadata::is_deleting(object)
        && metadata::finalizers(object).next().is_none()
        && metadata::grace_seconds(object).unwrap_or(0) == 0
        && object.items_at(["spec", "finalizers"]).is_empty()
}

/// Refuses an object whose name is not that of the path.
pub(crate) fn check_name(request: &Request, object: &Value) -> Result<()> {
    let name = metadata::name(object);
    if name.is_empty() {
        return Err(Status::bad_request(format!(
            "the name of the object ({} based on URL) was undeterminable: name must be provided",
            request.name
        )));
    }
    if name != request.name {
        return Err(Status::bad_request(format!(
            "the name of the object ({name}) does not match the name on the URL ({})",
            request.name
        )));
    }
    Ok(())
}

fn check_uid(request: &Request, current: &Current, object: &Value) -> Result<()> {
    let (given, uid) = (metadata::uid(object), metadata::uid(&current.value));
    if given.is_empty() || given == uid {
        return Ok(());
    }
    Err(precondition_failed(request, &current.key, given, uid))
}

/// 409 for a uid in what is applied where nothing is stored.
fn nothing_has_uid(request: &Request, uid: &str) -> Box<Status> {
    let resource = &request.resource;
    let why =
        format!("uid mismatch: the provided object specified uid {uid}, and no existing object was found");
    Status::conflict(&resource.group, &resource.resource, &request.name, why)
}

/// 409 for a uid that is not the stored object's.
fn precondition_failed(request: &Request, key: &str, given: &str, uid: &str) -> Box<Status> {
    let resource = &request.resource;
    let why = format_args!(
        "StorageError: invalid object, Code: 4, Key: {key}, ResourceVersion: 0, AdditionalErrorMsg: Precondition \
         failed: UID in precondition: {given}, UID in object meta: {uid}"
    )
    .to_string();
    Status::conflict(&resource.group, &resource.resource, &request.name, why)
}

/// 409 for an object that changed since it was read.
pub(crate) fn modified(request: &Request) -> Box<Status> {
    let resource = &request.resource;
    let why = "the object has been modified; please apply your changes to the latest version and try again";
    Status::conflict(&resource.group, &resource.resource, &request.name, why)
}
