//! The paths of a resource, and which operations each has.

use object::{Map, Value};

use super::operation::{Operation, operation};
use super::{Dialect, Endpoint, parameters};

/// (verb, method, the verb of the operation's id, action, at the collection)
const VERBS: &[(&str, &str, &str, &str, bool)] = &[
    ("list", "get", "list", "list", true),
    ("create", "post", "create", "post", true),
    ("deletecollection", "delete", "delete", "deletecollection", true),
    ("get", "get", "read", "get", false),
    ("update", "put", "replace", "put", false),
    ("patch", "patch", "patch", "patch", false),
    ("delete", "delete", "delete", "delete", false),
];

/// Adds the paths of `endpoint`.
pub(super) fn add(dialect: Dialect, endpoint: &Endpoint<'_>, paths: &mut Map) {
    let root = match endpoint.group {
        "" => format!("/api/{}", endpoint.version),
        group => format!("/apis/{group}/{}", endpoint.version),
    };
    let collection = match endpoint.namespaced {
        true => format!("{root}/namespaces/{{namespace}}/{}", endpoint.resource),
        false => format!("{root}/{}", endpoint.resource),
    };
    let object = match endpoint.subresource {
        "" => format!("{collection}/{{name}}"),
        subresource => format!("{collection}/{{name}}/{subresource}"),
    };
    for (verb, method, prefix, action, of_collection) in
        VERBS.iter().filter(|known| endpoint.verbs.contains(&known.0))
    {
        let at = if *of_collection && endpoint.subresource.is_empty() { &collection } else { &object };
        let scope = if endpoint.namespaced { "Namespaced" } else { "" };
        let described = Operation { verb, method, prefix, action, scope, suffix: "" };
        put(dialect, endpoint, &described, at, paths);
        if *verb == "list" && endpoint.namespaced {
            let everywhere = format!("{root}/{}", endpoint.resource);
            let described = Operation { scope: "", suffix: "ForAllNamespaces", ..described };
            put(dialect, endpoint, &described, &everywhere, paths);
        }
    }
}

fn put(dialect: Dialect, endpoint: &Endpoint<'_>, described: &Operation<'_>, path: &str, paths: &mut Map) {
    let item = paths.get_or_insert_with(path, Value::object).make_object();
    item.insert(described.method, operation(dialect, endpoint, described));
    if !item.contains("parameters") {
        item.insert("parameters", parameters::common(dialect, path));
    }
}
