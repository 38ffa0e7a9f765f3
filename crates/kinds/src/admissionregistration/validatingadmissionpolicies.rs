//! `validatingadmissionpolicies` of admissionregistration.k8s.io/v1.

use cel::Type;
use cel::admission::Admission;
use object::Value;
use registry::{Context, Resource, Strategy, StrategyOptions};
use status::{FieldError, FieldErrors};

use super::expressions::{Gives, compile};
use super::{matching, policies};
use crate::checks::Field;
use crate::describe::{Describe, Types};
use crate::fields::default_absent;
use crate::rules;

const REASONS: &[&str] = &["Forbidden", "Invalid", "RequestEntityTooLarge"];
const MAX_AUDIT_ANNOTATIONS: usize = 20;
/// How long the expression of an audit annotation may be, in bytes.
const MAX_AUDIT_EXPRESSION: usize = 5 * 1024;

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(
        types,
        "admissionregistration.k8s.io",
        "v1",
        "validatingadmissionpolicies",
        "ValidatingAdmissionPolicy",
        ValidatingAdmissionPolicy,
    )
    .cluster()
    .categories(&["api-extensions"])
    .status(ValidatingAdmissionPolicyStatus)
    .columns(super::columns::VALIDATING_POLICIES)
    .finish()
}

#[derive(Debug)]
struct ValidatingAdmissionPolicy;

impl Strategy for ValidatingAdmissionPolicy {
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

    fn prepare_create(&self, _context: &mut Context<'_>, object: &mut Value) {
        object.remove("status");
    }

    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        rules::restore(object, old, &["status"]);
    }

    fn validate_create(&self, _context: &mut Context<'_>, object: &Value, errors: &mut FieldErrors) {
        let policy = Field::root(object);
        let spec = policy.child("spec");
        let admission = policies::validate_spec(&spec, errors);
        let (validations, annotations) = (spec.child("validations"), spec.child("auditAnnotations"));
        if validations.is_empty() && annotations.is_empty() {
            for list in [&validations, &annotations] {
                list.missing(errors, "validations or auditAnnotations must contain at least one item");
            }
            return;
        }
        validations.items().for_each(|validation| validate_validation(&validation, &admission, errors));
        validate_annotations(object.str_at(["metadata", "name"]), &annotations, &admission, errors);
    }

    fn reset_fields(&self) -> &'static [&'static str] {
        &["status"]
    }
}

fn validate_validation(validation: &Field<'_, '_>, admission: &Admission, errors: &mut FieldErrors) {
    let expression = validation.child("expression");
    if expression.text().trim().is_empty() {
        expression.missing(errors, "expression is not specified");
    } else {
        compile(&expression, expression.text(), admission, &Gives::truth(), errors);
    }
    let (message, computed) = (validation.child("message"), validation.child("messageExpression"));
    if !computed.is_empty() {
        if computed.text().trim().is_empty() {
            computed.invalid(errors, "must be non-empty if specified");
        } else {
            // Messages can't depend on what the user may do elsewhere.
            let admission = Admission { authorizer: false, ..admission.clone() };
            compile(&computed, computed.text(), &admission, &Gives::text(), errors);
        }
    }
    let text = message.text().trim();
    if !message.is_empty() && text.is_empty() {
        message.invalid(errors, "must be non-empty if specified");
    } else if text.contains(['\n', '\r']) {
        message.invalid(errors, "must not contain line breaks");
    }
    if let Some(reason) = validation.child("reason").present() {
        reason.one_of(errors, REASONS);
    }
}

fn validate_annotations(
    policy: &str,
    annotations: &Field<'_, '_>,
    admission: &Admission,
    errors: &mut FieldErrors,
) {
    if annotations.list().len() > MAX_AUDIT_ANNOTATIONS {
        let detail = format!("must not have more than {MAX_AUDIT_ANNOTATIONS} auditAnnotations");
        annotations.invalid(errors, detail);
    }
    let mut keys = Vec::new();
    for annotation in annotations.items() {
        let (key, value) = (annotation.child("key"), annotation.child("valueExpression"));
        let whole =
            if policy.is_empty() { key.text().to_owned() } else { format!("{policy}/{}", key.text()) };
        for message in meta::names::qualified_name(&whole) {
            errors.push(FieldError::invalid(&key.path, whole.as_str(), message));
        }
        match value.text().trim() {
            "" => value.missing(errors, "valueExpression is not specified"),
            text if text.len() > MAX_AUDIT_EXPRESSION => {
                value.missing(errors, format!("must not exceed {MAX_AUDIT_EXPRESSION} bytes in length"));
            }
            _ => {
                let gives = Gives::OneOf(vec![Type::String, Type::Null]);
                compile(&value, value.text(), admission, &gives, errors);
            }
        }
        if keys.contains(&key.text()) {
            key.duplicate(errors);
        }
        keys.push(key.text());
    }
}
#[derive(Debug)]
struct ValidatingAdmissionPolicyStatus;

impl Strategy for ValidatingAdmissionPolicyStatus {
    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        rules::only_status(object, old);
    }

    fn reset_fields(&self) -> &'static [&'static str] {
        &["metadata", "spec"]
    }
}
