//! `namespaces` of the core group.

use meta::names::{qualified_name, standard_or_qualified_finalizer};
use object::Value;
use registry::{Context, FieldLabels, NameRule, Resource, Strategy, StrategyOptions, Verb, Verbs};
use status::{FieldError, FieldErrors, Path};

use crate::tables::{Column, Columns};
use crate::{
    checks::Field,
    describe::{Describe, Types},
    fields::default_to,
    rules,
};

/// The label that names the namespace, for selectors.
const NAME_LABEL: &str = "kubernetes.io/metadata.name";
/// What keeps a namespace until its content is gone.
const FINALIZER: &str = "kubernetes";

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "", "v1", "namespaces", "Namespace", Namespace)
        .cluster()
        .short_names(&["ns"])
        .verbs(Verbs::of(&[
            Verb::Create,
            Verb::Delete,
            Verb::Get,
            Verb::List,
            Verb::Patch,
            Verb::Update,
            Verb::Watch,
        ]))
        .selectable_fields(&[("status.phase", "")])
        .field_labels(FieldLabels::Label)
        .object_subresource("finalize", &[Verb::Update], NamespaceFinalize)
        .status(NamespaceStatus)
        .columns(COLUMNS)
        .finish()
}

/// How they are shown in tables.
const COLUMNS: Columns = Columns::new(
    &[Column::NAME, Column::text("Status", "Whether it is in use or on its way out."), Column::AGE],
    |namespace, row| {
        row.name(namespace);
        row.text(namespace.str_at(["status", "phase"]));
        row.age(namespace);
    },
);

#[derive(Debug)]
struct Namespace;

impl Strategy for Namespace {
    fn options(&self) -> StrategyOptions {
        StrategyOptions { names: NameRule::DnsLabel, terminates_first: true, ..StrategyOptions::USUAL }
    }

    fn default(&self, object: &mut Value) {
        let name = object.str_at(["metadata", "name"]).to_owned();
        if !name.is_empty() {
            object.object_at("metadata").get_or_insert_with("labels", Value::object).set(NAME_LABEL, name);
        }
        default_to(object.make_object().get_or_insert_with("status", Value::object), "phase", "Active");
    }

    fn prepare_create(&self, _context: &mut Context<'_>, object: &mut Value) {
        let mut status = Value::object();
        status.set("phase", "Active");
        object.set("status", status);
        let spec = object.object_at("spec");
        let finalizers = spec.get_or_insert_with("finalizers", || Value::Array(Vec::new()));
        match finalizers.as_array_mut() {
            Some(list) if list.iter().any(|known| known.as_str() == Some(FINALIZER)) => {}
            Some(list) => list.push(FINALIZER.into()),
            None => *finalizers = vec![FINALIZER.into()].into(),
        }
        let name = object.str_at(["metadata", "name"]).to_owned();
        object.object_at("metadata").get_or_insert_with("labels", Value::object).set(NAME_LABEL, name);
    }

    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        rules::restore(object, old, &["spec", "finalizers"]);
        rules::restore(object, old, &["status"]);
    }

    fn begin_delete(&self, object: &mut Value) {
        object.object_at("metadata").remove("deletionGracePeriodSeconds");
        object.object_at("status").insert("phase", "Terminating");
    }

    fn reset_fields(&self) -> &'static [&'static str] {
        &["status"]
    }

    /// Nothing: an update keeps what is checked of a new one.
    fn validate_update(&self, _: &mut Context<'_>, _: &Value, _: &Value, _: &mut FieldErrors) {}

    fn validate_create(&self, _context: &mut Context<'_>, object: &Value, errors: &mut FieldErrors) {
        let root = Field::root(object);
        let spec = root.child("spec");
        finalizers(&spec.child("finalizers"), false, errors);
    }
}

#[derive(Debug)]
struct NamespaceFinalize;

impl Strategy for NamespaceFinalize {
    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        rules::restore(object, old, &["status"]);
    }

    fn reset_fields(&self) -> &'static [&'static str] {
        &["status"]
    }

    fn validate_update(
        &self,
        _context: &mut Context<'_>,
        object: &Value,
        _old: &Value,
        errors: &mut FieldErrors,
    ) {
        let root = Field::root(object);
        let spec = root.child("spec");
        finalizers(&spec.child("finalizers"), true, errors);
    }
}

#[derive(Debug)]
struct NamespaceStatus;

impl Strategy for NamespaceStatus {
    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        rules::restore(object, old, &["spec"]);
    }

    fn reset_fields(&self) -> &'static [&'static str] {
        &["spec"]
    }

    fn validate_update(
        &self,
        _context: &mut Context<'_>,
        object: &Value,
        _old: &Value,
        errors: &mut FieldErrors,
    ) {
        let phase = object.str_at(["status", "phase"]);
        let (expected, detail) = if registry::metadata::is_deleting(object) {
            ("Terminating", "may only be 'Terminating' if `deletionTimestamp` is not empty")
        } else {
            ("Active", "may only be 'Active' if `deletionTimestamp` is empty")
        };
        if phase != expected {
            let status = Path::new("status");
            errors.push(FieldError::invalid(&status.child("Phase"), phase, detail));
        }
    }
}

/// Where only finalizers are written, errors say which one is bad.
fn finalizers(list: &Field<'_, '_>, indexed: bool, errors: &mut FieldErrors) {
    for finalizer in list.items() {
        let shown = if indexed { finalizer } else { Field { value: finalizer.value, path: list.path } };
        if shown.name(errors, qualified_name) {
            shown.name(errors, standard_or_qualified_finalizer);
        }
    }
}
