//! Checks of a whole definition, in the order of the original.

use object::Value;
use schema::TypeRef;
use status::{BadValue, FieldError, FieldErrors, Path};

use super::shared::shared;
use super::{approval, conversion, defaults, go_json, names, open_api, parts, selectable, structural};
use crate::checks::Field;
use crate::fields::{flag, present, text};

/// Checks a new definition. `metadata` is the type of metadata within defaults.
pub(super) fn create(object: &Value, metadata: Option<TypeRef<'_>>, errors: &mut FieldErrors) {
    name(object, errors);
    let root = Field::root(object);
    let spec = root.child("spec");
    validate_spec(&spec, None, metadata, errors);
    finish(object, None, errors);
}

/// Checks a changed definition.
pub(super) fn update(object: &Value, old: &Value, metadata: Option<TypeRef<'_>>, errors: &mut FieldErrors) {
    let (root, old_root) = (Field::root(object), Field::root(old));
    let (spec, old_spec) = (root.child("spec"), old_root.child("spec"));
    validate_spec(&spec, Some(old), metadata, errors);
    let established = old
        .items_at(["status", "conditions"])
        .iter()
        .any(|one| text(one, "type") == "Established" && text(one, "status") == "True");
    let (given, old_given) = (spec.child("names"), old_spec.child("names"));
    if established {
        spec.child("scope").immutable(errors, &old_spec.child("scope"));
        given.child("kind").immutable(errors, &old_given.child("kind"));
    }
    spec.child("group").immutable(errors, &old_spec.child("group"));
    given.child("plural").immutable(errors, &old_given.child("plural"));
    finish(object, Some(old), errors);
}

/// What comes after the spec.
fn finish(object: &Value, old: Option<&Value>, errors: &mut FieldErrors) {
    let root = Field::root(object);
    let status = root.child("status");
    names::validate(&status.child("acceptedNames"), errors);
    stored_versions(object, &status.child("storedVersions"), errors);
    approval::validate(object, old, errors);
    let preserves =
        |object: &Value| object.at(["spec", "preserveUnknownFields"]).and_then(Value::as_bool) == Some(true);
    if preserves(object) && !old.is_some_and(preserves) {
        let detail = "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema \
                      instead";
        root.child("spec").child("preserveUnknownFields").invalid(errors, detail);
    }
}

/// A definition is named by its plural and group.
fn name(object: &Value, errors: &mut FieldErrors) {
    let name = object.str_at(["metadata", "name"]);
    let expected =
        format!("{}.{}", object.str_at(["spec", "names", "plural"]), object.str_at(["spec", "group"]));
    if name.is_empty() || name == expected {
        return;
    }
    let metadata = Path::new("metadata");
    let error =
        FieldError::invalid(&metadata.child("name"), name, "must be spec.names.plural+\".\"+spec.group");
    let place = errors.iter().rposition(|error| error.field == "metadata.name").map_or(0, |place| place + 1);
    errors.insert(place, error);
}

fn validate_spec(
    spec: &Field<'_, '_>,
    old: Option<&Value>,
    metadata: Option<TypeRef<'_>>,
    errors: &mut FieldErrors,
) {
    group(&spec.child("group"), errors);
    spec.child("scope").required_one_of(errors, &["Cluster", "Namespaced"]);
    let versions = spec.child("versions");
    for version in versions.items() {
        if version.value.at(["schema", "openAPIV3Schema"]).is_none_or(Value::is_null) {
            let schema = version.child("schema");
            schema.child("openAPIV3Schema").missing(errors, "");
        }
    }
    let checks = Checks { spec: spec.value, old, metadata };
    for version in versions.items() {
        let name = version.child("name");
        names::label(&name, name.text(), "", errors);
        parts::validate_deprecation(&version, errors);
        checks.version(&version, errors);
    }
    unique_and_stored(&versions, spec, errors);
    let given = spec.child("names");
    names::required(&given, errors);
    names::validate(&given, errors);
    checks.shared(spec, errors);
    conversion::validate(&spec.child("conversion"), errors);
}

fn group(group: &Field<'_, '_>, errors: &mut FieldErrors) {
    if group.is_empty() {
        return group.missing(errors, "");
    }
    let messages = meta::names::dns1123_subdomain(group.text());
    if !messages.is_empty() {
        group.invalid(errors, messages.join(","));
    } else if !group.text().contains('.') {
        group.invalid(errors, "should be a domain with at least one dot");
    }
}

fn unique_and_stored(versions: &Field<'_, '_>, spec: &Field<'_, '_>, errors: &mut FieldErrors) {
    let names: Vec<&str> = versions.list().iter().map(|version| text(version, "name")).collect();
    let shown = || go_json::versions(spec.value);
    if names.iter().enumerate().any(|(index, name)| names[..index].contains(name)) {
        errors.push(FieldError::invalid(&versions.path, shown(), "must contain unique version names"));
    }
    if versions.list().iter().filter(|version| flag(version, "storage")).count() != 1 {
        let detail = "must have exactly one version marked as storage version";
        errors.push(FieldError::invalid(&versions.path, shown(), detail));
    }
    // The original's internal form has the first version's name a second time.
    if let Some(first) = names.first().filter(|name| !name.is_empty()) {
        let value = Value::from(*first);
        let field = Field { value: &value, path: spec.path.child("version") };
        names::label(&field, first, "", errors);
    }
}

/// What versions may share, checked where it stands.
struct Checks<'v> {
    spec: &'v Value,
    old: Option<&'v Value>,
    metadata: Option<TypeRef<'v>>,
}

impl Checks<'_> {
    /// Checks what a version does not share with the others.
    fn version(&self, version: &Field<'_, '_>, errors: &mut FieldErrors) {
        let own = |field: &str| shared(self.spec, field).is_none();
        if own("schema") {
            let status = has_status(version.value);
            self.schema(&version.child("schema"), status, text(version.value, "name"), errors);
        }
        if own("subresources") {
            parts::validate_subresources(&version.child("subresources"), errors);
        }
        if own("additionalPrinterColumns") {
            parts::validate_columns(&version.child("additionalPrinterColumns"), errors);
        }
        if own("selectableFields") {
            self.selectable(&version.child("selectableFields"), version.value, errors);
        }
    }

    /// Checks what all versions share.
    fn shared(&self, spec: &Field<'_, '_>, errors: &mut FieldErrors) {
        let Some(first) = self.spec.items_at(["versions"]).first() else { return };
        let at = |field: &str, common| {
            shared(self.spec, field).map(|value| Field { value, path: spec.path.child(common) })
        };
        if let Some(validation) = at("schema", "validation") {
            let status = self.spec.items_at(["versions"]).iter().any(has_status);
            self.schema(&validation, status, text(first, "name"), errors);
        }
        if let Some(subresources) = at("subresources", "subresources") {
            parts::validate_subresources(&subresources, errors);
        }
        if let Some(columns) = at("additionalPrinterColumns", "additionalPrinterColumns") {
            parts::validate_columns(&columns, errors);
        }
        if let Some(fields) = at("selectableFields", "selectableFields") {
            self.selectable(&fields, first, errors);
        }
    }

    fn selectable(&self, fields: &Field<'_, '_>, version: &Value, errors: &mut FieldErrors) {
        if let Some(schema) = version.at(["schema", "openAPIV3Schema"]) {
            selectable::validate(fields, schema, errors);
        }
    }

    /// Checks the schema of a version (or of all).
    fn schema(&self, validation: &Field<'_, '_>, status: bool, version: &str, errors: &mut FieldErrors) {
        let schema = validation.child("openAPIV3Schema");
        if !schema.is_present() {
            return;
        }
        if status {
            root_beside_status(&schema, errors);
        }
        if flag(schema.value, "nullable") {
            schema.child("nullable").forbidden(errors, "nullable cannot be true at the root");
        }
        let structural = structural::validate(schema.value, &schema.path);
        let is_structural = structural.is_empty();
        errors.extend(structural);
        if is_structural {
            errors.extend(defaults::validate(schema.value, self.metadata, &schema.path));
        }
        open_api::validate(schema.value, &schema.path, errors);
        if is_structural {
            errors.extend(self.rules(&schema, version));
        }
    }

    /// What is wrong with the CEL rules of a schema, but for what was wrong before.
    fn rules(&self, schema: &Field<'_, '_>, version: &str) -> FieldErrors {
        let old = self.old.map(|old| old.items_at(["spec", "versions"])).unwrap_or_default();
        let old = old.iter().find(|one| text(one, "name") == version);
        let old = old.and_then(|one| one.at(["schema", "openAPIV3Schema"]));
        if old == Some(schema.value) {
            return FieldErrors::new();
        }
        let mut errors = cel::rules::check(schema.value, &schema.path);
        if let (false, Some(old)) = (errors.is_empty(), old) {
            let known = cel::rules::check(old, &schema.path);
            errors.retain(|error| !known.contains(error));
        }
        errors
    }
}

fn has_status(version: &Value) -> bool {
    version.at(["subresources", "status"]).is_some_and(|status| !status.is_null())
}

/// With a status subresource, what the root says must not be about status.
fn root_beside_status(schema: &Field<'_, '_>, errors: &mut FieldErrors) {
    for name in go_json::fields_set(schema.value) {
        if name == "Type" {
            let kind = schema.child("type");
            if kind.text() != "object" {
                kind.invalid(
                    errors,
                    "only \"object\" is allowed as the type at the root of the schema if the status subresource is enabled",
                );
                return;
            }
        } else if !go_json::ALLOWED_AT_ROOT.contains(&name) {
            let detail = format!(
                "only [{}] fields are allowed at the root of the schema if the status subresource is enabled",
                go_json::ALLOWED_AT_ROOT.join(" ")
            );
            errors.push(FieldError::invalid(&schema.path, go_json::schema(schema.value), detail));
            return;
        }
    }
}

/// Checks that no version is given up in which objects may be stored.
fn stored_versions(object: &Value, stored: &Field<'_, '_>, errors: &mut FieldErrors) {
    if stored.list().is_empty() {
        errors.push(FieldError::invalid(
            &stored.path,
            BadValue::Null,
            "must have at least one stored version",
        ));
    }
    let versions = object.items_at(["spec", "versions"]);
    for version in versions.iter().filter(|version| flag(version, "storage")) {
        let name = text(version, "name");
        if !stored.list().is_empty() && !stored.texts().any(|stored| stored == name) {
            let detail = format!("must have the storage version {name}");
            errors.push(FieldError::invalid(&stored.path, name, detail));
        }
    }
    for one in stored.items() {
        let name = one.text();
        if !versions.iter().any(|version| text(version, "name") == name) {
            one.invalid(
                errors,
                format!(
                    "missing from spec.versions; {name} was previously a storage version, and must remain in \
                     spec.versions until a storage migration ensures no data remains persisted in {name} and removes \
                     {name} from status.storedVersions"
                ),
            );
        }
    }
}

/// Calls `visit` with the schemas of all versions.
pub(super) fn each_schema(object: &Value, visit: &mut dyn FnMut(&Value)) {
    for version in object.items_at(["spec", "versions"]) {
        if let Some(schema) = version.get("schema").and_then(|schema| present(schema, "openAPIV3Schema")) {
            visit(schema);
        }
    }
}
