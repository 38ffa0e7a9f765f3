//! Pods that may not be scheduled yet: where they may run may be narrowed (KEP-3838).

use object::Value;
use schema::TypeRef;
use status::{FieldError, FieldErrors};

use crate::checks::Field;
use crate::fields::{entries, items};
use crate::{internal, rules};

const REQUIRED: &str = "requiredDuringSchedulingIgnoredDuringExecution";

/// Checks that `spec` narrows down `before`, and puts into `compared` what `before` has.
pub(super) fn narrowing(
    spec: &Field<'_, '_>,
    compared: &mut Value,
    before: &Value,
    types: TypeRef<'_>,
    errors: &mut FieldErrors,
) {
    let selector = spec.child("nodeSelector");
    if entries(before, "nodeSelector").any(|(key, value)| selector.value.get(key) != Some(value)) {
        let detail = "only additions to spec.nodeSelector are allowed (no mutations or deletions)";
        selector.invalid(errors, detail);
    }
    rules::restore(compared, before, &["nodeSelector"]);
    const NODE_AFFINITY: [&str; 2] = ["affinity", "nodeAffinity"];
    if spec.value.at(NODE_AFFINITY) != before.at(NODE_AFFINITY) {
        let affinity = spec.child("affinity");
        node_affinity(&affinity.child("nodeAffinity"), before.at(NODE_AFFINITY), types, errors);
        forgive_affinity(compared, before);
    }
}

/// Of an affinity that only came with the narrowing nothing is left.
fn forgive_affinity(compared: &mut Value, before: &Value) {
    let others = ["podAffinity", "podAntiAffinity"];
    let bare = others.iter().all(|other| compared.at(["affinity", other]).is_none());
    if before.get("affinity").is_none() && bare {
        compared.remove("affinity");
    } else {
        rules::restore(compared, before, &["affinity", "nodeAffinity"]);
    }
}

/// Terms of a required affinity are alternatives: each may ask for more, but there may be no more or fewer of them.
fn node_affinity(
    affinity: &Field<'_, '_>,
    before: Option<&Value>,
    types: TypeRef<'_>,
    errors: &mut FieldErrors,
) {
    let required = affinity.child(REQUIRED);
    let list = required.child("nodeSelectorTerms");
    let before = before.and_then(|of| of.get(REQUIRED)).map_or(&[][..], |of| items(of, "nodeSelectorTerms"));
    if before.is_empty() {
        return;
    }
    if list.list().len() != before.len() {
        let shown = internal::bad_list(term_type(types), list.list());
        let detail = "no additions/deletions to non-empty NodeSelectorTerms list are allowed";
        errors.push(FieldError::invalid(&list.path, shown, detail));
        return;
    }
    for (term, old) in list.items().zip(before) {
        let narrowed = ["matchExpressions", "matchFields"].iter().all(|field| {
            items(term.value, field).starts_with(items(old, field))
                && (*field == "matchExpressions" || items(term.value, field).len() == items(old, field).len())
        });
        let from_nothing = items(old, "matchExpressions").is_empty() && items(old, "matchFields").is_empty();
        if !narrowed || (from_nothing && *term.value != *old) {
            let shown = internal::bad_value(term_type(types), term.value);
            let detail = "only additions are allowed (no mutations or deletions)";
            errors.push(FieldError::invalid(&term.path, shown, detail));
        }
    }
}

fn term_type(types: TypeRef<'_>) -> Option<TypeRef<'_>> {
    types.schema.named("io.k8s.api.core.v1.NodeSelectorTerm")
}
