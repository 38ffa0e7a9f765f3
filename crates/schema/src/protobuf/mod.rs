//! `application/vnd.kubernetes.protobuf`: messages driven by the built-in types.
//!
//! The original's messages are what gogo-proto's generator made of Go's types, and encoding is byte for byte what its
//! marshallers write: fields by number, whatever is no pointer written even when it is zero, lists and maps entry by
//! entry with keys sorted. Decoding takes any order, skips what it does not know, and makes objects in normal form.
//!
//! Custom resources have no messages: only types of [`crate::builtin`] do.

mod buffer;
mod decode;
mod encode;
mod envelope;
mod error;
mod plan;
mod special;
mod wire;

use object::{Map, Value};

use crate::TypeRef;
pub(crate) use buffer::Backwards;
pub use envelope::{Envelope, MAGIC, list, watch_frame};
pub use error::Error;
use plan::Plan;
pub(crate) use wire::FIXED64;

/// The protobuf message of a built-in type.
#[derive(Clone, Copy)]
pub struct Message {
    plan: &'static Plan,
    id: u32,
}

impl Message {
    /// The message of `ty`; nothing if it is no struct of the built-in types.
    pub fn of(ty: TypeRef<'_>) -> Option<Message> {
        let plan = Plan::builtin();
        plan.message(ty).map(|id| Message { plan, id })
    }

    /// The message of the built-in kind.
    pub fn of_kind(group: &str, version: &str, kind: &str) -> Option<Message> {
        Message::of(crate::builtin().of_kind(group, version, kind)?)
    }

    /// The bare message of `value`, an object in normal form (see [`crate::normalise`]).
    pub fn encode(self, value: &Value) -> Vec<u8> {
        let mut out = Backwards::default();
        self.write(value, &mut out);
        out.finish()
    }

    /// `value` as a document: the message in its envelope.
    pub fn encode_document(self, api_version: &str, kind: &str, value: &Value) -> Vec<u8> {
        let mut out = Backwards::default();
        envelope::write(&mut out, api_version, kind, |out| self.write(value, out));
        out.finish()
    }

    /// `value` as an item of a [`list`].
    pub fn encode_item(self, value: &Value) -> Vec<u8> {
        let mut out = Backwards::default();
        out.message(envelope::ITEMS, |out| self.write(value, out));
        out.finish()
    }

    fn write(self, value: &Value, out: &mut Backwards) {
        static EMPTY: Map = Map::new();
        encode::message(self.plan, self.id, value.as_object().unwrap_or(&EMPTY), out);
    }

    /// The object in normal form of a bare message (which says nothing of kind and version).
    ///
    /// # Errors
    /// What is malformed, in the words of Go's decoders.
    pub fn decode(self, bytes: &[u8]) -> Result<Value, Error> {
        decode::object(self.plan, self.id, bytes)
    }
}
