//! `/openapi/v2` and `/openapi/v3`: documents of what a catalog serves, made when they are first asked for and kept.
//!
//! Sources: kube-apiserver's handlers (negotiation, tags, redirects of outdated hashes); KEP-2896.

mod answer;
mod endpoints;

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use aws_lc_rs::digest;
use bytes::Bytes;
use object::Value;
use schema::openapi::{self, Dialect, Info, Page};

use crate::api::Served;
use crate::catalog::Catalog;
use crate::json::JsonWriter;
use crate::version;

pub(crate) use answer::answer;

/// A document, and the digest of its content.
#[derive(Debug)]
pub(crate) struct Document {
    /// Compact JSON.
    json: Bytes,
    /// The same as protobuf, once somebody asked for it.
    protobuf: OnceLock<Bytes>,
    /// SHA-512 in upper-case hexadecimal: the entity tag, and the hash in the index.
    hash: String,
}

impl Document {
    fn new(json: Vec<u8>) -> Document {
        let digest = digest::digest(&digest::SHA512, &json);
        let hash = digest.as_ref().iter().map(|byte| format!("{byte:02X}")).collect();
        Document { json: json.into(), protobuf: OnceLock::new(), hash }
    }
}

impl Document {
    fn encoded(&self, dialect: Dialect, encoding: Encoding) -> Bytes {
        match encoding {
            Encoding::Json => self.json.clone(),
            Encoding::Protobuf => self.protobuf.get_or_init(|| self.to_protobuf(dialect)).clone(),
        }
    }

    fn to_protobuf(&self, dialect: Dialect) -> Bytes {
        let document = object::json::parse(&self.json).unwrap_or(Value::Null);
        openapi::message(dialect, &document).into()
    }
}

/// What a document is sent as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Encoding {
    Json,
    /// gnostic's messages.
    Protobuf,
}

/// What a part of `/openapi/v3` describes.
#[derive(Clone, Debug)]
enum Part {
    /// One page.
    Page(Page),
    /// A version of a group.
    Version(String, String),
}

/// The documents of one catalog.
#[derive(Debug)]
pub(crate) struct OpenApi {
    v2: OnceLock<Document>,
    index: OnceLock<Document>,
    /// Under what follows `/openapi/v3/`, such as `apis/apps/v1`.
    parts: BTreeMap<String, (Part, OnceLock<Document>)>,
}

impl OpenApi {
    /// Of `catalog`; nothing is made yet.
    pub(crate) fn new(catalog: &Catalog) -> OpenApi {
        let mut parts = vec![
            ("apis".to_owned(), Part::Page(Page::of_groups())),
            ("version".to_owned(), Part::Page(Page::of_server_version())),
        ];
        for group in catalog.groups() {
            let root = match group.name.as_str() {
                "" => "api".to_owned(),
                name => format!("apis/{name}"),
            };
            for version in &group.versions {
                let part = Part::Version(group.name.clone(), version.name.clone());
                parts.push((format!("{root}/{}", version.name), part));
            }
            // Groups of custom resources alone have no document of their own.
            if group.versions.iter().flat_map(|version| &version.resources).any(|resource| !resource.custom) {
                parts.push((root, Part::Page(Page::of_group(&group.name))));
            }
        }
        let parts = parts.into_iter().map(|(path, part)| (path, (part, OnceLock::new())));
        OpenApi { v2: OnceLock::new(), index: OnceLock::new(), parts: parts.collect() }
    }

    fn v2(&self, catalog: &Catalog) -> &Document {
        self.v2.get_or_init(|| {
            let groups = catalog.groups();
            let mut pages = vec![Page::of_groups(), Page::of_server_version()];
            pages.extend(groups.iter().map(|group| Page::of_group(&group.name)));
            pages.extend(groups.iter().flat_map(|group| {
                group.versions.iter().map(|version| Page::of_version(&group.name, &version.name))
            }));
            let resources = groups.iter().flat_map(|group| &group.versions).flat_map(|one| &one.resources);
            let resources: Vec<_> = resources.cloned().collect();
            endpoints::describe(Dialect::V2, &resources, |endpoints, custom| {
                document(Dialect::V2, false, endpoints, &pages, custom)
            })
        })
    }

    /// A part of v3, if there is one at `path`.
    fn part(&self, catalog: &Catalog, path: &str) -> Option<&Document> {
        let (part, made) = self.parts.get(path)?;
        Some(made.get_or_init(|| match part {
            Part::Page(page) => document(Dialect::V3, false, &[], std::slice::from_ref(page), Vec::new()),
            Part::Version(group, version) => version_document(catalog, group, version),
        }))
    }

    /// The index of v3: where each part is, with the hash of its content.
    fn index(&self, catalog: &Catalog) -> &Document {
        self.index.get_or_init(|| {
            let index = JsonWriter::document(|json| {
                json.object_field("paths", |json| {
                    for path in self.parts.keys() {
                        let hash = self.part(catalog, path).map_or("", |part| &part.hash);
                        json.object_field(path, |json| json.text("serverRelativeURL", &url_of(path, hash)));
                    }
                });
            });
            Document::new(index.into_bytes())
        })
    }
}

/// Where a part is found for as long as its content stays the same.
fn url_of(path: &str, hash: &str) -> String {
    format!("/openapi/v3/{path}?hash={hash}")
}

fn version_document(catalog: &Catalog, group: &str, version: &str) -> Document {
    let found = catalog.group(group).into_iter().flat_map(|group| &group.versions);
    let resources = found.filter(|one| one.name == version).flat_map(|one| &one.resources);
    let resources: Vec<_> = resources.cloned().collect();
    let custom = !resources.is_empty() && resources.iter().all(|resource| resource.custom);
    let pages = if custom { Vec::new() } else { vec![Page::of_version(group, version)] };
    endpoints::describe(Dialect::V3, &resources, |endpoints, definitions| {
        document(Dialect::V3, custom, endpoints, &pages, definitions)
    })
}

fn document(
    dialect: Dialect,
    custom: bool,
    endpoints: &[openapi::Endpoint<'_>],
    pages: &[Page],
    definitions: Vec<(object::Text, Value)>,
) -> Document {
    let info = match custom {
        true => Info { title: "Kubernetes CRD Swagger", version: "v0.1.0" },
        false => Info { title: "Kubernetes", version: version::KUBERNETES },
    };
    let made = openapi::document(dialect, info, endpoints, pages, &schema::builtin(), definitions);
    Document::new(object::json::to_vec(&made))
}

/// What is asked of the documents: they are found, and made if need be, on a thread of their own.
async fn find(served: Arc<Served>, wanted: Wanted, encoding: Encoding) -> Option<(Bytes, String)> {
    let found = tokio::task::spawn_blocking(move || {
        let (openapi, catalog) = (&served.openapi, &served.catalog);
        let document = match &wanted {
            Wanted::V2 => Some(openapi.v2(catalog)),
            Wanted::Index => Some(openapi.index(catalog)),
            Wanted::Part(path) => openapi.part(catalog, path),
        };
        let dialect = if wanted == Wanted::V2 { Dialect::V2 } else { Dialect::V3 };
        document.map(|document| (document.encoded(dialect, encoding), document.hash.clone()))
    });
    found.await.ok().flatten()
}

/// Which document.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Wanted {
    V2,
    Index,
    Part(String),
}
