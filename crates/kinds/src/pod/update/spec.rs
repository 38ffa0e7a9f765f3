//! Plain updates of a pod: little of its spec may change.

use object::Value;
use schema::TypeRef;
use status::{BadValue, FieldError, FieldErrors};

use super::gated;
use crate::checks::Field;
use crate::fields::{int, items, text};
use crate::pod::{quality_of_service, validate};
use crate::{internal, rules};

const CHANGEABLE: &str = "pod updates may not change fields other than `spec.containers[*].image`,\
                          `spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only \
                          additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set \
                          to 1 if it was previously negative)";

/// Checks a changed pod against what it was.
pub(crate) fn pod_update(pod: &Value, old: &Value, types: TypeRef<'_>, errors: &mut FieldErrors) {
    let root = Field::root(pod);
    validate::pod_always(&root, types, errors);
    super::annotations(pod, old, errors);
    let spec = root.child("spec");
    let before = old.get("spec").unwrap_or(&Value::Null);
    for list in ["containers", "initContainers"] {
        if !containers(&spec.child(list), items(before, list), errors) {
            return;
        }
    }
    if !deadline(&spec.child("activeDeadlineSeconds"), before, errors) {
        return;
    }
    tolerations(&spec.child("tolerations"), items(before, "tolerations"), errors);
    gates(&spec.child("schedulingGates"), items(before, "schedulingGates"), errors);
    if spec.value == before {
        return;
    }
    if old.str_at(["status", "qosClass"]) != quality_of_service(spec.value) {
        let metadata = root.child("metadata");
        let class = pod.str_at(["status", "qosClass"]);
        errors.push(FieldError::invalid(&metadata.path, class, "Pod QOS is immutable"));
    }
    let mut compared = spec.value.clone();
    forgive(&mut compared, before);
    if !items(before, "schedulingGates").is_empty() {
        gated::narrowing(&spec, &mut compared, before, types, errors);
    }
    if compared != *before {
        let ty = types.schema.named("io.k8s.api.core.v1.PodSpec");
        let changes = internal::changes(ty, before, &compared);
        errors.push(FieldError::forbidden(&spec.path, format!("{CHANGEABLE}\n{changes}")));
    }
}

/// Puts back what may change, so that the rest can be compared.
fn forgive(spec: &mut Value, before: &Value) {
    for list in ["containers", "initContainers"] {
        for (container, before) in crate::fields::items_mut(spec, list).iter_mut().zip(items(before, list)) {
            rules::restore(container, before, &["image"]);
        }
    }
    for field in ["activeDeadlineSeconds", "schedulingGates", "tolerations"] {
        rules::restore(spec, before, &[field]);
    }
    let grace = "terminationGracePeriodSeconds";
    if int(before, grace) < 0 && int(spec, grace) == 1 {
        rules::restore(spec, before, &[grace]);
    }
}

/// Containers keep their number. Whether they do.
fn containers(list: &Field<'_, '_>, before: &[Value], errors: &mut FieldErrors) -> bool {
    if list.list().len() != before.len() {
        list.forbidden(errors, "pod updates may not add or remove containers");
        return false;
    }
    for container in list.items() {
        let image = container.child("image");
        if image.is_empty() {
            image.missing(errors, "");
        }
        validate::image_of_pod(&container, errors);
    }
    true
}

/// A deadline may come, and come nearer. Whether it does no worse.
fn deadline(deadline: &Field<'_, '_>, before: &Value, errors: &mut FieldErrors) -> bool {
    let was = crate::fields::optional_int(before, "activeDeadlineSeconds");
    if !deadline.is_present() {
        if was.is_some() {
            let detail = "must not update from a positive integer to nil value";
            errors.push(FieldError::invalid(&deadline.path, BadValue::Null, detail));
        }
        return true;
    }
    let seconds = deadline.int();
    if !(0..=i64::from(i32::MAX)).contains(&seconds) {
        deadline.invalid(errors, "must be between 0 and 2147483647, inclusive");
        return false;
    }
    if was.is_some_and(|was| was < seconds) {
        deadline.invalid(errors, "must be less than or equal to previous value");
        return false;
    }
    true
}

/// Tolerations only come; those that were there may change their time.
fn tolerations(list: &Field<'_, '_>, before: &[Value], errors: &mut FieldErrors) {
    let timeless = |toleration: &Value| {
        let mut toleration = toleration.clone();
        toleration.remove("tolerationSeconds");
        toleration
    };
    let now: Vec<Value> = list.list().iter().map(timeless).collect();
    if before.iter().any(|old| !now.contains(&timeless(old))) {
        list.forbidden(errors, "existing toleration can not be modified except its tolerationSeconds");
    }
}

/// Scheduling gates only go.
fn gates(list: &Field<'_, '_>, before: &[Value], errors: &mut FieldErrors) {
    for gate in list.items() {
        let name = gate.child("name");
        if !before.iter().any(|old| text(old, "name") == name.text()) {
            let gate = name.text();
            name.forbidden(
                errors,
                format!("only deletion is allowed, but found new scheduling gate '{gate}'"),
            );
        }
    }
}
