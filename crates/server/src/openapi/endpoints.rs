//! Resources of a catalog as the generator of documents knows them.

use std::sync::Arc;

use object::{Text, Value};
use registry::{Resource, Subresource, SubresourceAction};
use schema::openapi::{Dialect, Endpoint};

const SCALE: &str = "io.k8s.api.autoscaling.v1.Scale";

/// Calls `make` with the endpoints of `resources`, and the definitions that no built-in type has.
pub(super) fn describe<T>(
    dialect: Dialect,
    resources: &[Arc<Resource>],
    make: impl FnOnce(&[Endpoint<'_>], Vec<(Text, Value)>) -> T,
) -> T {
    let described: Vec<Described<'_>> = resources.iter().flat_map(|resource| of(resource)).collect();
    let endpoints: Vec<Endpoint<'_>> = described.iter().map(Described::endpoint).collect();
    let custom = resources.iter().filter(|resource| resource.custom);
    make(&endpoints, custom.flat_map(|resource| definitions(dialect, resource)).collect())
}

/// An endpoint with the texts that are made for it.
struct Described<'a> {
    resource: &'a Resource,
    subresource: String,
    kind: (&'a str, &'a str, &'a str),
    definition: String,
    verbs: Vec<&'static str>,
}

impl Described<'_> {
    fn endpoint(&self) -> Endpoint<'_> {
        Endpoint {
            group: &self.resource.group,
            version: &self.resource.version,
            resource: &self.resource.resource,
            subresource: &self.subresource,
            resource_kind: &self.resource.kind,
            kind: self.kind,
            definition: &self.definition,
            namespaced: self.resource.namespaced,
            verbs: &self.verbs,
            custom: self.resource.custom,
        }
    }
}

/// The resource, its subresources, and what is below those that are proxied to.
fn of(resource: &Resource) -> Vec<Described<'_>> {
    let mut all = vec![Described {
        resource,
        subresource: String::new(),
        kind: (&resource.group, &resource.version, &resource.kind),
        definition: definition(resource),
        verbs: resource.verbs.iter().map(|verb| verb.as_str()).collect(),
    }];
    for subresource in &resource.subresources {
        all.push(of_subresource(resource, subresource, subresource.name.to_string()));
        if subresource.name == "proxy" {
            all.push(of_subresource(resource, subresource, "proxy/{path}".to_owned()));
        }
    }
    all
}

fn of_subresource<'a>(resource: &'a Resource, subresource: &'a Subresource, path: String) -> Described<'a> {
    let (group, version, kind) = &subresource.kind;
    Described {
        resource,
        subresource: path,
        kind: (group, version, kind),
        definition: match &subresource.action {
            SubresourceAction::Object(_) => definition(resource),
            SubresourceAction::Scale(_) => SCALE.to_owned(),
            SubresourceAction::Create => {
                subresource.ty.as_ref().map_or(String::new(), |ty| ty.get().ty().name.to_string())
            }
            SubresourceAction::Connect => String::new(),
        },
        verbs: subresource.verbs.iter().map(|verb| verb.as_str()).collect(),
    }
}

/// The name of the definition of a resource's objects: of a custom one, its group backwards, version and kind.
fn definition(resource: &Resource) -> String {
    if !resource.custom {
        return resource.ty.get().ty().name.to_string();
    }
    let mut parts: Vec<&str> = resource.group.split('.').rev().collect();
    parts.extend([resource.version.as_str(), resource.kind.as_str()]);
    parts.join(".")
}

/// The definitions of a custom resource's objects and lists.
fn definitions(dialect: Dialect, resource: &Resource) -> [(Text, Value); 2] {
    let name = definition(resource);
    let place = match dialect {
        Dialect::V2 => "#/definitions/",
        Dialect::V3 => "#/components/schemas/",
    };
    let mut object = Value::object();
    object.set("type", "object");
    object.set("x-kubernetes-preserve-unknown-fields", true);
    object.set("x-kubernetes-group-version-kind", vec![kind(resource, &resource.kind)]);
    let mut items = Value::object();
    let mut reference = Value::object();
    reference.set("$ref", format!("{place}{name}"));
    items.set("type", "array");
    items.set("items", reference);
    let mut list = Value::object();
    list.set("type", "object");
    list.set("required", vec![Value::from("items")]);
    list.object_at("properties").insert("items", items);
    list.set("x-kubernetes-group-version-kind", vec![kind(resource, &resource.list_kind)]);
    [(name.as_str().into(), object), (format!("{name}List").into(), list)]
}

fn kind(resource: &Resource, kind: &str) -> Value {
    let mut value = Value::object();
    value.set("group", resource.group.clone());
    value.set("kind", kind);
    value.set("version", resource.version.clone());
    value
}
