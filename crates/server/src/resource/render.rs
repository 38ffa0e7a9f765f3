//! Objects and lists in the representation that was asked for: as they are, as metadata alone, as a table.

use std::collections::VecDeque;
use std::sync::Arc;

use bytes::Bytes;
use object::{Value, json, scan};
use registry::{ListMeta, Resource};

use crate::body::Body;
use crate::negotiate::{Format, Output, Shape};
use crate::respond::{self, Answer};

/// The content type of an answer in `output`'s form: shapes do not show in it.
pub(super) fn content_type(output: &Output) -> &'static str {
    output.format.media_type()
}

/// One object's JSON in the shape asked for.
pub(super) fn object(object: &Bytes, output: &Output) -> Bytes {
    match output.shape {
        None => object.clone(),
        Some((Shape::Table, version)) => {
            table(std::slice::from_ref(object), version, &list_metadata(object)).into()
        }
        Some((_, version)) => partial(object, version).into(),
    }
}

/// `{"resourceVersion":...}` of a single object, which its table carries.
fn list_metadata(object: &[u8]) -> String {
    let version = scan::find(object, &["metadata", "resourceVersion"]).unwrap_or(b"\"\"");
    format!("{{\"resourceVersion\":{}}}", String::from_utf8_lossy(version))
}

/// A list's answer.
pub(super) fn list(
    resource: &Arc<Resource>,
    meta: &ListMeta,
    items: Vec<Bytes>,
    output: &Output,
    pretty: bool,
    _include: &str,
) -> Answer {
    let metadata = metadata(resource, meta);
    if let Some((Shape::Table, version)) = output.shape {
        let json = table(&items, version, &metadata);
        return respond::raw(200, content_type(output), respond::encode(json.into(), output.format, pretty));
    }
    let (api_version, kind, items) = match output.shape {
        Some((_, version)) => (
            format!("meta.k8s.io/{version}"),
            "PartialObjectMetadataList".to_owned(),
            items.iter().map(|item| Bytes::from(partial(item, version))).collect(),
        ),
        None => {
            let items = if resource.custom { items } else { items.iter().map(untyped).collect() };
            (resource.api_version(), resource.list_kind.to_string(), items)
        }
    };
    let head =
        format!("{{\"kind\":\"{kind}\",\"apiVersion\":\"{api_version}\",\"metadata\":{metadata},\"items\":[");
    let mut pieces: VecDeque<Bytes> = VecDeque::with_capacity(items.len() * 2 + 2);
    pieces.push_back(head.into());
    for (index, item) in items.into_iter().enumerate() {
        if index > 0 {
            pieces.push_back(Bytes::from_static(b","));
        }
        pieces.push_back(item);
    }
    if output.format == Format::Json && !pretty {
        pieces.push_back(Bytes::from_static(b"]}\n"));
        return respond::raw(200, content_type(output), Body::pieces(pieces));
    }
    pieces.push_back(Bytes::from_static(b"]}"));
    let whole: Vec<u8> = pieces.iter().flat_map(|piece| piece.iter().copied()).collect();
    respond::raw(200, content_type(output), respond::encode(whole.into(), output.format, pretty))
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

/// An object's PartialObjectMetadata.
fn partial(object: &[u8], version: &str) -> Vec<u8> {
    let metadata = scan::find(object, &["metadata"]).unwrap_or(b"{}");
    let head = format!(
        "{{\"kind\":\"PartialObjectMetadata\",\"apiVersion\":\"meta.k8s.io/{version}\",\"metadata\":"
    );
    [head.as_bytes(), metadata, b"}"].concat()
}

/// A table of names and ages, one row per object.
fn table(objects: &[Bytes], version: &str, metadata: &str) -> Vec<u8> {
    let columns = [("Name", "string", "name"), ("Created At", "date", "")];
    let columns = columns.map(|(name, kind, format)| {
        let mut column = Value::object();
        column.set("name", name);
        column.set("type", kind);
        column.set("format", format);
        column.set("description", "");
        column.set("priority", 0);
        column
    });
    let mut out = format!("{{\"kind\":\"Table\",\"apiVersion\":\"meta.k8s.io/{version}\",\"metadata\":{metadata},\"columnDefinitions\":")
        .into_bytes();
    json::write(&mut out, &Value::Array(columns.into()));
    out.extend_from_slice(b",\"rows\":[");
    for (index, object) in objects.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        let [name, created] =
            scan::find_all(object, [&["metadata", "name"][..], &["metadata", "creationTimestamp"][..]]);
        out.extend_from_slice(b"{\"cells\":[");
        out.extend_from_slice(name.unwrap_or(b"\"\""));
        out.push(b',');
        out.extend_from_slice(created.unwrap_or(b"null"));
        out.extend_from_slice(b"],\"object\":");
        out.extend_from_slice(&partial(object, version));
        out.push(b'}');
    }
    out.extend_from_slice(b"]}");
    out
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

    #[test]
    fn metadata_alone() {
        let partial = partial(br#"{"kind":"A","metadata":{"name":"n"},"data":{}}"#, "v1");
        let expected =
            r#"{"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1","metadata":{"name":"n"}}"#;
        assert_eq!(String::from_utf8_lossy(&partial), expected);
    }
}
