//! Answers in protobuf, made of the JSON that they are in any other encoding.

use bytes::Bytes;
use object::{Value, json};
use schema::protobuf::{self, Message};

/// A document of JSON in protobuf; nothing if it is of no built-in kind.
pub fn document(json: &[u8]) -> Option<Bytes> {
    let value = json::parse(json).ok()?;
    let (api_version, kind) = (value.str_at(["apiVersion"]), value.str_at(["kind"]));
    Some(message(api_version, kind)?.encode_document(api_version, kind, &value).into())
}

/// The message of a built-in kind.
fn message(api_version: &str, kind: &str) -> Option<Message> {
    match api_version.rsplit_once('/').unwrap_or(("", api_version)) {
        // The oldest discovery documents do not say theirs.
        ("", "") => Message::of_kind("", "v1", kind),
        // The older version of these kinds has the same messages.
        ("meta.k8s.io", _) => Message::of_kind("meta.k8s.io", "v1", kind),
        (group, version) => Message::of_kind(group, version, kind),
    }
}

/// A list in pieces; `metadata` and `items` are JSON. Nothing if the items are of no built-in type.
pub fn list(
    api_version: &str,
    kind: &str,
    metadata: &str,
    item: Option<Message>,
    items: impl ExactSizeIterator<Item = Bytes>,
) -> Option<Vec<Bytes>> {
    let item = item?;
    let list_meta = Message::of(schema::builtin().named(LIST_META)?)?;
    let metadata = list_meta.encode(&json::parse(metadata.as_bytes()).ok()?);
    let mut pieces = Vec::with_capacity(items.len() + 2);
    pieces.push(Bytes::new());
    for json in items {
        let value = json::parse(&json).unwrap_or(Value::Null);
        pieces.push(item.encode_item(&value).into());
    }
    let length = pieces.iter().map(Bytes::len).sum();
    let (head, tail) = protobuf::list(api_version, kind, &metadata, length);
    pieces[0] = head.into();
    pieces.push(tail.into());
    Some(pieces)
}

const LIST_META: &str = "io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta";

/// An event of a watch; `object` is JSON. Nothing if it is of no built-in kind.
pub fn watch_frame(event_type: &str, object: &[u8]) -> Option<Bytes> {
    Some(protobuf::watch_frame(event_type, &document(object)?).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_in_pieces_is_a_list_in_one() {
        let items = [
            Bytes::from_static(br#"{"metadata":{"name":"a"},"data":{"k":"v"}}"#),
            Bytes::from_static(br#"{"metadata":{"name":"b"}}"#),
        ];
        let metadata = r#"{"resourceVersion":"7","continue":"c"}"#;
        let item = Message::of_kind("", "v1", "ConfigMap");
        let pieces =
            list("v1", "ConfigMapList", metadata, item, items.iter().cloned()).expect("a built-in kind");
        let whole = format!(
            r#"{{"kind":"ConfigMapList","apiVersion":"v1","metadata":{metadata},"items":[{},{}]}}"#,
            String::from_utf8_lossy(&items[0]),
            String::from_utf8_lossy(&items[1])
        );
        assert_eq!(pieces.concat(), document(whole.as_bytes()).expect("a built-in kind"));
    }

    #[test]
    fn what_is_no_kind_has_no_protobuf() {
        assert_eq!(document(br#"{"kind":"Widget","apiVersion":"example.com/v1"}"#), None);
        assert_eq!(document(b"{"), None);
    }
}
