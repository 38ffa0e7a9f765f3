//! The rules that ObjectMeta has in every kind (apimachinery's `ValidateObjectMeta` and its update twin).

use std::borrow::Cow;

use object::Value;
use status::{BadValue, FieldError, FieldErrors, Path};

use crate::{NameRule, Resource, metadata};

const METADATA: Path<'static> = Path::ROOT;

/// Checks the metadata of a new object.
pub(crate) fn validate_create(resource: &Resource, object: &Value, errors: &mut FieldErrors) {
    let root = METADATA;
    let path = root.child("metadata");
    let rule = resource.strategy.options().names;
    let generate_name = metadata::text(object, "generateName");
    if !generate_name.is_empty() {
        for message in name_messages(rule, generate_name, true) {
            errors.push(FieldError::invalid(&path.child("generateName"), generate_name, message));
        }
    }
    let name = metadata::name(object);
    if name.is_empty() {
        errors.push(FieldError::required(&path.child("name"), "name or generateName is required"));
    } else {
        for message in name_messages(rule, name, false) {
            errors.push(FieldError::invalid(&path.child("name"), name, message));
        }
    }
    validate_namespace(resource, object, &path, errors);
    if metadata::generation(object) < 0 {
        let detail = "must be greater than or equal to 0";
        errors.push(FieldError::invalid(&path.child("generation"), metadata::generation(object), detail));
    }
    validate_common(resource, object, &path, errors);
}

fn validate_namespace(resource: &Resource, object: &Value, path: &Path<'_>, errors: &mut FieldErrors) {
    let namespace = metadata::namespace(object);
    let path = path.child("namespace");
    if !resource.namespaced {
        if !namespace.is_empty() {
            errors.push(FieldError::forbidden(&path, "not allowed on this type"));
        }
    } else if namespace.is_empty() {
        errors.push(FieldError::required(&path, ""));
    } else {
        for message in name_messages(NameRule::DnsLabel, namespace, false) {
            errors.push(FieldError::invalid(&path, namespace, message));
        }
    }
}

/// Checks the metadata, at `path`, of a resource that is part of an object of `resource`.
pub fn check_embedded(resource: &Resource, metadata: &Value, path: &Path<'_>) -> FieldErrors {
    let mut object = Value::object();
    object.set("metadata", metadata.clone());
    let mut errors = FieldErrors::new();
    for (field, prefix) in [("generateName", true), ("name", false)] {
        let name = metadata.str_at([field]);
        if !name.is_empty() {
            let messages = name_messages(NameRule::PathSegment, name, prefix);
            errors.extend(messages.into_iter().map(|why| FieldError::invalid(&path.child(field), name, why)));
        }
    }
    validate_common(resource, &object, path, &mut errors);
    errors
}

/// Checks the metadata of a changed object. The original does so by its general rules first and then by what the kind
/// makes of them, and reports all of it. `whole` objects are checked by more of a kind's rules than parts of them.
pub(crate) fn validate_update(
    resource: &Resource,
    object: &Value,
    old: &Value,
    whole: bool,
    errors: &mut FieldErrors,
) {
    let root = METADATA;
    let path = root.child("metadata");
    let options = resource.strategy.options();
    validate_always(object, &path, errors);
    validate_change(object, old, &path, errors);
    if options.checks_metadata_twice {
        validate_change(object, old, &path, errors);
        validate_standard_finalizers(resource, object, &path, errors);
    }
    if options.checks_metadata_again && whole {
        validate_common(resource, object, &path, errors);
    }
}

/// The rules that compare with what was.
fn validate_change(object: &Value, old: &Value, path: &Path<'_>, errors: &mut FieldErrors) {
    if metadata::is_deleting(old) {
        let known: Vec<&str> = metadata::finalizers(old).collect();
        let mut added: Vec<&str> =
            metadata::finalizers(object).filter(|finalizer| !known.contains(finalizer)).collect();
        added.sort_unstable();
        added.dedup();
        if !added.is_empty() {
            let list: Vec<String> = added.iter().map(|finalizer| status::go_quote(finalizer)).collect();
            let detail = format!(
                "no new finalizers can be added if the object is being deleted, found new finalizers []string{{{}}}",
                list.join(", ")
            );
            errors.push(FieldError::forbidden(&path.child("finalizers"), detail));
        }
    }
    let version = metadata::text(object, "resourceVersion");
    if version.is_empty() {
        let detail = "must be specified for an update";
        errors.push(FieldError::invalid(&path.child("resourceVersion"), version, detail));
    }
    if metadata::generation(object) < metadata::generation(old) {
        let detail = "must not be decremented";
        errors.push(FieldError::invalid(&path.child("generation"), metadata::generation(object), detail));
    }
    for field in
        ["name", "namespace", "uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds"]
    {
        immutable(object, old, path, field, errors);
    }
    validate_texts(object, path, errors);
}

fn immutable(object: &Value, old: &Value, path: &Path<'_>, field: &str, errors: &mut FieldErrors) {
    let (new, was) = (object.at(["metadata", field]), old.at(["metadata", field]));
    let absent =
        |value: Option<&Value>| value.is_none_or(|value| value.is_null() || value.as_str() == Some(""));
    if new == was || (absent(new) && absent(was)) {
        return;
    }
    let value = new.map_or(BadValue::Null, BadValue::from);
    errors.push(FieldError::invalid(&path.child(field), value, "field is immutable"));
}

/// The rules of new and of changed objects, with those that built-in kinds add.
fn validate_common(resource: &Resource, object: &Value, path: &Path<'_>, errors: &mut FieldErrors) {
    validate_always(object, path, errors);
    validate_standard_finalizers(resource, object, path, errors);
}

/// The rules of new and of changed objects.
fn validate_always(object: &Value, path: &Path<'_>, errors: &mut FieldErrors) {
    validate_texts(object, path, errors);
    errors.extend(meta::names::check_finalizers(&path.child("finalizers"), metadata::finalizers(object)));
}

/// Labels, annotations, owners and managers.
fn validate_texts(object: &Value, path: &Path<'_>, errors: &mut FieldErrors) {
    let pairs = |field: &str| {
        object
            .at(["metadata", field])
            .and_then(Value::as_object)
            .into_iter()
            .flat_map(|map| map.iter())
            .map(|(key, value)| (key, value.as_str().unwrap_or("")))
    };
    errors.extend(meta::names::check_labels(&path.child("labels"), pairs("labels")));
    errors.extend(meta::names::check_annotations(&path.child("annotations"), pairs("annotations")));
    validate_owner_references(object, path, errors);
    let managed = object.at(["metadata", "managedFields"]).unwrap_or(&Value::Null);
    errors.extend(patch::apply::validate_managed_fields(managed, &path.child("managedFields")));
}

fn validate_standard_finalizers(
    resource: &Resource,
    object: &Value,
    path: &Path<'_>,
    errors: &mut FieldErrors,
) {
    let path = path.child("finalizers");
    if !resource.custom && !has_generic_rules(resource) {
        for (index, finalizer) in metadata::finalizers(object).enumerate() {
            for message in meta::names::standard_or_qualified_finalizer(finalizer) {
                errors.push(FieldError::invalid(&path.index(index), finalizer, message));
            }
        }
    }
}

/// The built-in groups whose metadata the original checks by the rules of custom resources.
fn has_generic_rules(resource: &Resource) -> bool {
    matches!(
        resource.group.as_str(),
        "admissionregistration.k8s.io" | "apiextensions.k8s.io" | "apiregistration.k8s.io"
    )
}

fn validate_owner_references(object: &Value, path: &Path<'_>, errors: &mut FieldErrors) {
    let references = object.items_at(["metadata", "ownerReferences"]);
    let path = path.child("ownerReferences");
    let mut first: Option<String> = None;
    for reference in references {
        validate_owner_reference(reference, &path, errors);
        if reference.get("controller").and_then(Value::as_bool) != Some(true) {
            continue;
        }
        let controller = format!("{}/{}", reference.str_at(["kind"]), reference.str_at(["name"]));
        match &first {
            None => first = Some(controller),
            Some(first) => {
                let detail = format!(
                    "Only one reference can have Controller set to true. Found \"true\" in references for {first} and {controller}"
                );
                errors.push(FieldError::invalid(&path, shown_owners(references), detail));
            }
        }
    }
}

/// The fields of an owner reference, in declared order.
const OWNER_FIELDS: [&str; 6] = ["apiVersion", "kind", "name", "uid", "controller", "blockOwnerDeletion"];

/// Owner references as messages show them.
fn shown_owners(references: &[Value]) -> BadValue {
    let shown = references.iter().map(|reference| {
        let fields = OWNER_FIELDS.iter().filter_map(|name| Some((name, reference.get(name)?)));
        let fields: Vec<String> = fields
            .map(|(name, value)| {
                let value = object::json::to_vec(value);
                format!("\"{name}\":{}", String::from_utf8_lossy(&value))
            })
            .collect();
        format!("{{{}}}", fields.join(","))
    });
    BadValue::Bare(format!("[{}]", shown.collect::<Vec<_>>().join(",")))
}

fn validate_owner_reference(reference: &Value, path: &Path<'_>, errors: &mut FieldErrors) {
    let api_version = reference.str_at(["apiVersion"]);
    let parsed = meta::GroupVersion::parse(api_version).ok();
    let (group, version) = parsed.as_ref().map_or(("", ""), |of| (of.group.as_str(), of.version.as_str()));
    let kind = reference.str_at(["kind"]);
    if version.is_empty() {
        errors.push(FieldError::invalid(&path.child("apiVersion"), api_version, "version must not be empty"));
    }
    for field in ["kind", "name", "uid"] {
        if reference.str_at([field]).is_empty() {
            errors.push(FieldError::invalid(&path.child(field), "", "must not be empty"));
        }
    }
    if group.is_empty() && version == "v1" && kind == "Event" {
        let detail = format!("{group}/{version}, Kind={kind} is disallowed from being an owner");
        errors.push(FieldError::invalid(path, BadValue::from(reference), detail));
    }
}

/// What is wrong with a name under `rule`.
pub(crate) fn name_messages(rule: NameRule, name: &str, prefix: bool) -> Vec<String> {
    let masked = if prefix { meta::names::mask_trailing_dash(name) } else { name.into() };
    let messages = match rule {
        NameRule::DnsSubdomain => meta::names::dns1123_subdomain(&masked),
        NameRule::DnsLabel => meta::names::dns1123_label(&masked),
        NameRule::PathSegment if prefix => meta::names::path_segment_prefix(name),
        NameRule::PathSegment => meta::names::path_segment_name(name),
    };
    messages.into_iter().map(Cow::into_owned).collect()
}
