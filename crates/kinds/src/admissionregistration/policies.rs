//! What validating and mutating policies have alike.

use cel::admission::Admission;
use status::FieldErrors;

use super::{expressions, matching};
use crate::checks::Field;

/// Checks a policy's spec up to its validations or mutations, and answers what these can refer to.
pub(super) fn validate_spec(spec: &Field<'_, '_>, errors: &mut FieldErrors) -> Admission {
    let failure = spec.child("failurePolicy");
    match failure.present() {
        Some(failure) => failure.one_of(errors, matching::FAILURE_POLICIES),
        None => failure.missing(errors, ""),
    }
    let parameters = spec.child("paramKind");
    let mut admission =
        Admission { authorizer: true, params: parameters.is_present(), ..Admission::default() };
    if parameters.is_present() {
        matching::validate_parameter_kind(&parameters, errors);
    }
    let constraints = spec.child("matchConstraints");
    if constraints.is_present() {
        matching::validate_resources(&constraints, errors);
        constraints.child("resourceRules").required(errors);
    } else {
        constraints.missing(errors, "");
    }
    expressions::validate_conditions(&spec.child("matchConditions"), &admission, errors);
    expressions::validate_variables(&spec.child("variables"), &mut admission, errors);
    admission
}
