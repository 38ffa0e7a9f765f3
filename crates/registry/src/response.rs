//! What the registry answers; the server makes the asked representation of it.

use std::sync::Arc;

use bytes::Bytes;

use crate::Resource;

/// An object as JSON bytes, in the version of `resource`.
#[derive(Clone, Debug)]
pub struct ObjectBytes {
    /// The bytes.
    pub json: Bytes,
    /// What they are an object of (its kind and type; for subresources the subresource's).
    pub resource: Arc<Resource>,
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
    /// A list: its metadata and its items, each the JSON bytes of an object in the version of `resource`.
    List {
        /// What is listed.
        resource: Arc<Resource>,
        /// The list's metadata.
        meta: ListMeta,
        /// The items.
        items: Vec<Bytes>,
    },
    /// A success `Status`, as most deletes answer.
    Status(Box<status::Status>),
}
