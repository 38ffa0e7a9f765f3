//! `mutatingadmissionpolicies` of admissionregistration.k8s.io/v1.

use cel::admission::{Admission, apply_configuration, json_patch};
use object::Value;
use registry::{Context, Resource, Strategy, StrategyOptions};
use status::{FieldError, FieldErrors};

use super::expressions::{Gives, compile};
use super::matching::{self, REINVOCATION_POLICIES};
use super::policies;
use crate::checks::Field;
use crate::describe::{Describe, Types};
use crate::fields::default_absent;

/// What can be changed while it happens.
const OPERATIONS: &[&str] = &["*", "CONNECT", "CREATE", "UPDATE"];
/// The kinds of patches, and where each stands.
const PATCHES: &[(&str, &str)] = &[("ApplyConfiguration", "applyConfiguration"), ("JSONPatch", "jsonPatch")];

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(
        types,
        "admissionregistration.k8s.io",
        "v1",
        "mutatingadmissionpolicies",
        "MutatingAdmissionPolicy",
        MutatingAdmissionPolicy,
    )
    .cluster()
    .categories(&["api-extensions"])
    .columns(super::columns::MUTATING_POLICIES)
    .finish()
}

#[derive(Debug)]
struct MutatingAdmissionPolicy;

impl Strategy for MutatingAdmissionPolicy {
    fn options(&self) -> StrategyOptions {
        StrategyOptions {
            unconditional_update: false,
            generation: true,
            checks_metadata_twice: false,
            checks_metadata_again: true,
            ..StrategyOptions::USUAL
        }
    }

    fn default(&self, object: &mut Value) {
        let spec = object.make_object().get_or_insert_with("spec", Value::object);
        default_absent(spec, "failurePolicy", "Fail");
        matching::default_resources(spec, "matchConstraints");
    }

    fn validate_create(&self, _context: &mut Context<'_>, object: &Value, errors: &mut FieldErrors) {
        let policy = Field::root(object);
        let spec = policy.child("spec");
        let mut admission = policies::validate_spec(&spec, errors);
        admission.patches = true;
        admission.variables.get_or_insert_default();
        validate_operations(&spec.child("matchConstraints"), errors);
        let mutations = spec.child("mutations");
        if mutations.is_empty() {
            mutations.missing(errors, "mutations must contain at least one item");
        }
        mutations.items().for_each(|mutation| validate_mutation(&mutation, &admission, errors));
        spec.child("reinvocationPolicy").required_one_of(errors, REINVOCATION_POLICIES);
    }
}

fn validate_operations(constraints: &Field<'_, '_>, errors: &mut FieldErrors) {
    let rules = constraints.child("resourceRules");
    let path = rules.path.child("operations");
    for rule in rules.items() {
        for operation in rule.child("operations").texts().filter(|text| !OPERATIONS.contains(text)) {
            errors.push(FieldError::not_supported(&path, operation, OPERATIONS.iter().copied()));
        }
    }
}

fn validate_mutation(mutation: &Field<'_, '_>, admission: &Admission, errors: &mut FieldErrors) {
    let kind = mutation.child("patchType");
    if !kind.required(errors) {
        return;
    }
    let Some((name, own)) = PATCHES.iter().find(|(name, _)| *name == kind.text()) else {
        return kind.unsupported(errors, &PATCHES.iter().map(|(name, _)| *name).collect::<Vec<_>>());
    };
    let patch = mutation.child(own);
    if patch.is_present() {
        let expression = patch.child("expression");
        if expression.text().trim().is_empty() {
            expression.missing(errors, "");
        } else {
            let ty = if *own == "jsonPatch" { json_patch() } else { apply_configuration() };
            compile(&expression, expression.text(), admission, &Gives::OneOf(vec![ty]), errors);
        }
    } else {
        patch.missing(errors, format!("must be specified when patchType is {name}"));
    }
    for (_, other) in PATCHES.iter().filter(|(_, other)| other != own) {
        let other_patch = mutation.child(other);
        if other_patch.is_present() {
            let detail = format!("must not be specified when patchType is {name}");
            errors.push(FieldError::invalid(&other_patch.path, format!("{{{other}}}"), detail));
        }
    }
}
