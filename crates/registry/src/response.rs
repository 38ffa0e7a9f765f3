//! What the registry answers; the server makes the asked representation of it.

use std::sync::Arc;

use bytes::{BufMut, Bytes};

use crate::Resource;

/// An object as JSON bytes, in the version of `resource`.
#[derive(Clone, Debug)]
pub struct ObjectBytes {
    /// The bytes.
    pub json: Bytes,
    /// What they are an object of (its kind and type; for subresources the subresource's).
    pub resource: Arc<Resource>,
}

/// An item of a list.
#[derive(Clone, Debug)]
pub enum Item {
    /// An object as the cache holds it.
    Stored(Arc<cache::Object>),
    /// JSON made for this answer.
    Made(Bytes),
}

impl Item {
    /// Its JSON.
    pub fn json(&self) -> Bytes {
        match self {
            Item::Stored(object) => object.json(),
            Item::Made(json) => json.clone(),
        }
    }

    /// The length of its JSON in bytes.
    pub fn json_length(&self) -> usize {
        match self {
            Item::Stored(object) => object.json_length(),
            Item::Made(json) => json.len(),
        }
    }

    /// The JSON, perhaps without its resource version: no copy.
    pub fn bare(&self) -> &[u8] {
        match self {
            Item::Stored(object) => object.encoded().bare(),
            Item::Made(json) => json,
        }
    }

    /// Appends its JSON without the first `start` bytes, which must not reach beyond the resource version.
    pub fn write_json_from(&self, start: usize, out: &mut impl BufMut) {
        match self {
            Item::Stored(object) => object.encoded().write_json_from(start, object.revision(), out),
            Item::Made(json) => out.put_slice(json.get(start..).unwrap_or_default()),
        }
    }
}

/// `metadata` of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListMeta {
    /// The revision the list is a snapshot of.
    pub resource_version: u64,
    /// The next page's token; empty when this is the last.
    pub continue_token: String,
    /// How many more there are, if known.
    pub remaining_item_count: Option<u64>,
}

/// The registry's answer to everything but a watch.
#[derive(Clone, Debug)]
pub enum Response {
    /// An object, with 200 or 201.
    Object {
        /// The HTTP code.
        code: u16,
        /// The object.
        object: ObjectBytes,
    },
    /// A list: its metadata and its items, each an object in the version of `resource`.
    List {
        /// What is listed.
        resource: Arc<Resource>,
        /// The list's metadata.
        meta: ListMeta,
        /// The items.
        items: Vec<Item>,
    },
    /// A success `Status`, as most deletes answer.
    Status(Box<status::Status>),
}
