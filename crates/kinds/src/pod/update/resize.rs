//! Resizing a pod in place: cpu and memory of its containers and of the whole (KEP-1287, KEP-5419).

use object::Value;
use schema::TypeRef;
use status::{FieldError, FieldErrors, Path};

use super::MIRROR;
use crate::checks::Field;
use crate::fields::{entries, items, items_mut, present, text};
use crate::pod::{quality_of_service, validate};
use crate::rules;

const RESIZABLE: [&str; 2] = ["containers", "initContainers"];

/// Of a resize only resources and resize policies count. Lists of containers that do not fit the old ones stay as they
/// are, to be refused.
pub(crate) fn keep_all_but_resources(pod: &mut Value, old: &Value) {
    let mut resized = old.clone();
    let asked = pod.get("spec").cloned().unwrap_or_default();
    if let Some(spec) = resized.get_mut("spec") {
        for list in RESIZABLE {
            let new = items(&asked, list);
            if !same_names(new, items(spec, list)) {
                rules::restore(spec, &asked, &[list]);
                continue;
            }
            for (container, new) in items_mut(spec, list).iter_mut().zip(new) {
                rules::restore(container, new, &["resources"]);
                rules::restore(container, new, &["resizePolicy"]);
            }
        }
        rules::restore(spec, &asked, &["resources"]);
    }
    rules::keep_all_but(pod, &resized, &[]);
}

fn same_names(new: &[Value], old: &[Value]) -> bool {
    new.len() == old.len() && new.iter().zip(old).all(|(new, old)| text(new, "name") == text(old, "name"))
}

/// Checks a resized pod against what it was.
pub(crate) fn resize(pod: &Value, old: &Value, types: TypeRef<'_>, errors: &mut FieldErrors) {
    let root = Field::root(pod);
    validate::pod_always(&root, types, errors);
    super::annotations(pod, old, errors);
    let never = match () {
        () if old.at(["metadata", "annotations", MIRROR]).is_some() => "static pods cannot be resized",
        () if old.str_at(["spec", "os", "name"]) == "windows" => "windows pods cannot be resized",
        () => "",
    };
    if !never.is_empty() {
        errors.push(FieldError::forbidden(&Path::new("[]"), never));
        return;
    }
    let spec = root.child("spec");
    let before = old.get("spec").unwrap_or(&Value::Null);
    if old.str_at(["status", "qosClass"]) != quality_of_service(spec.value) {
        let class = pod.str_at(["status", "qosClass"]);
        let detail = "Pod QOS Class may not change as a result of resizing";
        errors.push(FieldError::invalid(&spec.path, class, detail));
    }
    if !in_order(&spec, before, errors) {
        return;
    }
    for list in RESIZABLE {
        for (container, old) in spec.child(list).items().zip(items(before, list)) {
            not_removed(&container.child("resources"), old.get("resources"), "resource", errors);
        }
    }
    let resources = spec.child("resources");
    if let Some(was) = present(before, "resources") {
        if resources.is_present() {
            not_removed(&resources, Some(was), "pod-level resource", errors);
        } else {
            resources.forbidden(errors, "pod-level resources cannot be removed");
        }
    }
    if without_sizes(spec.value) != without_sizes(before) {
        spec.forbidden(errors, "only cpu and memory resources are mutable");
    }
}

fn in_order(spec: &Field<'_, '_>, before: &Value, errors: &mut FieldErrors) -> bool {
    let mut good = true;
    for list in RESIZABLE {
        let (now, before) = (spec.child(list), items(before, list));
        if now.list().len() != before.len() {
            now.forbidden(errors, format!("{list} may not be added or removed on resize"));
            good = false;
            continue;
        }
        for (container, old) in now.items().zip(before) {
            let name = container.child("name");
            if name.text() != text(old, "name") {
                name.forbidden(errors, format!("{list} may not be renamed or reordered on resize"));
                good = false;
            }
        }
    }
    good
}

/// What was asked for may change, but not vanish. `what` stands in the message.
fn not_removed(resources: &Field<'_, '_>, before: Option<&Value>, what: &str, errors: &mut FieldErrors) {
    let Some(before) = before else { return };
    for list in ["requests", "limits"] {
        let now = resources.child(list);
        if entries(before, list).any(|(name, _)| now.value.get(name).is_none()) {
            now.forbidden(errors, format!("{what} {list} cannot be removed"));
        }
    }
}

/// A spec without what a resize may change.
fn without_sizes(spec: &Value) -> Value {
    let mut spec = spec.clone();
    for list in RESIZABLE {
        items_mut(&mut spec, list).iter_mut().for_each(drop_sizes);
    }
    drop_sizes(&mut spec);
    spec
}

fn drop_sizes(holder: &mut Value) {
    for list in ["requests", "limits"] {
        let Some(map) = holder.at_mut(["resources", list]) else { continue };
        map.remove("cpu");
        map.remove("memory");
        if map.as_object().is_some_and(|map| map.is_empty())
            && let Some(resources) = holder.get_mut("resources")
        {
            resources.remove(list);
        }
    }
    if holder.get("resources").and_then(Value::as_object).is_some_and(|of| of.is_empty()) {
        holder.remove("resources");
    }
}
