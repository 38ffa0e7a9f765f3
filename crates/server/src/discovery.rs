//! The discovery documents, made once for each catalog: per group and version, and aggregated
//! (`apidiscovery.k8s.io/v2`, KEP-3352).

use std::collections::HashMap;

use aws_lc_rs::digest;
use bytes::Bytes;
use registry::{Resource, Subresource};

use crate::catalog::{Catalog, Group, Version};
use crate::json::JsonWriter;

/// A document with the tag that names its content.
#[derive(Clone, Debug)]
pub struct Tagged {
    /// Compact JSON.
    pub json: Bytes,
    /// The quoted entity tag.
    pub etag: String,
}

impl Tagged {
    /// A document, with a digest of it as its tag.
    pub fn new(json: Bytes) -> Tagged {
        let hash = digest::digest(&digest::SHA512, &json);
        let hex: String = hash.as_ref().iter().map(|byte| format!("{byte:02X}")).collect();
        Tagged { json, etag: format!("\"{hex}\"") }
    }
}

/// All documents of one catalog, as compact JSON.
#[derive(Debug)]
pub struct Documents {
    /// `/apis`.
    pub groups: Bytes,
    /// `/apis/GROUP`.
    pub group: HashMap<String, Bytes>,
    /// `/api/VERSION` and `/apis/GROUP/VERSION`, under `GROUP/VERSION`.
    pub version: HashMap<String, Bytes>,
    /// `/api`, aggregated.
    pub aggregated_core: Tagged,
    /// `/apis`, aggregated.
    pub aggregated_groups: Tagged,
}

impl Documents {
    /// The documents of `catalog`.
    pub fn new(catalog: &Catalog) -> Documents {
        let named = || catalog.groups().iter().filter(|group| !group.name.is_empty());
        Documents {
            groups: JsonWriter::document(|json| {
                type_meta(json, "APIGroupList", "v1");
                json.list("groups", named(), |json, group| json.object(|json| group_fields(json, group)));
            })
            .into(),
            group: named().map(|group| (group.name.clone(), group_document(group))).collect(),
            version: catalog
                .groups()
                .iter()
                .flat_map(|group| group.versions.iter().map(move |version| (group, version)))
                .map(|(group, version)| {
                    (format!("{}/{}", group.name, version.name), version_document(catalog, group, version))
                })
                .collect(),
            aggregated_core: aggregated(catalog.groups().iter().filter(|group| group.name.is_empty())),
            aggregated_groups: aggregated(named()),
        }
    }
}

/// `/api`: the core group's versions, and where the server is reached.
pub fn core_versions(address: &str) -> String {
    JsonWriter::document(|json| {
        json.text("kind", "APIVersions");
        json.texts("versions", ["v1"]);
        json.list("serverAddressByClientCIDRs", [()], |json, ()| {
            json.object(|json| {
                json.text("clientCIDR", "0.0.0.0/0");
                json.text("serverAddress", address);
            });
        });
    })
}

fn type_meta(json: &mut JsonWriter, kind: &str, api_version: &str) {
    json.text("kind", kind);
    json.text("apiVersion", api_version);
}

fn group_version(group: &str, version: &str) -> String {
    if group.is_empty() { version.to_owned() } else { format!("{group}/{version}") }
}

fn group_document(group: &Group) -> Bytes {
    JsonWriter::document(|json| {
        type_meta(json, "APIGroup", "v1");
        group_fields(json, group);
    })
    .into()
}

fn group_fields(json: &mut JsonWriter, group: &Group) {
    let version_fields = |json: &mut JsonWriter, version: &Version| {
        json.text("groupVersion", &group_version(&group.name, &version.name));
        json.text("version", &version.name);
    };
    json.text("name", &group.name);
    json.list("versions", &group.versions, |json, version| json.object(|json| version_fields(json, version)));
    if let Some(preferred) = group.versions.first() {
        json.object_field("preferredVersion", |json| version_fields(json, preferred));
    }
}

fn version_document(catalog: &Catalog, group: &Group, version: &Version) -> Bytes {
    JsonWriter::document(|json| {
        json.text("kind", "APIResourceList");
        if !group.name.is_empty() {
            json.text("apiVersion", "v1");
        }
        json.text("groupVersion", &group_version(&group.name, &version.name));
        json.list(
            "resources",
            version.resources.iter().flat_map(|resource| with_subresources(resource)),
            |json, (resource, subresource)| {
                json.object(|json| match subresource {
                    None => resource_fields(json, catalog, resource),
                    Some(subresource) => subresource_fields(json, resource, subresource),
                });
            },
        );
    })
    .into()
}

/// The resource, then its subresources sorted by name.
fn with_subresources(resource: &Resource) -> impl Iterator<Item = (&Resource, Option<&Subresource>)> {
    std::iter::once(None).chain(sorted(resource).into_iter().map(Some)).map(move |sub| (resource, sub))
}

fn sorted(resource: &Resource) -> Vec<&Subresource> {
    let mut subresources: Vec<&Subresource> =
        resource.subresources.iter().map(|subresource| subresource.as_ref()).collect();
    subresources.sort_by(|a, b| a.name.cmp(&b.name));
    subresources
}

fn resource_fields(json: &mut JsonWriter, catalog: &Catalog, resource: &Resource) {
    json.text("name", &resource.resource);
    json.text("singularName", &resource.singular);
    json.bool("namespaced", resource.namespaced);
    json.text("kind", &resource.kind);
    json.texts("verbs", resource.verbs.iter().map(|verb| verb.as_str()));
    json.texts_if("shortNames", &resource.short_names);
    json.texts_if("categories", &resource.categories);
    if let Some((group, version)) = catalog.storage_version(resource) {
        json.text("storageVersionHash", &storage_version_hash(group, version, &resource.kind));
    }
}

fn subresource_fields(json: &mut JsonWriter, resource: &Resource, subresource: &Subresource) {
    let (group, version, kind) = response_kind(resource, subresource);
    json.text("name", &format!("{}/{}", resource.resource, subresource.name));
    json.text("singularName", "");
    json.bool("namespaced", resource.namespaced);
    json.text_if("group", group);
    json.text_if("version", version);
    json.text("kind", kind);
    json.texts("verbs", subresource.verbs.iter().map(|verb| verb.as_str()));
}

/// A subresource's group, version and kind; group and version are empty where they are the parent's.
fn response_kind<'a>(resource: &'a Resource, subresource: &'a Subresource) -> (&'a str, &'a str, &'a str) {
    let (group, version, kind) = &subresource.kind;
    if (group, version) == (&resource.group, &resource.version) {
        ("", "", kind)
    } else {
        (group, version, kind)
    }
}

/// The first eight bytes of a digest of the stored kind, in base64: it changes when the storage version does.
fn storage_version_hash(group: &str, version: &str, kind: &str) -> String {
    let hash = digest::digest(&digest::SHA256, format!("{group}/{version}/{kind}").as_bytes());
    base64(&hash.as_ref()[..8])
}

fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for group in bytes.chunks(3) {
        let byte = |index: usize| u32::from(group.get(index).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            let digit = ALPHABET[(bits >> (18 - 6 * place) & 63) as usize] as char;
            out.push(if place <= group.len() { digit } else { '=' });
        }
    }
    out
}

fn aggregated<'a>(groups: impl Iterator<Item = &'a Group>) -> Tagged {
    let json = JsonWriter::document(|json| {
        type_meta(json, "APIGroupDiscoveryList", "apidiscovery.k8s.io/v2");
        json.object_field("metadata", |_| {});
        json.list("items", groups, |json, group| {
            json.object(|json| {
                json.object_field("metadata", |json| json.text_if("name", &group.name));
                json.list("versions", &group.versions, |json, version| {
                    json.object(|json| aggregated_version(json, version));
                });
            });
        });
    });
    Tagged::new(json.into())
}

fn aggregated_version(json: &mut JsonWriter, version: &Version) {
    json.text("version", &version.name);
    json.list("resources", &version.resources, |json, resource| {
        json.object(|json| aggregated_resource(json, resource));
    });
    json.text("freshness", "Current");
}

fn aggregated_resource(json: &mut JsonWriter, resource: &Resource) {
    json.text("resource", &resource.resource);
    kind_field(json, ("", "", &resource.kind));
    json.text("scope", if resource.namespaced { "Namespaced" } else { "Cluster" });
    json.text("singularResource", &resource.singular);
    json.texts("verbs", resource.verbs.iter().map(|verb| verb.as_str()));
    json.texts_if("shortNames", &resource.short_names);
    json.texts_if("categories", &resource.categories);
    if !resource.subresources.is_empty() {
        json.list("subresources", sorted(resource), |json, subresource| {
            json.object(|json| {
                json.text("subresource", &subresource.name);
                kind_field(json, response_kind(resource, subresource));
                json.texts("verbs", subresource.verbs.iter().map(|verb| verb.as_str()));
            });
        });
    }
}

fn kind_field(json: &mut JsonWriter, (group, version, kind): (&str, &str, &str)) {
    json.object_field("responseKind", |json| {
        json.text("group", group);
        json.text("version", version);
        json.text("kind", kind);
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_names_the_stored_kind() {
        assert_eq!(storage_version_hash("", "v1", "ConfigMap"), "qFsyl6wFWjQ=");
        assert_eq!(storage_version_hash("coordination.k8s.io", "v1", "Lease"), "gqkMMb/YqFM=");
    }
}
