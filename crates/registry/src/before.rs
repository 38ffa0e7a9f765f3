//! What every create and update does around a kind's own rules (`rest.BeforeCreate` and `rest.BeforeUpdate`).

use object::Value;
use status::{FieldErrors, Result, Status};

use crate::{Context, Resource, Strategy, metadata, metadata_rules};

/// Makes a decoded object ready to be stored for the first time, or refuses it. `uid` is the new object's.
pub(crate) fn create(
    resource: &Resource,
    context: &mut Context<'_>,
    object: &mut Value,
    uid: &str,
) -> Result<()> {
    if resource.strategy.options().generation {
        metadata::set(object, "generation", Some(Value::Int(1)));
    }
    metadata::set(object, "creationTimestamp", Some(context.now.into()));
    metadata::set(object, "uid", Some(uid.into()));
    resource.strategy.prepare_create(context, object);
    let mut errors = FieldErrors::new();
    metadata_rules::validate_create(resource, object, &mut errors);
    resource.strategy.validate_create(context, object, &mut errors);
    if !errors.is_empty() {
        return Err(invalid(resource, object, &errors));
    }
    resource.strategy.warn(context, object, None);
    Ok(())
}

/// Makes a changed object ready to be stored, or refuses it. `strategy` is that of the resource or of the
/// subresource that is written through.
pub(crate) fn update(
    resource: &Resource,
    strategy: &dyn Strategy,
    context: &mut Context<'_>,
    object: &mut Value,
    old: &Value,
) -> Result<()> {
    metadata::restore(object, old, "generation");
    strategy.prepare_update(context, object, old);
    if resource.strategy.options().generation && spec_differs(resource, object, old) {
        metadata::set(object, "generation", Some(Value::Int(metadata::generation(old) + 1)));
    }
    if metadata::uid(object).is_empty() {
        metadata::restore(object, old, "uid");
    }
    metadata::restore(object, old, "creationTimestamp");
    if metadata::is_deleting(old) && !metadata::is_deleting(object) {
        metadata::restore(object, old, "deletionTimestamp");
    }
    if metadata::grace_seconds(old).is_some() && metadata::grace_seconds(object).is_none() {
        metadata::restore(object, old, "deletionGracePeriodSeconds");
    }
    let mut errors = FieldErrors::new();
    let whole = context.request.subresource.is_none();
    metadata_rules::validate_update(resource, object, old, whole, &mut errors);
    strategy.validate_update(context, object, old, &mut errors);
    if !errors.is_empty() {
        return Err(invalid(resource, object, &errors));
    }
    strategy.warn(context, object, Some(old));
    Ok(())
}

/// 422 for an object; what a custom resource's object says of its kind is taken at its word.
fn invalid(resource: &Resource, object: &Value, errors: &FieldErrors) -> Box<Status> {
    if !resource.custom {
        return Status::invalid(&resource.group, &resource.kind, metadata::name(object), errors);
    }
    let group = object.str_at(["apiVersion"]).split_once('/').map_or("", |(group, _)| group);
    Status::invalid(group, object.str_at(["kind"]), metadata::name(object), errors)
}

/// Whether anything but metadata and status differs: what `metadata.generation` counts.
fn spec_differs(resource: &Resource, object: &Value, old: &Value) -> bool {
    let counted = |(key, _): &(&str, &Value)| !matches!(*key, "metadata" | "status" | "kind" | "apiVersion");
    let differ = |object: &Value, old: &Value| match (object.as_object(), old.as_object()) {
        (Some(object), Some(old)) => !object.iter().filter(counted).eq(old.iter().filter(counted)),
        _ => false,
    };
    if !differ(object, old) {
        return false;
    }
    // An empty list is as good as none.
    let forgotten = |object: &Value| {
        let mut object = object.clone();
        schema::forget_empty(resource.ty.get(), &mut object);
        object
    };
    differ(&forgotten(object), &forgotten(old))
}
