//! The rules of custom resources, whatever their definition: `customResourceStrategy` and its status twin.

use std::sync::Arc;

use cel::Budget;
use cel::rules::RUNTIME_BUDGET;
use object::{Map, Value};
use registry::{Context, Strategy, StrategyOptions, Warnings, metadata};
use schema::structural::Structural;
use status::{BadValue, ErrorType, FieldError, FieldErrors, Path};

use crate::custom::{Member, Served};
use crate::definition::Version;
use crate::scale;

/// The rules of one version of a custom resource.
#[derive(Debug)]
pub(crate) struct CustomResource {
    /// The version.
    pub(crate) served: Arc<Served>,
    /// What the definition says of it.
    pub(crate) version: Arc<Version>,
}

/// The rules of its status subresource.
#[derive(Debug)]
pub(crate) struct CustomResourceStatus(pub(crate) CustomResource);

const UNCHECKED: &str = "some validation rules were not checked because the object was invalid; correct the existing \
                         errors to complete validation";

impl Strategy for CustomResource {
    fn options(&self) -> StrategyOptions {
        StrategyOptions { unconditional_update: false, ..StrategyOptions::USUAL }
    }

    fn default(&self, object: &mut Value) {
        if let Some(member) = self.served.member() {
            member.compiled().structural.apply_defaults(object);
        }
    }

    fn prepare_create(&self, _context: &mut Context<'_>, object: &mut Value) {
        if self.version.status {
            object.remove("status");
        }
        metadata::set(object, "generation", Some(Value::Int(1)));
    }

    fn validate_create(&self, context: &mut Context<'_>, object: &Value, errors: &mut FieldErrors) {
        let Some(member) = self.typed(object, errors) else { return };
        let structural = &member.compiled().structural;
        errors.extend(structural.validate(object, None, ""));
        if let Some(scale) = &self.version.scale {
            scale::validate(scale, object, errors);
        }
        check_embedded(context, structural, object, errors);
        errors.extend(structural.check_lists(object));
        check_rules(context, member, object, None, errors);
    }

    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        if self.version.status {
            keep(object, old, "status");
        }
        if self.differs(object, old) {
            metadata::set(object, "generation", Some(Value::Int(metadata::generation(old) + 1)));
        }
    }

    fn validate_update(
        &self,
        context: &mut Context<'_>,
        object: &Value,
        old: &Value,
        errors: &mut FieldErrors,
    ) {
        let Some(member) = self.typed(object, errors) else { return };
        let structural = &member.compiled().structural;
        errors.extend(structural.validate(object, Some(old), ""));
        if let Some(scale) = &self.version.scale {
            scale::validate(scale, object, errors);
        }
        self.validate_parts(context, member, object, old, errors);
    }

    fn warn(&self, context: &mut Context<'_>, object: &Value, old: Option<&Value>) {
        warn_of_finalizers(context.warnings, object, old);
    }

    fn reset_fields(&self) -> &'static [&'static str] {
        if self.version.status { &["status"] } else { &[] }
    }
}

impl CustomResource {
    /// The version's schema if the object is of its kind, as by now it must be.
    fn typed(&self, object: &Value, errors: &mut FieldErrors) -> Option<&Member> {
        let member = self.served.member()?;
        let expected =
            [("kind", self.served.family.kind.as_str()), ("apiVersion", member.api_version.as_str())];
        let wrong = expected.iter().filter(|(field, expected)| object.str_at([*field]) != *expected);
        let wrong: FieldErrors = wrong
            .map(|(field, expected)| {
                FieldError::invalid(&Path::new(field), object.str_at([*field]), format!("must be {expected}"))
            })
            .collect();
        if wrong.is_empty() {
            return Some(member);
        }
        *errors = wrong;
        None
    }

    /// What the schema can't say alone, and what rules say, of an update.
    fn validate_parts(
        &self,
        context: &mut Context<'_>,
        member: &Member,
        object: &Value,
        old: &Value,
        errors: &mut FieldErrors,
    ) {
        let structural = &member.compiled().structural;
        check_embedded(context, structural, object, errors);
        if structural.check_lists(old).is_empty() {
            errors.extend(structural.check_lists(object));
        }
        check_rules(context, member, object, Some(old), errors);
    }

    /// Whether anything but metadata (and status, if that is a subresource) differs.
    fn differs(&self, object: &Value, old: &Value) -> bool {
        let counted =
            |(key, _): &(&str, &Value)| *key != "metadata" && !(self.version.status && *key == "status");
        let parts = |map: &Map| map.iter().filter(counted).map(|(k, v)| (k.to_owned(), v.clone())).collect();
        let parts = |value: &Value| value.as_object().map(parts);
        let (new, old): (Option<Vec<_>>, Option<Vec<_>>) = (parts(object), parts(old));
        new != old
    }
}

impl Strategy for CustomResourceStatus {
    fn options(&self) -> StrategyOptions {
        self.0.options()
    }

    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        let status = object.remove("status");
        let kept = |field: &str| object.at(["metadata", field]).cloned();
        let own = ["managedFields", "resourceVersion", "uid", "name", "namespace"]
            .map(|field| (field, kept(field)));
        let type_meta = ["kind", "apiVersion"].map(|field| (field, object.get(field).cloned()));
        *object = old.clone();
        for (field, value) in own {
            metadata::set(object, field, value);
        }
        for (field, value) in type_meta {
            object.set(field, value.unwrap_or_default());
        }
        match status {
            Some(status) => object.set("status", status),
            None => {
                object.remove("status");
            }
        }
    }

    fn validate_update(
        &self,
        context: &mut Context<'_>,
        object: &Value,
        old: &Value,
        errors: &mut FieldErrors,
    ) {
        let Some(member) = self.0.typed(object, errors) else { return };
        if let (Some(schema), Some(status)) =
            (member.compiled().structural.property("status"), object.get("status"))
        {
            errors.extend(schema.validate(status, old.get("status"), "status"));
        }
        if let Some(scale) = &self.0.version.scale {
            scale::validate_status(scale, object, errors);
        }
        self.0.validate_parts(context, member, object, old, errors);
    }

    fn reset_fields(&self) -> &'static [&'static str] {
        &["metadata", "spec"]
    }
}

/// Puts back what `old` has in a field.
fn keep(object: &mut Value, old: &Value, field: &str) {
    match old.get(field) {
        Some(value) => object.set(field, value.clone()),
        None => {
            object.remove(field);
        }
    }
}

/// Checks kind and metadata of resources within the object.
fn check_embedded(context: &Context<'_>, structural: &Structural, object: &Value, errors: &mut FieldErrors) {
    let mut found = Vec::new();
    let resource = &context.request.resource;
    let kinds = structural.check_embedded(object, &mut |path, metadata| {
        found.extend(registry::check_embedded_metadata(resource, metadata, path));
    });
    errors.extend(kinds);
    errors.extend(found);
}

/// Runs the CEL rules, unless the object is so wrong that they can't be trusted with it.
fn check_rules(
    context: &mut Context<'_>,
    member: &Member,
    object: &Value,
    old: Option<&Value>,
    errors: &mut FieldErrors,
) {
    let rules = &member.compiled().rules;
    if rules.is_empty() {
        return;
    }
    let blocking = [ErrorType::Required, ErrorType::TooLong, ErrorType::TooMany, ErrorType::TypeInvalid];
    if errors.iter().any(|error| blocking.contains(&error.error_type)) {
        let mut error = FieldError::invalid(&Path::ROOT, BadValue::Null, UNCHECKED);
        error.field = "<nil>".to_owned();
        errors.push(error);
        return;
    }
    let mut budget = Budget::new(RUNTIME_BUDGET);
    for violation in rules.validate(&Path::ROOT, object, old, &mut budget) {
        if violation.unchanged && old.is_some() {
            context.warnings.add(violation.error.message());
        } else {
            errors.push(violation.error);
        }
    }
}

/// Finalizers without a path in their name may clash with somebody else's.
fn warn_of_finalizers(warnings: &mut Warnings, object: &Value, old: Option<&Value>) {
    for finalizer in metadata::finalizers(object) {
        let known = old.is_some_and(|old| metadata::finalizers(old).any(|known| known == finalizer));
        if !known && !finalizer.contains('/') {
            let path = if finalizer.contains('.') { " including a path (/)" } else { "" };
            warnings.add(format!(
                "metadata.finalizers: {}: prefer a domain-qualified finalizer name{path} to avoid accidental conflicts \
                 with other finalizer writers",
                status::go_quote(finalizer)
            ));
        }
    }
}
