//! What stands around a message: kind and version in a document, the items of a list, the events of a watch.

use super::Error;
use super::buffer::Backwards;
use super::wire::{BYTES, Reader};

/// The bytes that every document begins with.
pub const MAGIC: &[u8] = b"k8s\0";

/// The field of a list that holds an item.
pub(super) const ITEMS: u32 = 2;
const METADATA: u32 = 1;
const RAW: u32 = 2;

/// A document taken apart (`runtime.Unknown`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Envelope<'b> {
    /// The version (and group) that it says it is of; may be empty.
    pub api_version: String,
    /// The kind that it says it is; may be empty.
    pub kind: String,
    /// The bare message.
    pub message: &'b [u8],
}

impl<'b> Envelope<'b> {
    /// Takes a document apart, behind its magic bytes.
    ///
    /// # Errors
    /// What is malformed.
    pub fn read(bytes: &'b [u8]) -> Result<Envelope<'b>, Error> {
        let mut envelope = Envelope::default();
        let mut reader = Reader::new(bytes);
        while !reader.is_empty() {
            match reader.tag("Unknown")? {
                (1, BYTES) => envelope.type_meta(reader.bytes()?)?,
                (RAW, BYTES) => envelope.message = reader.bytes()?,
                (_, wire) => reader.skip(wire)?,
            }
        }
        Ok(envelope)
    }

    fn type_meta(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let mut reader = Reader::new(bytes);
        while !reader.is_empty() {
            match reader.tag("TypeMeta")? {
                (1, BYTES) => self.api_version = String::from_utf8_lossy(reader.bytes()?).into_owned(),
                (2, BYTES) => self.kind = String::from_utf8_lossy(reader.bytes()?).into_owned(),
                (_, wire) => reader.skip(wire)?,
            }
        }
        Ok(())
    }
}

/// Writes a document around the message `write` writes.
pub(super) fn write(
    out: &mut Backwards,
    api_version: &str,
    kind: &str,
    message: impl FnOnce(&mut Backwards),
) {
    tail(out);
    out.message(RAW, message);
    type_meta(out, api_version, kind);
    out.bytes(MAGIC);
}

/// The encoding and type of the content: unused, and always written.
fn tail(out: &mut Backwards) {
    out.bytes_field(4, b"");
    out.bytes_field(3, b"");
}

fn type_meta(out: &mut Backwards, api_version: &str, kind: &str) {
    out.message(1, |out| {
        out.bytes_field(2, kind.as_bytes());
        out.bytes_field(1, api_version.as_bytes());
    });
}

/// What stands before and behind the items of a list, which are `length` bytes: so a list can be sent piece by piece.
/// `metadata` is the bare message of its ListMeta.
pub fn list(api_version: &str, kind: &str, metadata: &[u8], length: usize) -> (Vec<u8>, Vec<u8>) {
    let mut head = Backwards::default();
    head.bytes_field(METADATA, metadata);
    head.varint((head.len() + length) as u64);
    head.tag(RAW, BYTES);
    type_meta(&mut head, api_version, kind);
    head.bytes(MAGIC);
    let mut end = Backwards::default();
    tail(&mut end);
    (head.finish(), end.finish())
}

/// An event of a watch as it is sent: its length in four bytes, and `metav1.WatchEvent` around a document.
pub fn watch_frame(event_type: &str, document: &[u8]) -> Vec<u8> {
    let mut out = Backwards::default();
    out.message(2, |out| out.bytes_field(1, document));
    out.bytes_field(1, event_type.as_bytes());
    let length = u32::try_from(out.len()).unwrap_or(u32::MAX);
    out.bytes(&length.to_be_bytes());
    out.finish()
}
