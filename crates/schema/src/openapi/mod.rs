//! OpenAPI documents out of the type model: v3 per group and version, v2 for everything.
//!
//! What clients need is there: definitions with their kinds, merge keys, defaults, enums, formats and descriptions, and
//! the operations of every resource. Sources: OpenAPI 2.0 and 3.0.0, KEP-2896 (OpenAPI v3).

mod definition;
mod description;
mod message;
mod operation;
mod page;
mod parameters;
mod path;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use object::{Map, Text, Value};

use crate::Schema;
pub use definition::definition;
pub use message::message;
pub use page::Page;

/// Which OpenAPI a document follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// OpenAPI 2.0, also called Swagger: references stand alone, and defaults are left out.
    V2,
    /// OpenAPI 3.0.0.
    V3,
}

/// A resource or a subresource, as the server's table of resources has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Endpoint<'a> {
    /// API group of the path; empty for core.
    pub group: &'a str,
    /// Version of the path.
    pub version: &'a str,
    /// The resource's plural name.
    pub resource: &'a str,
    /// The subresource; empty for the resource itself.
    pub subresource: &'a str,
    /// The resource's own Kind, which names the operations.
    pub resource_kind: &'a str,
    /// Group, version and Kind of what is sent and answered.
    pub kind: (&'a str, &'a str, &'a str),
    /// The definition of that Kind; empty where what is sent and answered is no object (`log`, `exec`, `proxy`).
    pub definition: &'a str,
    /// Objects live in namespaces.
    pub namespaced: bool,
    /// The API's verbs (`get`, `list`, `create`, ...).
    pub verbs: &'a [&'a str],
    /// Of a custom resource: no protobuf, no strategic merge patch.
    pub custom: bool,
}

/// Title and version of a document.
#[derive(Clone, Copy, Debug)]
pub struct Info<'a> {
    /// Such as `Kubernetes`.
    pub title: &'a str,
    /// The server's version, such as `v1.36.2`.
    pub version: &'a str,
}

/// A document of `endpoints` and `pages`. Definitions come from `custom` (name and schema; of custom resources, for instance)
/// and from `schema`, as far as something refers to them.
pub fn document(
    dialect: Dialect,
    info: Info<'_>,
    endpoints: &[Endpoint<'_>],
    pages: &[Page],
    schema: &Schema,
    custom: Vec<(Text, Value)>,
) -> Value {
    let mut paths = Map::new();
    for endpoint in endpoints {
        path::add(dialect, endpoint, &mut paths);
    }
    for page in pages {
        page.add(dialect, &mut paths);
    }
    let paths = Value::Object(paths);
    let definitions = definitions(dialect, schema, custom, &paths);
    let info = object([("title", info.title.into()), ("version", info.version.into())]);
    let security = object([
        ("type", "apiKey".into()),
        ("description", "Bearer Token authentication".into()),
        ("name", "authorization".into()),
        ("in", "header".into()),
    ]);
    let mut members = vec![("info", info), ("paths", paths)];
    match dialect {
        Dialect::V2 => members.extend([
            ("swagger", "2.0".into()),
            ("definitions", definitions),
            ("securityDefinitions", object([("BearerToken", security)])),
            ("security", vec![object([("BearerToken", Value::Array(Vec::new()))])].into()),
        ]),
        Dialect::V3 => {
            let mut components = vec![("schemas", definitions)];
            if endpoints.is_empty() || endpoints.iter().any(|endpoint| !endpoint.custom) {
                components.push(("securitySchemes", object([("BearerToken", security)])));
            }
            members.extend([("openapi", "3.0.0".into()), ("components", object(components))]);
        }
    }
    object(members)
}

/// The definitions that `paths` and `custom` need, and those that these need.
fn definitions(dialect: Dialect, schema: &Schema, custom: Vec<(Text, Value)>, paths: &Value) -> Value {
    let mut out: BTreeMap<Text, Value> = BTreeMap::new();
    let mut wanted = BTreeSet::new();
    references(paths, &mut wanted);
    for (name, value) in custom {
        references(&value, &mut wanted);
        out.insert(name, value);
    }
    while let Some(name) = wanted.pop_first() {
        if out.contains_key(&name) {
            continue;
        }
        if let Some(ty) = schema.named(&name) {
            let value = definition(dialect, ty);
            references(&value, &mut wanted);
            out.insert(name, value);
        }
    }
    Value::Object(out.into_iter().collect())
}

/// Adds the names that `value` refers to.
fn references(value: &Value, names: &mut BTreeSet<Text>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map.iter() {
                match value {
                    Value::String(text) if key == "$ref" => {
                        names.extend(text.rsplit('/').next().map(Text::from));
                    }
                    value => references(value, names),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, names)),
        _ => {}
    }
}

/// A reference to a definition.
fn reference(dialect: Dialect, name: &str) -> Value {
    let place = match dialect {
        Dialect::V2 => "#/definitions/",
        Dialect::V3 => "#/components/schemas/",
    };
    object([("$ref", format!("{place}{name}").into())])
}

fn object<'k>(members: impl IntoIterator<Item = (&'k str, Value)>) -> Value {
    Value::Object(members.into_iter().collect())
}
