//! Binding: what is posted to `pods/binding` or `bindings` puts a pod on a node.

use object::Value;
use registry::{BoxFuture, Creator, Registry, Request, Verb, Warnings, WriteOptions, metadata};
use status::{FieldError, FieldErrors, Path, Result, Status};

use super::success;
use crate::conditions;
use crate::fields::text_entries;

/// Binds pods.
pub(super) struct Bind;

impl Creator for Bind {
    fn create<'a>(
        &'a self,
        registry: &'a Registry,
        request: &'a Request,
        object: Value,
        options: &'a WriteOptions,
        _warnings: &'a mut Warnings,
    ) -> BoxFuture<'a, Result<Value>> {
        Box::pin(async move {
            let name = metadata::name(&object);
            if request.subresource.is_some() && name != request.name {
                return Err(Status::bad_request("name in URL does not match name in Binding object"));
            }
            if name.is_empty() {
                return Err(Status::bad_request("Name parameter required."));
            }
            check(&object)?;
            let resources = registry.resources();
            let resource = resources.get("", "v1", "pods").ok_or_else(Status::no_such_resource)?;
            let pod = Request {
                verb: Verb::Update,
                resource: resource.clone(),
                subresource: None,
                namespace: request.namespace.clone(),
                name: name.into(),
                user: request.user.clone(),
                user_agent: request.user_agent.clone(),
            };
            let now = registry.now();
            registry
                .modify(&pod, options.dry_run, &|pod| {
                    // Bindings posted to the older path bind whatever pod has the name by now.
                    if request.subresource.is_some() {
                        check_preconditions(pod, &object, options.dry_run)?;
                    }
                    assign(pod, &object, &now)
                })
                .await?;
            Ok(success())
        })
    }
}

/// A bad target is answered by its plain errors with 500.
fn check(binding: &Value) -> Result<()> {
    let mut errors = FieldErrors::new();
    let target = Path::new("target");
    let kind = binding.str_at(["target", "kind"]);
    if !matches!(kind, "" | "Node") {
        errors.push(FieldError::not_supported(&target.child("kind"), kind, ["Node", "<empty>"]));
    }
    if binding.str_at(["target", "name"]).is_empty() {
        errors.push(FieldError::required(&target.child("name"), ""));
    }
    let messages: Vec<String> = errors.iter().map(FieldError::message).collect();
    match messages.as_slice() {
        [] => Ok(()),
        [one] => Err(Status::unknown(one)),
        many => Err(Status::unknown(format_args!("[{}]", many.join(", ")))),
    }
}

fn assign(pod: &mut Value, binding: &Value, now: &str) -> Result<()> {
    let name = metadata::name(pod).to_owned();
    let node = pod.str_at(["spec", "nodeName"]);
    let why = if metadata::is_deleting(pod) {
        format!("pod {name} is being deleted, cannot be assigned to a host")
    } else if !node.is_empty() {
        format!("pod {name} is already assigned to node {}", status::go_quote(node))
    } else if !pod.items_at(["spec", "schedulingGates"]).is_empty() {
        format!("pod {name} has non-empty .spec.schedulingGates")
    } else {
        String::new()
    };
    if !why.is_empty() {
        return Err(Status::conflict("", "pods/binding", &name, why));
    }
    pod.object_at("spec").insert("nodeName", binding.str_at(["target", "name"]));
    let given = binding.get("metadata").unwrap_or(&Value::Null);
    for (field, overwrites) in [("annotations", true), ("labels", false)] {
        for (key, value) in text_entries(given, field) {
            let map = pod.object_at("metadata").get_or_insert_with(field, Value::object).make_object();
            if overwrites || !map.contains(key) {
                map.insert(key, value);
            }
        }
    }
    let mut scheduled = Value::object();
    scheduled.set("type", "PodScheduled");
    scheduled.set("status", "True");
    conditions::set(pod.object_at("status"), scheduled, now);
    Ok(())
}

fn check_preconditions(pod: &Value, binding: &Value, dry_run: bool) -> Result<()> {
    for (field, name) in [("uid", "UID"), ("resourceVersion", "ResourceVersion")] {
        let (asked, known) = (metadata::text(binding, field), metadata::text(pod, field));
        if !asked.is_empty() && asked != known {
            let prefix = if dry_run { "" } else { "/registry" };
            let why = format!(
                "StorageError: invalid object, Code: 4, Key: {prefix}/pods/{}/{}, ResourceVersion: 0, \
                 AdditionalErrorMsg: Precondition failed: {name} in precondition: {asked}, {name} in object meta: \
                 {known}",
                metadata::namespace(pod),
                metadata::name(pod),
            );
            return Err(Status::conflict("", "pods", metadata::name(pod), why));
        }
    }
    Ok(())
}
