//! Ephemeral containers, which only come (KEP-277).

use object::Value;
use schema::TypeRef;
use status::{FieldError, FieldErrors, Path};

use super::MIRROR;
use crate::checks::Field;
use crate::fields::{items, text};
use crate::internal;
use crate::pod::validate;

/// Checks a pod with changed ephemeral containers against what it was.
pub(crate) fn ephemeral_containers(pod: &Value, old: &Value, types: TypeRef<'_>, errors: &mut FieldErrors) {
    let root = Field::root(pod);
    validate::pod_always(&root, types, errors);
    super::annotations(pod, old, errors);
    if old.at(["metadata", "annotations", MIRROR]).is_some() {
        let detail = "static pods do not support ephemeral containers";
        errors.push(FieldError::forbidden(&Path::new("[]"), detail));
    }
    let spec = root.child("spec");
    let list = spec.child("ephemeralContainers");
    let ty = types.schema.named("io.k8s.api.core.v1.EphemeralContainer");
    for before in items(old.get("spec").unwrap_or(&Value::Null), "ephemeralContainers") {
        let name = text(before, "name");
        let quoted = status::go_quote(name);
        match list.list().iter().find(|now| text(now, "name") == name) {
            None => {
                list.forbidden(errors, format!("existing ephemeral containers {quoted} may not be removed\n"))
            }
            Some(now) if now != before => {
                let changes = internal::changes(ty, before, now);
                list.forbidden(
                    errors,
                    format!("existing ephemeral containers {quoted} may not be changed\n{changes}"),
                );
            }
            Some(_) => {}
        }
    }
}
