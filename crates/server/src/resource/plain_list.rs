//! A list of objects as they are: copied from the cache chunk by chunk while it is sent, never whole in memory.

use bytes::{BufMut, Bytes, BytesMut};
use object::scan;
use registry::{Item, ListMeta, Resource};

use crate::body::Body;

/// How much is copied at a time, in bytes.
const CHUNK: usize = 64 * 1024;
/// What ends the list. Go's encoder ends every document with a new line.
const TAIL: &[u8] = b"]}\n";

/// The body of a list.
pub(super) fn body(resource: &Resource, meta: &ListMeta, items: Vec<Item>) -> Body {
    let list = PlainList::new(resource, meta, items);
    let length = list.length();
    Body::made(list, length)
}

/// The whole list at once.
pub(super) fn whole(resource: &Resource, meta: &ListMeta, items: Vec<Item>) -> Vec<u8> {
    let list = PlainList::new(resource, meta, items);
    let mut out = Vec::with_capacity(list.length());
    list.for_each(|chunk| out.extend_from_slice(&chunk));
    out
}

struct PlainList {
    head: Bytes,
    /// The items, each with how much of its front is left out.
    items: Vec<(Item, usize)>,
    /// How many are written.
    done: usize,
    ended: bool,
}

impl PlainList {
    fn new(resource: &Resource, meta: &ListMeta, items: Vec<Item>) -> PlainList {
        let (kind, api_version) = (&resource.kind, resource.api_version());
        let typed = format!("{{\"kind\":\"{kind}\",\"apiVersion\":\"{api_version}\",");
        let cut = |item: &Item| if resource.custom { 0 } else { type_length(item.bare(), typed.as_bytes()) };
        let items = items.into_iter().map(|item| {
            let cut = cut(&item);
            (item, cut)
        });
        let head = super::render::head(&resource.list_kind, &api_version, &metadata(resource, meta)) + "[";
        PlainList { head: head.into(), items: items.collect(), done: 0, ended: false }
    }

    /// The length of what is not written yet, in bytes.
    fn length(&self) -> usize {
        let item = |(item, cut): &(Item, usize)| 1 + item.json_length() - cut + usize::from(*cut > 0);
        let items: usize = self.items.iter().map(item).sum();
        self.head.len() + items.saturating_sub(1) + TAIL.len()
    }
}

impl Iterator for PlainList {
    type Item = Bytes;

    fn next(&mut self) -> Option<Bytes> {
        if self.ended {
            return None;
        }
        let mut out = BytesMut::with_capacity(CHUNK);
        out.put(std::mem::take(&mut self.head));
        while let Some((item, cut)) = self.items.get(self.done) {
            let length = item.json_length() + 2;
            if !out.is_empty() && out.len() + length > CHUNK {
                return Some(out.freeze());
            }
            if self.done > 0 {
                out.put_u8(b',');
            }
            if *cut > 0 {
                out.put_u8(b'{');
            }
            item.write_json_from(*cut, &mut out);
            self.done += 1;
        }
        out.put_slice(TAIL);
        self.ended = true;
        Some(out.freeze())
    }
}

/// `metadata` of the list.
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

/// The length of an object's front that an item of a built-in list has not: its opening brace, kind and version.
/// `typed` is how an object of the kind begins as a rule.
fn type_length(json: &[u8], typed: &[u8]) -> usize {
    if json.starts_with(typed) {
        return typed.len();
    }
    let kept = scan::members(json).find(|(name, _)| !matches!(*name, b"kind" | b"apiVersion"));
    // The key's opening quote stands before its text. At the very front there is nothing to leave out.
    let start = kept.map_or(0, |(name, _)| name.as_ptr().addr() - json.as_ptr().addr() - 1);
    if start > 1 { start } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_type_of_an_item_is_left_out() {
        let typed = br#"{"kind":"A","apiVersion":"v1","#;
        for (json, expected) in [
            (r#"{"kind":"A","apiVersion":"v1","metadata":{"name":"n"}}"#, typed.len()),
            (r#"{"kind":"B","metadata":{}}"#, r#"{"kind":"B","#.len()),
            (r#"{"metadata":{}}"#, 0),
            (r#"{"metadata":{},"kind":"A"}"#, 0),
            ("{}", 0),
        ] {
            assert_eq!(type_length(json.as_bytes(), typed), expected, "{json}");
        }
    }

    #[test]
    fn chunks_make_the_list() {
        let long = "x".repeat(CHUNK / 3);
        let made = |name: &str, cut: usize| {
            let front = if cut > 0 { r#"{"kind":"A","# } else { "{" };
            (Item::Made(format!(r#"{front}"name":"{name}"}}"#).into()), cut)
        };
        for names in [&[][..], &["a"], &["a", &long, "b", &long, &long, &long, "c"]] {
            for cut in [0, br#"{"kind":"A","#.len()] {
                let items = names.iter().map(|name| made(name, cut)).collect();
                let list =
                    PlainList { head: Bytes::from_static(b"{\"items\":["), items, done: 0, ended: false };
                let length = list.length();
                let chunks: Vec<Bytes> = list.collect();
                let expected: Vec<String> =
                    names.iter().map(|name| format!(r#"{{"name":"{name}"}}"#)).collect();
                assert!(chunks.iter().all(|chunk| chunk.len() <= CHUNK + TAIL.len()));
                let whole = chunks.concat();
                assert_eq!(whole, format!("{{\"items\":[{}]}}\n", expected.join(",")).as_bytes());
                assert_eq!(whole.len(), length);
            }
        }
    }
}
