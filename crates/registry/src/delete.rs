//! DELETE of one object: preconditions, finalizers, grace, propagation, and at last the removal.

use std::sync::Arc;

use object::Value;
use status::{Details, Result, Status};
use storage::Txn;

use crate::commit::{Current, encode, in_version};
use crate::registry::{Registry, not_found};
use crate::update::goes_now;
use crate::{
    Attributes, Context, DeleteAnswer, DeleteOptions, Dependents, Operation, Propagation, Request, Resource,
    Response, Warnings, metadata,
};

const ORPHAN: &str = "orphan";
const FOREGROUND: &str = "foregroundDeletion";

impl Registry {
    /// Deletes the object, or begins to.
    pub async fn delete(
        &self,
        request: &Request,
        options: &DeleteOptions,
        warnings: &mut Warnings,
    ) -> Result<Response> {
        let stored = self.stored_resource(&request.resource)?;
        if let (None, None, Dependents::OrphanedWithWarning(warning)) =
            (options.propagation, options.orphan_dependents, stored.strategy.options().dependents)
        {
            warnings.add(warning);
        }
        loop {
            let current = self
                .current(&stored, &request.namespace, &request.name)?
                .ok_or_else(|| not_found(request))?;
            if let Some(response) = self.try_delete(request, &stored, options, current, warnings).await? {
                return Ok(response);
            }
        }
    }

    /// One try; `None` if the object changed meanwhile.
    async fn try_delete(
        &self,
        request: &Request,
        stored: &Arc<Resource>,
        options: &DeleteOptions,
        current: Current,
        warnings: &mut Warnings,
    ) -> Result<Option<Response>> {
        stored.strategy.check_delete(&current.value)?;
        check_preconditions(request, stored, options, &current)?;
        let attributes = Attributes {
            request,
            operation: Operation::Delete,
            name: &request.name,
            dry_run: options.dry_run,
            lookup: self,
        };
        self.admission().validate(&attributes, None, Some(&current.value), warnings).await?;
        let now = self.now();
        let mut context = Context { request, dry_run: options.dry_run, warnings, now: &now, lookup: self };
        stored.strategy.warn_delete(&mut context, options);
        let grace = stored.strategy.graceful_delete(&context, &current.value, options);
        let mut object = current.value.clone();
        begin(stored, options, grace, self, &mut object);
        let first = !metadata::is_deleting(&current.value);
        if goes_now(&object) && !(first && stored.strategy.options().terminates_first) {
            if grace.is_none() {
                object = current.value.clone();
            } else if !first && object != current.value && !options.dry_run {
                // Watchers see that the grace is over before they see the object go.
                let Some(_) = self.keep(request, stored, options, current, object.clone()).await? else {
                    return Ok(None);
                };
                let Some(current) = self.current(stored, &request.namespace, &request.name)? else {
                    return Err(not_found(request));
                };
                return self.remove(request, stored, options, current, object).await;
            }
            return self.remove(request, stored, options, current, object).await;
        }
        self.keep(request, stored, options, current, object).await
    }

    /// The object goes.
    async fn remove(
        &self,
        request: &Request,
        stored: &Arc<Resource>,
        options: &DeleteOptions,
        current: Current,
        object: Value,
    ) -> Result<Option<Response>> {
        let answer = removed(request, stored, &current, object)?;
        if options.dry_run {
            return Ok(Some(answer));
        }
        let side_writes = stored.strategy.release(&current.value);
        let txn = self.add_side_writes(Txn::remove(current.key, current.revision), side_writes)?;
        Ok(self.commit(txn).await?.map(|_| answer))
    }

    /// The object stays until its finalizers and its grace are over.
    async fn keep(
        &self,
        request: &Request,
        stored: &Arc<Resource>,
        options: &DeleteOptions,
        current: Current,
        mut object: Value,
    ) -> Result<Option<Response>> {
        let encoded = encode(stored, &mut object)?;
        let unchanged = encoded.bare() == current.object.encoded().bare();
        let revision = if unchanged || options.dry_run {
            current.revision
        } else {
            let txn = Txn::update(current.key, current.revision, encoded.value().clone());
            match self.commit(txn).await? {
                None => return Ok(None),
                Some(revision) => revision,
            }
        };
        let object = in_version(&request.resource, encoded.json(revision))?;
        Ok(Some(Response::Object { code: 200, object }))
    }
}

/// Writes into the object that its deletion has begun.
fn begin(
    stored: &Resource,
    options: &DeleteOptions,
    grace: Option<i64>,
    registry: &Registry,
    object: &mut Value,
) {
    if !stored.strategy.options().without_dependents {
        set_propagation(stored, options, object);
    }
    let grace = grace.unwrap_or(0);
    if metadata::is_deleting(object) {
        // A second delete can only shorten what the first one granted.
        if metadata::grace_seconds(object).is_some_and(|granted| granted > grace) {
            set_deletion(object, grace, registry);
        }
        return;
    }
    set_deletion(object, grace, registry);
    let generation = metadata::generation(object);
    if generation > 0 {
        metadata::set(object, "generation", Some(Value::Int(generation + 1)));
    }
    stored.strategy.begin_delete(object);
}

fn set_deletion(object: &mut Value, grace: i64, registry: &Registry) {
    let at = meta::Time::from_unix(registry.clock.now().unix().saturating_add(grace));
    metadata::set(object, "deletionTimestamp", Some(at.to_string().into()));
    metadata::set(object, "deletionGracePeriodSeconds", Some(Value::Int(grace)));
}

/// The finalizers that say what happens to dependents.
fn set_propagation(stored: &Resource, options: &DeleteOptions, object: &mut Value) {
    let has = |finalizer: &str| metadata::finalizers(object).any(|known| known == finalizer);
    let (orphan, foreground) = match (options.propagation, options.orphan_dependents) {
        (Some(Propagation::Orphan), _) | (None, Some(true)) => (true, false),
        (Some(Propagation::Foreground), _) => (false, true),
        (Some(Propagation::Background), _) | (None, Some(false)) => (false, false),
        (None, None) if has(ORPHAN) || has(FOREGROUND) => (has(ORPHAN), has(FOREGROUND)),
        (None, None) => (stored.strategy.options().dependents != Dependents::Collected, false),
    };
    if orphan == has(ORPHAN) && foreground == has(FOREGROUND) {
        return;
    }
    let mut finalizers: Vec<Value> = metadata::finalizers(object)
        .filter(|finalizer| *finalizer != ORPHAN && *finalizer != FOREGROUND)
        .map(Value::from)
        .collect();
    if orphan {
        finalizers.push(ORPHAN.into());
    }
    if foreground {
        finalizers.push(FOREGROUND.into());
    }
    metadata::set_finalizers(object, finalizers);
}

fn check_preconditions(
    request: &Request,
    stored: &Resource,
    options: &DeleteOptions,
    current: &Current,
) -> Result<()> {
    let conflict = |what: &str, given: &str, known: &str, guess: &str| {
        let why = format!(
            "the {what} in the precondition ({given}) does not match the {what} in record ({known}). The object \
             might have been {guess}"
        );
        Err(Status::conflict(&stored.group, &stored.kind, &request.name, why))
    };
    let uid = metadata::uid(&current.value);
    let revision = current.revision.to_string();
    if let Some(given) = options.preconditions.uid.as_deref().filter(|given| *given != uid) {
        return conflict("UID", given, uid, "deleted and then recreated");
    }
    if let Some(given) = options.preconditions.resource_version.as_deref().filter(|given| *given != revision)
    {
        return conflict("ResourceVersion", given, &revision, "modified");
    }
    Ok(())
}

/// What is answered when the object goes: itself, or a `Status` that names it.
fn removed(request: &Request, stored: &Resource, current: &Current, mut object: Value) -> Result<Response> {
    let resource = &request.resource;
    match stored.strategy.options().delete_answer {
        DeleteAnswer::Object => {
            let encoded = encode(stored, &mut object)?;
            let object = in_version(resource, encoded.json(current.revision))?;
            Ok(Response::Object { code: 200, object })
        }
        DeleteAnswer::Status => Ok(Response::Status(Box::new(Status::success(Some(Details {
            name: request.name.to_string(),
            group: resource.group.to_string(),
            kind: resource.resource.to_string(),
            uid: metadata::uid(&current.value).to_owned(),
            ..Details::default()
        }))))),
    }
}
