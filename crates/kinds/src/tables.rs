//! What the columns of several kinds show.

use std::collections::BTreeSet;

use object::{Map, Value};
pub(crate) use registry::{Column, Columns, NONE, Row, UNKNOWN, UNSET};

use crate::fields::{items, text};

/// The columns of objects that have nothing more to show.
pub(crate) const NAME_AND_AGE: Columns = Columns::new(&[Column::NAME, Column::AGE], |object, row| {
    row.name(object);
    row.age(object);
});

/// Labels as `a=x,b=y`; `<none>` if there are none.
pub(crate) fn labels(labels: Option<&Value>) -> String {
    let entries = labels.and_then(Value::as_object).into_iter().flat_map(Map::iter);
    let pairs: Vec<String> =
        entries.map(|(key, value)| format!("{key}={}", value.as_str().unwrap_or(""))).collect();
    or_none(pairs.join(","))
}

/// A metav1.LabelSelector in the form that queries take; `<none>` if it selects by nothing.
pub(crate) fn selector(selector: Option<&Value>) -> String {
    or_none(registry::selector_text(selector))
}

/// `text`, or `<none>` if it is empty.
pub(crate) fn or_none(text: String) -> String {
    if text.is_empty() { NONE.to_owned() } else { text }
}

/// The names of a pod template's containers and their images: two cells.
pub(crate) fn containers(template: Option<&Value>, row: &mut Row<'_>) {
    let containers = template.map_or(&[][..], |template| template.items_at(["spec", "containers"]));
    for field in ["name", "image"] {
        let of_each: Vec<&str> = containers.iter().map(|container| text(container, field)).collect();
        row.text(&of_each.join(","));
    }
}

/// The first `limit` of `list`, and how many more there are; `empty` if there are none.
pub(crate) fn shortened(list: &[String], limit: usize, separator: &str, empty: &str) -> String {
    let shown = list.len().min(limit);
    match list[..shown].join(separator) {
        joined if list.len() > limit => format!("{joined} + {} more...", list.len() - limit),
        joined if joined.is_empty() => empty.to_owned(),
        joined => joined,
    }
}

/// The object's name, marked if one of `annotations` makes it the default of its kind.
pub(crate) fn name_of_class(object: &Value, annotations: &[&str], row: &mut Row<'_>) {
    let is_default = annotations.iter().any(|key| object.str_at(["metadata", "annotations", key]) == "true");
    let name = object.str_at(["metadata", "name"]);
    if is_default { row.text(&format!("{name} (default)")) } else { row.text(name) }
}

/// The integer at a path; 0 where there is none.
pub(crate) fn int_at<const N: usize>(object: &Value, path: [&str; N]) -> i64 {
    object.at(path).and_then(Value::as_i64).unwrap_or(0)
}

/// How many elements or entries there are at a path.
pub(crate) fn count_at<const N: usize>(object: &Value, path: [&str; N]) -> usize {
    match object.at(path) {
        Some(Value::Array(list)) => list.len(),
        Some(Value::Object(map)) => map.len(),
        _ => 0,
    }
}

/// Whether the object is being deleted.
pub(crate) fn terminating(object: &Value) -> bool {
    !object.str_at(["metadata", "deletionTimestamp"]).is_empty()
}

/// The condition `name` of an object's status.
pub(crate) fn condition<'v>(object: &'v Value, name: &str) -> Option<&'v Value> {
    object.items_at(["status", "conditions"]).iter().find(|condition| text(condition, "type") == name)
}

/// Whether the condition `name` is there and true.
pub(crate) fn condition_true(object: &Value, name: &str) -> bool {
    condition(object, name).is_some_and(|condition| text(condition, "status") == "True")
}

/// Where a load balancer listens: addresses, or host names where it has none, in order and each once.
pub(crate) fn load_balancers(object: &Value) -> Vec<String> {
    let ingress = object.items_at(["status", "loadBalancer", "ingress"]);
    let places = ingress.iter().map(|one| match text(one, "ip") {
        "" => text(one, "hostname"),
        ip => ip,
    });
    let distinct: BTreeSet<&str> = places.filter(|place| !place.is_empty()).collect();
    distinct.into_iter().map(str::to_owned).collect()
}

/// Access modes of volumes in short, each once, from the narrowest to the widest.
pub(crate) fn access_modes(object: &Value, part: &str) -> String {
    const SHORT: [(&str, &str); 4] = [
        ("ReadWriteOnce", "RWO"),
        ("ReadOnlyMany", "ROX"),
        ("ReadWriteMany", "RWX"),
        ("ReadWriteOncePod", "RWOP"),
    ];
    let modes = object.items_at([part, "accessModes"]);
    let known = SHORT.iter().filter(|(mode, _)| modes.iter().any(|one| one.as_str() == Some(mode)));
    known.map(|(_, short)| *short).collect::<Vec<_>>().join(",")
}

/// The storage class of a volume or of a claim: the annotation that came before the field wins.
pub(crate) fn storage_class(object: &Value) -> &str {
    match object.at(["metadata", "annotations", "volume.beta.kubernetes.io/storage-class"]) {
        Some(annotation) => annotation.as_str().unwrap_or(""),
        None => object.str_at(["spec", "storageClassName"]),
    }
}

/// The texts of a list in one cell.
pub(crate) fn joined(object: &Value, key: &str, separator: &str) -> String {
    let texts: Vec<&str> = items(object, key).iter().filter_map(Value::as_str).collect();
    texts.join(separator)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lists_are_cut() {
        let list = ["a", "b", "c", "d"].map(str::to_owned);
        for (length, text) in [(0, "<none>"), (1, "a"), (3, "a,b,c"), (4, "a,b,c + 1 more...")] {
            assert_eq!(shortened(&list[..length], 3, ",", NONE), text);
        }
    }
}
