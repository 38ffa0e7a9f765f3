//! The paths that are no resource's: discovery, version.

use object::{Map, Value};

use super::operation::{group_name, responses_of, words};
use super::{Dialect, object};

/// A path that answers one document.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    path: String,
    tag: String,
    operation_id: String,
    definition: &'static str,
}

impl Page {
    /// The discovery page of a group's versions.
    pub fn of_group(group: &str) -> Page {
        if group.is_empty() {
            return Page {
                path: "/api/".to_owned(),
                tag: "core".to_owned(),
                operation_id: "getCoreAPIVersions".to_owned(),
                definition: "io.k8s.apimachinery.pkg.apis.meta.v1.APIVersions",
            };
        }
        Page {
            path: format!("/apis/{group}/"),
            tag: words(group_name(group), false),
            operation_id: format!("get{}APIGroup", words(group_name(group), true)),
            definition: "io.k8s.apimachinery.pkg.apis.meta.v1.APIGroup",
        }
    }

    /// The discovery page of a version's resources.
    pub fn of_version(group: &str, version: &str) -> Page {
        let name = group_name(group);
        Page {
            path: match group {
                "" => format!("/api/{version}/"),
                _ => format!("/apis/{group}/{version}/"),
            },
            tag: format!("{}_{version}", words(name, false)),
            operation_id: format!("get{}{}APIResources", words(name, true), words(version, true)),
            definition: "io.k8s.apimachinery.pkg.apis.meta.v1.APIResourceList",
        }
    }

    /// The discovery page of all groups.
    pub fn of_groups() -> Page {
        Page {
            path: "/apis/".to_owned(),
            tag: "apis".to_owned(),
            operation_id: "getAPIVersions".to_owned(),
            definition: "io.k8s.apimachinery.pkg.apis.meta.v1.APIGroupList",
        }
    }

    /// The page of the server's version.
    pub fn of_server_version() -> Page {
        Page {
            path: "/version/".to_owned(),
            tag: "version".to_owned(),
            operation_id: "getCodeVersion".to_owned(),
            definition: "io.k8s.apimachinery.pkg.version.Info",
        }
    }

    /// Adds the page to the paths of a document.
    pub(super) fn add(&self, dialect: Dialect, paths: &mut Map) {
        let media: &[&str] = match self.path.as_str() {
            "/version/" => &["application/json"],
            _ => &["application/json", "application/vnd.kubernetes.protobuf", "application/yaml"],
        };
        let mut get = object([
            ("operationId", self.operation_id.clone().into()),
            ("tags", vec![self.tag.clone().into()].into()),
            ("responses", responses_of(dialect, media, self.definition)),
        ]);
        if dialect == Dialect::V2 {
            let texts = |list: &[&str]| list.iter().map(|text| (*text).into()).collect::<Vec<Value>>();
            get.set("consumes", texts(media));
            get.set("produces", texts(media));
            get.set("schemes", texts(&["https"]));
        }
        paths.insert(self.path.as_str(), object([("get", get)]));
    }
}
