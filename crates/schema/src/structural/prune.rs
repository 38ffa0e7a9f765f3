//! Pruning: what the schema does not specify is taken out.

use object::{Text, Value};
use status::Path;

use super::{Additional, Structural};

/// The keys that every object has, whatever its schema says.
pub(super) const META: [&str; 3] = ["apiVersion", "kind", "metadata"];

impl Structural {
    /// Takes out of a whole object what the schema does not specify, `metadata` left as it is. Answers the paths of
    /// what was taken (`spec.l[0].x`), sorted.
    pub fn prune(&self, object: &mut Value) -> Vec<String> {
        let mut unknown = Vec::new();
        prune(Some(self), object, true, &Path::ROOT, &mut unknown);
        unknown.sort();
        unknown
    }
}

fn prune(
    schema: Option<&Structural>,
    value: &mut Value,
    root: bool,
    path: &Path<'_>,
    unknown: &mut Vec<String>,
) {
    match (schema, value) {
        (Some(schema), value) if schema.preserve => specified(schema, value, root, path, unknown),
        (schema, Value::Object(map)) => {
            let root = root || schema.is_some_and(|schema| schema.embedded);
            let mut gone: Vec<Text> = Vec::new();
            for (key, value) in map.iter_mut() {
                let path = path.child(key);
                match (schema, schema.and_then(|schema| schema.property(key))) {
                    _ if root && META.contains(&key) => {}
                    (_, Some(property)) => prune(Some(property), value, false, &path, unknown),
                    (Some(Structural { additional: Additional::Values(values), .. }), None) => {
                        prune(Some(values), value, false, &path, unknown);
                    }
                    (Some(Structural { additional: Additional::Any, .. }), None) => {
                        prune(None, value, false, &path, unknown);
                    }
                    _ => {
                        unknown.push(path.to_string());
                        gone.push(key.into());
                    }
                }
            }
            if !gone.is_empty() {
                map.retain(|key, _| gone.binary_search_by(|name| name.as_str().cmp(key)).is_err());
            }
        }
        (None, Value::Array(items)) => unspecified(items, path, unknown, 0),
        (Some(schema), Value::Array(items)) => {
            let schema = schema.items.as_deref();
            for (index, item) in items.iter_mut().enumerate() {
                prune(schema, item, false, &path.index(index), unknown);
            }
        }
        _ => {}
    }
}

/// How deep lists within lists are looked into that no schema specifies.
const MAX_DEPTH: usize = 200;

/// Lists that no schema specifies stay, empty of what their objects hold.
fn unspecified(items: &mut [Value], path: &Path<'_>, unknown: &mut Vec<String>, depth: usize) {
    for (index, item) in items.iter_mut().enumerate() {
        let path = path.index(index);
        match item {
            Value::Array(items) if depth < MAX_DEPTH => unspecified(items, &path, unknown, depth + 1),
            Value::Object(_) => prune(None, item, false, &path, unknown),
            _ => {}
        }
    }
}

/// Within what is preserved only the parts are pruned that the schema specifies.
fn specified(schema: &Structural, value: &mut Value, root: bool, path: &Path<'_>, unknown: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            let root = root || schema.embedded;
            for (key, value) in map.iter_mut().filter(|(key, _)| !(root && META.contains(key))) {
                if let Some(child) = schema.child(key) {
                    prune(Some(child), value, false, &path.child(key), unknown);
                }
            }
        }
        Value::Array(items) => {
            let Some(schema) = schema.items.as_deref() else { return };
            for (index, item) in items.iter_mut().enumerate() {
                prune(Some(schema), item, false, &path.index(index), unknown);
            }
        }
        _ => {}
    }
}
