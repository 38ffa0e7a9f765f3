//! Lists in the representation that was asked for: as they are, as metadata alone, as a table.

use std::collections::VecDeque;

use bytes::Bytes;
use meta::time::Time;
use object::scan;
use registry::{ListMeta, Resource};
use schema::protobuf::Message;
use status::{Result, Status};

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
    resource: &Resource,
    meta: ListMeta,
    items: Vec<Bytes>,
    output: &Output,
    pretty: bool,
    now: Time,
) -> Result<Answer> {
    shaper.check_list()?;
    let (head, items) = match output.shape {
        Some((Shape::Table, version)) => {
            let (format, content_type) = (output.format, content_type(output));
            let make =
                move || respond::encode(shaper.table(&meta, &items, version, now).into(), format, pretty);
            return Ok(respond::raw(200, content_type, aside(make).await?));
        }
        _ if output.format == Format::Protobuf => return Ok(protobuf_list(resource, &meta, items, output)),
        Some((_, version)) => {
            let api_version = format!("meta.k8s.io/{version}");
            let head = head("PartialObjectMetadataList", &api_version, &shape::list_metadata(&meta));
            if items.is_empty() {
                // The original's list of none is no list.
                let json = Bytes::from(head + "null}");
                let body = respond::encode(json, output.format, pretty);
                return Ok(respond::raw(200, content_type(output), body));
            }
            (head, items.iter().map(|item| Bytes::from(shape::partial(item, version))).collect())
        }
        None => {
            let items = if resource.custom { items } else { items.iter().map(untyped).collect() };
            (head(&resource.list_kind, &resource.api_version(), &metadata(resource, &meta)), items)
        }
    };
    let mut pieces: VecDeque<Bytes> = VecDeque::with_capacity(items.len() * 2 + 2);
    pieces.push_back((head + "[").into());
    for (index, item) in items.into_iter().enumerate() {
        if index > 0 {
            pieces.push_back(Bytes::from_static(b","));
        }
        pieces.push_back(item);
    }
    if output.format == Format::Json && !pretty {
        pieces.push_back(Bytes::from_static(b"]}\n"));
        return Ok(respond::raw(200, content_type(output), Body::pieces(pieces)));
    }
    pieces.push_back(Bytes::from_static(b"]}"));
    let whole: Vec<u8> = pieces.iter().flat_map(|piece| piece.iter().copied()).collect();
    Ok(respond::raw(200, content_type(output), respond::encode(whole.into(), output.format, pretty)))
}

/// A list in protobuf: of the objects' metadata, or of the objects of a built-in kind.
fn protobuf_list(resource: &Resource, meta: &ListMeta, items: Vec<Bytes>, output: &Output) -> Answer {
    let metadata = shape::list_metadata(meta);
    let pieces = match output.shape {
        Some((_, version)) => {
            let item = Message::of_kind("meta.k8s.io", "v1", "PartialObjectMetadata");
            let items: Vec<Bytes> = items.iter().map(|item| shape::partial(item, version).into()).collect();
            let api_version = format!("meta.k8s.io/{version}");
            protobuf::list(&api_version, "PartialObjectMetadataList", &metadata, item, &items)
        }
        None => {
            let item = Message::of(resource.ty.get());
            protobuf::list(&resource.api_version(), &resource.list_kind, &metadata, item, &items)
        }
    };
    respond::raw(200, content_type(output), Body::pieces(pieces.unwrap_or_default().into()))
}

fn head(kind: &str, api_version: &str, metadata: &str) -> String {
    format!("{{\"kind\":\"{kind}\",\"apiVersion\":\"{api_version}\",\"metadata\":{metadata},\"items\":")
}

/// Makes something that may take its time where that keeps nobody waiting.
async fn aside<T: Send + 'static>(make: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(make).await.map_err(Status::internal)
}

fn metadata(resource: &Resource, meta: &ListMeta) -> String {
    let mut out = format!("{{\"resourceVersion\":\"{}\"", meta.resource_version);
    if !meta.continue_token.is_empty() || resource.custom {
        out.push_str(&format!(",\"continue\":\"{}\"", meta.continue_token));
    }
    if let Some(count) = meta.remaining_item_count {
        out.push_str(&format!(",\"remainingItemCount\":{count}"));
    }
    out.push('}');
    out
}

/// An item of a built-in list, which carries no kind and version: stored objects begin with just these.
fn untyped(item: &Bytes) -> Bytes {
    let kept = scan::members(item).find(|(name, _)| !matches!(*name, b"kind" | b"apiVersion"));
    let Some((name, _)) = kept else { return Bytes::from_static(b"{}") };
    // The key's opening quote stands before its text.
    let at = name.as_ptr().addr() - item.as_ptr().addr() - 1;
    if at <= 1 {
        return item.clone();
    }
    let mut out = Vec::with_capacity(item.len() - at + 1);
    out.push(b'{');
    out.extend_from_slice(&item[at..]);
    out.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn list_items_lose_kind_and_version() {
        let item = Bytes::from_static(br#"{"kind":"A","apiVersion":"v1","metadata":{"name":"n"}}"#);
        assert_eq!(untyped(&item), Bytes::from_static(br#"{"metadata":{"name":"n"}}"#));
        let bare = Bytes::from_static(br#"{"metadata":{}}"#);
        assert_eq!(untyped(&bare), bare);
    }
}
