//! `namespaces` of the core group.

use object::Value;
use registry::{Context, FieldLabels, NameRule, Resource, Strategy, StrategyOptions, Verb, Verbs};

use crate::{
    describe::{Describe, Types},
    rules,
};

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
        .finish()
}

#[derive(Debug)]
struct Namespace;

impl Strategy for Namespace {
    fn options(&self) -> StrategyOptions {
        StrategyOptions { names: NameRule::DnsLabel, ..StrategyOptions::USUAL }
    }
}

#[derive(Debug)]
struct NamespaceFinalize;

impl Strategy for NamespaceFinalize {
    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        rules::only_field(object, old, "spec", "finalizers");
    }
}

#[derive(Debug)]
struct NamespaceStatus;

impl Strategy for NamespaceStatus {
    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        rules::only_status(object, old);
    }
}
