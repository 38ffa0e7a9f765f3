//! The query and path parameters of operations.

use object::Value;

use super::{Dialect, object};

/// Of lists, and of deletions of collections.
pub(super) const LIST: &[(&str, &str)] = &[
    ("allowWatchBookmarks", "boolean"),
    ("continue", "string"),
    ("fieldSelector", "string"),
    ("labelSelector", "string"),
    ("limit", "integer"),
    ("resourceVersion", "string"),
    ("resourceVersionMatch", "string"),
    ("sendInitialEvents", "boolean"),
    ("shardSelector", "string"),
    ("timeoutSeconds", "integer"),
    ("watch", "boolean"),
];

/// Of reads of custom resources; those of built-in kinds have none.
pub(super) const READ: &[(&str, &str)] = &[("resourceVersion", "string")];

/// Of creations and replacements.
pub(super) const WRITE: &[(&str, &str)] =
    &[("dryRun", "string"), ("fieldManager", "string"), ("fieldValidation", "string")];

/// Of patches.
pub(super) const PATCH: &[(&str, &str)] =
    &[("dryRun", "string"), ("fieldManager", "string"), ("fieldValidation", "string"), ("force", "boolean")];

/// Of deletions.
pub(super) const DELETE: &[(&str, &str)] = &[
    ("dryRun", "string"),
    ("gracePeriodSeconds", "integer"),
    ("ignoreStoreReadErrorWithClusterBreakingPotential", "boolean"),
    ("orphanDependents", "boolean"),
    ("propagationPolicy", "string"),
];

/// Of a pod's log.
pub(super) const LOG: &[(&str, &str)] = &[
    ("container", "string"),
    ("follow", "boolean"),
    ("insecureSkipTLSVerifyBackend", "boolean"),
    ("limitBytes", "integer"),
    ("previous", "boolean"),
    ("sinceSeconds", "integer"),
    ("stream", "string"),
    ("tailLines", "integer"),
    ("timestamps", "boolean"),
];

/// Query parameters of a table above.
pub(super) fn query(dialect: Dialect, table: &[(&str, &str)]) -> Vec<Value> {
    table.iter().map(|(name, ty)| parameter(dialect, name, "query", ty)).collect()
}

/// The parameters that every operation of a path has: those in the path, and `pretty`.
pub(super) fn common(dialect: Dialect, path: &str) -> Value {
    let mut out = Vec::new();
    for name in ["name", "namespace", "path"] {
        if path.contains(&format!("{{{name}}}")) {
            let mut parameter = parameter(dialect, name, "path", "string");
            parameter.set("required", true);
            out.push(parameter);
        }
    }
    out.push(parameter(dialect, "pretty", "query", "string"));
    out.into()
}

fn parameter(dialect: Dialect, name: &str, place: &str, ty: &str) -> Value {
    let mut out = object([("name", name.into()), ("in", place.into())]);
    let mut schema = object([("type", ty.into()), ("uniqueItems", true.into())]);
    match dialect {
        Dialect::V2 => {
            out.set("type", ty);
            out.set("uniqueItems", true);
        }
        Dialect::V3 => out.set("schema", std::mem::take(&mut schema)),
    }
    out
}
