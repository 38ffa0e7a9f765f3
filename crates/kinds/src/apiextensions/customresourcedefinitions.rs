//! `customresourcedefinitions` of apiextensions.k8s.io/v1.

use object::Value;
use registry::{Context, Resource, Strategy, StrategyOptions, metadata};
use schema::TypeRef;
use status::FieldErrors;

use super::{formats, validate};
use crate::describe::{Describe, Types};
use crate::{fields, rules};

/// What keeps a definition until its instances are gone.
const FINALIZER: &str = "customresourcecleanup.apiextensions.k8s.io";

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(
        types,
        "apiextensions.k8s.io",
        "v1",
        "customresourcedefinitions",
        "CustomResourceDefinition",
        CustomResourceDefinition,
    )
    .cluster()
    .short_names(&["crd", "crds"])
    .categories(&["api-extensions"])
    .stored_at("apiextensions.k8s.io/customresourcedefinitions")
    .status(CustomResourceDefinitionStatus)
    .finish()
}

#[derive(Debug)]
struct CustomResourceDefinition;

impl Strategy for CustomResourceDefinition {
    fn options(&self) -> StrategyOptions {
        StrategyOptions { unconditional_update: false, generation: true, ..StrategyOptions::USUAL }
    }

    fn default(&self, object: &mut Value) {
        let spec = object.make_object().get_or_insert_with("spec", Value::object);
        default_names(spec);
        if fields::present(spec, "conversion").is_none() {
            let mut none = Value::object();
            none.set("strategy", "None");
            spec.set("conversion", none);
        }
        if let Some(service) = spec.at_mut(["conversion", "webhook", "clientConfig", "service"])
            && !service.is_null()
        {
            fields::default_absent(service, "port", 443);
        }
        if object.items_at(["status", "storedVersions"]).is_empty() {
            store(object);
        }
    }

    fn prepare_create(&self, _context: &mut Context<'_>, object: &mut Value) {
        object.set("status", Value::object());
        store(object);
    }

    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        rules::restore(object, old, &["status"]);
        store(object);
    }

    fn validate_create(&self, context: &mut Context<'_>, object: &Value, errors: &mut FieldErrors) {
        validate::create(object, metadata_type(context), errors);
    }

    fn validate_update(
        &self,
        context: &mut Context<'_>,
        object: &Value,
        old: &Value,
        errors: &mut FieldErrors,
    ) {
        validate::update(object, old, metadata_type(context), errors);
    }

    fn warn(&self, context: &mut Context<'_>, object: &Value, old: Option<&Value>) {
        if old.is_none_or(|old| old.get("spec") != object.get("spec")) {
            validate::each_schema(object, &mut |schema| formats::warn(schema, context.warnings));
        }
    }

    fn begin_delete(&self, object: &mut Value) {
        let now = metadata::text(object, "deletionTimestamp").to_owned();
        // Of what the deletion of other kinds writes nothing is seen here.
        metadata::set(object, "deletionGracePeriodSeconds", None);
        let generation = metadata::generation(object) - 1;
        metadata::set(object, "generation", Some(Value::Int(generation)));
        let kept = |name: &&str| !matches!(*name, "orphan" | "foregroundDeletion" | FINALIZER);
        let mut finalizers: Vec<Value> = metadata::finalizers(object).filter(kept).map(Value::from).collect();
        finalizers.push(FINALIZER.into());
        metadata::set_finalizers(object, finalizers);
        mark_terminating(object, &now);
    }

    fn reset_fields(&self) -> &'static [&'static str] {
        &["status"]
    }
}

/// The type of metadata, as resources within custom resources have it too.
fn metadata_type<'c>(context: &'c Context<'_>) -> Option<TypeRef<'c>> {
    context.request.resource.ty.get().child("metadata")
}

/// Fills in the names that follow from the kind.
fn default_names(spec: &mut Value) {
    let Some(names) = spec.get_mut("names").filter(|names| !names.is_null()) else { return };
    let kind = fields::text(names, "kind").to_owned();
    if kind.is_empty() {
        return;
    }
    fields::default_to(names, "singular", kind.to_lowercase());
    fields::default_to(names, "listKind", format!("{kind}List"));
}

/// Notes the version that objects are stored in from now on.
fn store(object: &mut Value) {
    let versions = object.items_at(["spec", "versions"]).iter();
    let stored = versions.filter(|version| fields::flag(version, "storage"));
    let Some(name) = stored.map(|version| fields::text(version, "name").to_owned()).next() else { return };
    let known = object.items_at(["status", "storedVersions"]).iter().any(|one| one.as_str() == Some(&*name));
    if !known {
        let versions =
            object.object_at("status").get_or_insert_with("storedVersions", || Value::Array(Vec::new()));
        match versions.as_array_mut() {
            Some(versions) => versions.push(name.into()),
            None => *versions = Value::Array(vec![name.into()]),
        }
    }
}

fn mark_terminating(object: &mut Value, now: &str) {
    let mut condition = Value::object();
    condition.set("type", "Terminating");
    condition.set("status", "True");
    condition.set("lastTransitionTime", now);
    condition.set("reason", "InstanceDeletionPending");
    condition.set(
        "message",
        "CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon",
    );
    let conditions = object.object_at("status").get_or_insert_with("conditions", || Value::Array(Vec::new()));
    if let Some(conditions) = conditions.as_array_mut() {
        conditions.retain(|one| fields::text(one, "type") != "Terminating");
        conditions.push(condition);
    } else {
        *conditions = Value::Array(vec![condition]);
    }
}

#[derive(Debug)]
struct CustomResourceDefinitionStatus;

impl Strategy for CustomResourceDefinitionStatus {
    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        rules::restore(object, old, &["spec"]);
    }

    fn reset_fields(&self) -> &'static [&'static str] {
        &["metadata", "spec"]
    }
}
