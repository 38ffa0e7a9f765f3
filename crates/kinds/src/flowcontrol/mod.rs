//! The kinds of `flowcontrol.apiserver.k8s.io`.

mod flowschemas;
mod mandatory;
mod policy;
mod prioritylevelconfigurations;

use registry::Resource;
use status::{FieldError, FieldErrors};

use crate::checks::Field;
use crate::describe::Types;

/// Every resource of the group.
pub(crate) fn describe(types: &Types) -> Vec<Resource> {
    vec![flowschemas::describe(types), prioritylevelconfigurations::describe(types)]
}

/// Checks the conditions that a flow schema or a priority level has: each type once.
fn validate_status(object: &Field<'_, '_>, errors: &mut FieldErrors) {
    let status = object.child("status");
    let mut types = Vec::new();
    for condition in status.child("conditions").items() {
        let kind = condition.child("type");
        if types.contains(&kind.text()) {
            errors.push(FieldError::duplicate(&kind.path, kind.text()));
        }
        types.push(kind.text());
        kind.required(errors);
    }
}
