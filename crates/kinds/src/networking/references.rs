//! References to objects of any kind.

use status::FieldErrors;

use crate::checks::Field;

/// Checks a reference by group, kind and name.
pub(super) fn validate_reference(reference: &Field<'_, '_>, errors: &mut FieldErrors) {
    let group = reference.child("apiGroup");
    if group.is_present() {
        group.name(errors, meta::names::dns1123_subdomain);
    }
    for field in ["kind", "name"] {
        let part = reference.child(field);
        if part.required(errors) {
            part.name(errors, meta::names::path_segment_name);
        }
    }
}
