//! Other shapes of an object: its metadata alone, or a row of a table.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use bytes::Bytes;
use meta::time::Time;
use object::scan;
use registry::{Columns, Item, ListMeta, Request, Resource};
use status::{FieldError, Path, Reason, Result, Status};

use crate::negotiate::{Format, Output, Shape};

/// What of each object its row carries (`includeObject`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
enum Include {
    #[default]
    Metadata,
    Object,
    None,
}

impl Include {
    fn parse(word: &str) -> Result<Include> {
        match word {
            "" | "Metadata" => Ok(Include::Metadata),
            "Object" => Ok(Include::Object),
            "None" => Ok(Include::None),
            other => {
                let detail = "must be 'Metadata', 'Object', 'None', or empty";
                let error = FieldError::invalid(&Path::new("includeObject"), other, detail);
                let message = error.message();
                Err(Status::bad_request(format!("Unable to convert to Table as requested: {message}")))
            }
        }
    }
}

/// Makes what a client asked for of objects' JSON.
#[derive(Clone)]
pub(super) struct Shaper {
    resource: Arc<Resource>,
    columns: Columns,
    /// The kind of what is shown: the subresource's, if there is one.
    kind: String,
    shape: Option<(Shape, &'static str)>,
    /// The encoding that what it makes is to be put in.
    pub(super) format: Format,
    include: Include,
}

impl Shaper {
    /// Of what the request is answered with.
    ///
    /// Fails with 400 if a table is wanted and `include_object` is no known word.
    pub(super) fn new(request: &Request, output: &Output, include_object: &str) -> Result<Shaper> {
        let table = matches!(output.shape, Some((Shape::Table, _)));
        let kind = match &request.subresource {
            Some(subresource) => go_type(&subresource.kind.0, &subresource.kind.2),
            None => go_type(&request.resource.group, &request.resource.kind),
        };
        Ok(Shaper {
            resource: Arc::clone(&request.resource),
            columns: request.columns().unwrap_or(&Columns::DEFAULT).clone(),
            kind,
            shape: output.shape,
            format: output.format,
            include: if table { Include::parse(include_object)? } else { Include::default() },
        })
    }

    /// Whether objects are sent as they are.
    pub(super) fn plain(&self) -> bool {
        self.shape.is_none() && self.format == Format::Json
    }

    /// A number for the frames of a watch that are alike.
    pub(super) fn encoding(&self, definitions: bool) -> u64 {
        let mut hasher = DefaultHasher::new();
        (&self.resource.group, &self.resource.version, self.shape, self.format).hash(&mut hasher);
        if matches!(self.shape, Some((Shape::Table, _))) {
            (self.include, self.columns.fingerprint(), definitions).hash(&mut hasher);
        }
        hasher.finish()
    }

    /// An object.
    ///
    /// Fails if a list is wanted.
    pub(super) fn object(&self, json: Bytes, now: Time) -> Result<Bytes> {
        match self.shape {
            None => Ok(json),
            Some(_) if scan::find(&json, &["kind"]) == Some(b"\"Status\"") => Ok(json),
            Some((Shape::Table, version)) => Ok(self.event(&json, version, true, now).into()),
            Some((Shape::PartialObjectMetadata, version)) => Ok(partial(&json, version).into()),
            Some(_) if self.resource.custom => Err(Status::unknown("content is not a list")),
            Some(_) => Err(not_acceptable("List, but the requested object is not", &self.kind)),
        }
    }

    /// The object of a watch event; only the first of a watch has the columns' definitions. Nothing if the shape is
    /// that of a list, which ends a watch.
    pub(super) fn watched(&self, json: Bytes, definitions: bool, now: Time) -> Option<Bytes> {
        match self.shape {
            Some((Shape::Table, version)) => Some(self.event(&json, version, definitions, now).into()),
            _ => self.object(json, now).ok(),
        }
    }

    /// The table of one object.
    fn event(&self, json: &[u8], version: &str, definitions: bool, now: Time) -> Vec<u8> {
        let mut metadata = String::from("{}");
        if let Some(revision) = scan::find(json, &["metadata", "resourceVersion"]) {
            metadata = format!("{{\"resourceVersion\":{}}}", String::from_utf8_lossy(revision));
        }
        let mut out = Vec::with_capacity(json.len() + 1024);
        self.table_head(&metadata, version, definitions, &mut out);
        out.push(b'[');
        self.row(json, version, now, &mut out);
        out.extend_from_slice(b"]}");
        out
    }

    /// The table of a list's items.
    pub(super) fn table(&self, meta: &ListMeta, items: &[Item], version: &str, now: Time) -> Vec<u8> {
        const ROW: usize = 1024;
        let mut out = Vec::with_capacity((items.len() + 2) * ROW);
        self.table_head(&list_metadata(meta), version, true, &mut out);
        if items.is_empty() && self.columns.is_default() {
            out.extend_from_slice(b"null}");
            return out;
        }
        out.push(b'[');
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                out.push(b',');
            }
            self.row(&item.json(), version, now, &mut out);
        }
        out.extend_from_slice(b"]}");
        out
    }

    fn table_head(&self, metadata: &str, version: &str, definitions: bool, out: &mut Vec<u8>) {
        let head = format!(
            "{{\"kind\":\"Table\",\"apiVersion\":\"meta.k8s.io/{version}\",\"metadata\":{metadata},\
             \"columnDefinitions\":"
        );
        out.extend_from_slice(head.as_bytes());
        if definitions {
            self.columns.write_definitions(out);
        } else {
            out.extend_from_slice(b"null");
        }
        out.extend_from_slice(b",\"rows\":");
    }

    fn row(&self, json: &[u8], version: &str, now: Time, out: &mut Vec<u8>) {
        out.push(b'{');
        self.columns.write_row_of(&self.resource, json, now, out);
        out.extend_from_slice(b",\"object\":");
        match self.include {
            Include::Metadata => write_partial(json, version, out),
            Include::Object => out.extend_from_slice(json),
            Include::None => out.extend_from_slice(b"null"),
        }
        out.push(b'}');
    }

    /// 406, if one object's metadata is asked of a list.
    pub(super) fn check_list(&self) -> Result<()> {
        match self.shape {
            Some((Shape::PartialObjectMetadata, _)) => {
                let list = if self.resource.custom {
                    "unstructured.UnstructuredList".to_owned()
                } else {
                    go_type(&self.resource.group, &self.resource.list_kind)
                };
                Err(not_acceptable(", but the requested object is", &list))
            }
            _ => Ok(()),
        }
    }
}

/// 406 of an object that has no such shape.
fn not_acceptable(because: &str, go_type: &str) -> Box<Status> {
    let message = format!("you requested PartialObjectMetadata{because} a list (*{go_type})");
    Status::failure(Reason::NotAcceptable, message)
}

/// `metadata` of a list that is shown in another shape.
pub(super) fn list_metadata(meta: &ListMeta) -> String {
    let mut out = format!("{{\"resourceVersion\":\"{}\"", meta.resource_version);
    if !meta.continue_token.is_empty() {
        out.push_str(&format!(",\"continue\":\"{}\"", meta.continue_token));
    }
    if let Some(count) = meta.remaining_item_count {
        out.push_str(&format!(",\"remainingItemCount\":{count}"));
    }
    out.push('}');
    out
}

/// An object's PartialObjectMetadata.
pub(super) fn partial(json: &[u8], version: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(1024);
    write_partial(json, version, &mut out);
    out
}

/// Appends the object's metadata as an object of its own.
pub(super) fn write_partial(json: &[u8], version: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(b"{\"kind\":\"PartialObjectMetadata\",\"apiVersion\":\"meta.k8s.io/");
    out.extend_from_slice(version.as_bytes());
    out.extend_from_slice(b"\",\"metadata\":");
    out.extend_from_slice(scan::find(json, &["metadata"]).unwrap_or(b"{}"));
    out.push(b'}');
}

/// The original's name of a kind's internal type, which shows in its messages.
fn go_type(group: &str, kind: &str) -> String {
    let package = match group {
        "" | "events.k8s.io" => "core",
        "internal.apiserver.k8s.io" => "apiserverinternal",
        group => group.split('.').next().unwrap_or(group),
    };
    format!("{package}.{kind}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata_alone() {
        let partial = partial(br#"{"kind":"A","metadata":{"name":"n"},"data":{}}"#, "v1");
        let expected =
            r#"{"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1","metadata":{"name":"n"}}"#;
        assert_eq!(String::from_utf8_lossy(&partial), expected);
    }

    #[test]
    fn types_are_named_as_in_go() {
        for (group, kind, name) in [
            ("", "Pod", "core.Pod"),
            ("events.k8s.io", "EventList", "core.EventList"),
            ("rbac.authorization.k8s.io", "Role", "rbac.Role"),
            ("apps", "Deployment", "apps.Deployment"),
        ] {
            assert_eq!(go_type(group, kind), name);
        }
    }

    #[test]
    fn what_a_row_carries_is_checked() {
        assert!(Include::parse("None").is_ok());
        let refusal = Include::parse("none").map_err(|status| (status.code, status.message.clone()));
        let message = "Unable to convert to Table as requested: includeObject: Invalid value: \"none\": must be \
                       'Metadata', 'Object', 'None', or empty";
        assert_eq!(refusal, Err((400, message.to_owned())));
    }
}
