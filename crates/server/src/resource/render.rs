//! Lists in the representation that was asked for: as they are, as metadata alone, as a table.

use std::sync::Arc;

use bytes::Bytes;
use meta::time::Time;
use registry::{Item, ListMeta, Resource};
use schema::protobuf::Message;
use status::{Result, Status};

use super::plain_list;
use super::shape::{self, Shaper};
use crate::body::Body;
use crate::negotiate::{Format, Output, Shape};
use crate::protobuf;
use crate::respond::{self, Answer};

/// The content type of an answer in `output`'s form: shapes do not show in it.
pub(super) fn content_type(output: &Output) -> &'static str {
    output.format.media_type()
}

/// The content type of a stream of events.
pub(super) fn stream_type(format: Format) -> &'static str {
    match format {
        Format::Protobuf => "application/vnd.kubernetes.protobuf;stream=watch",
        format => format.media_type(),
    }
}

/// An event of a watch whose object is `json`; empty if it can't be written.
pub(super) fn event(event_type: &str, json: &[u8], format: Format) -> Bytes {
    match format {
        Format::Protobuf => protobuf::watch_frame(event_type, json).unwrap_or_default(),
        _ => [b"{\"type\":\"", event_type.as_bytes(), b"\",\"object\":", json, b"}\n"].concat().into(),
    }
}

/// A list's answer.
///
/// Fails with 406 if a single object's shape was asked for.
pub(super) async fn list(
    shaper: Shaper,
    resource: Arc<Resource>,
    meta: ListMeta,
    items: Vec<Item>,
    output: &Output,
    pretty: bool,
    now: Time,
) -> Result<Answer> {
    shaper.check_list()?;
    let (format, shape, content_type) = (output.format, output.shape, content_type(output));
    let body = match shape {
        None if format == Format::Json && !pretty => plain_list::body(&resource, &meta, items),
        _ if format == Format::Protobuf && !matches!(shape, Some((Shape::Table, _))) => {
            aside(move || protobuf_list(&resource, &meta, &items, shape)).await?
        }
        _ => {
            let whole = move || match shape {
                Some((Shape::Table, version)) => shaper.table(&meta, &items, version, now),
                Some((_, version)) => partial_list(&meta, &items, version),
                None => plain_list::whole(&resource, &meta, items),
            };
            aside(move || respond::encode(whole().into(), format, pretty)).await?.into()
        }
    };
    Ok(respond::raw(200, content_type, body))
}

/// A list of the objects' metadata.
fn partial_list(meta: &ListMeta, items: &[Item], version: &str) -> Vec<u8> {
    let api_version = format!("meta.k8s.io/{version}");
    let mut out = head("PartialObjectMetadataList", &api_version, &shape::list_metadata(meta)).into_bytes();
    if items.is_empty() {
        // The original's list of none is no list.
        out.extend_from_slice(b"null}");
        return out;
    }
    for (index, item) in items.iter().enumerate() {
        out.push(if index > 0 { b',' } else { b'[' });
        shape::write_partial(&item.json(), version, &mut out);
    }
    out.extend_from_slice(b"]}");
    out
}

/// A list in protobuf: of the objects' metadata, or of the objects of a built-in kind.
fn protobuf_list(
    resource: &Resource,
    meta: &ListMeta,
    items: &[Item],
    shape: Option<(Shape, &'static str)>,
) -> Body {
    let metadata = shape::list_metadata(meta);
    let pieces = match shape {
        Some((_, version)) => {
            let item = Message::of_kind("meta.k8s.io", "v1", "PartialObjectMetadata");
            let items = items.iter().map(|item| shape::partial(&item.json(), version).into());
            let api_version = format!("meta.k8s.io/{version}");
            protobuf::list(&api_version, "PartialObjectMetadataList", &metadata, item, items)
        }
        None => {
            let item = Message::of(resource.ty.get());
            let items = items.iter().map(Item::json);
            protobuf::list(&resource.api_version(), &resource.list_kind, &metadata, item, items)
        }
    };
    Body::pieces(pieces.unwrap_or_default().into())
}

pub(super) fn head(kind: &str, api_version: &str, metadata: &str) -> String {
    format!("{{\"kind\":\"{kind}\",\"apiVersion\":\"{api_version}\",\"metadata\":{metadata},\"items\":")
}

/// Makes something that may take its time where that keeps nobody waiting.
async fn aside<T: Send + 'static>(make: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(make).await.map_err(Status::internal)
}
