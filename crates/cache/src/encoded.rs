//! The form of a stored object: the JSON a client is sent, but for the resource version, which is known only once
//! the object is committed.
//!
//! ```text
//! value = place u8, offset u32 little-endian, JSON
//! ```
//!
//! `offset` says where in the JSON `"resourceVersion":"N"` goes, and `place` how the comma goes with it. The text
//! is put in when the object is copied to a client, which copies it anyway: so the object is in memory once, in
//! the very bytes that the store holds, and an event can show an object at a revision that is not its own (as a
//! deletion does).

use std::fmt;

use bytes::{BufMut, Bytes, BytesMut};
use object::scan;
use storage::Revision;

/// The length of what precedes the JSON, in bytes.
const HEADER: usize = 5;
/// What is put in before the digits of the revision.
const NAME: &[u8] = b"\"resourceVersion\":\"";

/// Where the comma goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
enum Place {
    /// Something follows: a comma after the version.
    Front = 1,
    /// Something precedes it and nothing follows: a comma before it.
    Back = 2,
    /// Nothing else is in the metadata.
    Alone = 3,
}

/// What is no stored object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotSealed;

impl fmt::Display for NotSealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the value is not that of an object")
    }
}

impl std::error::Error for NotSealed {}

/// Makes the value to be stored of an object's compact JSON. A `metadata.resourceVersion` is taken out, and its
/// place remembered; without one, it will be the first of the metadata. Fails if there is no `metadata` object.
pub fn seal(json: &[u8]) -> Result<Bytes, NotSealed> {
    let metadata = scan::members(json).find(|(name, _)| *name == b"metadata").ok_or(NotSealed)?.1;
    if metadata.first() != Some(&b'{') {
        return Err(NotSealed);
    }
    let inside = offset_in(json, metadata) + 1;
    let version = scan::members(metadata).find(|(name, _)| *name == b"resourceVersion");
    let (place, cut) = match version {
        None if json.get(inside) == Some(&b'}') => (Place::Alone, inside..inside),
        None => (Place::Front, inside..inside),
        Some((name, value)) => {
            let (start, end) = (offset_in(json, name) - 1, offset_in(json, value) + value.len());
            match (json.get(end), json[..start].last()) {
                (Some(b','), _) => (Place::Front, start..end + 1),
                (_, Some(b',')) => (Place::Back, start - 1..end),
                _ => (Place::Alone, start..end),
            }
        }
    };
    let mut value = Vec::with_capacity(HEADER + json.len() - cut.len());
    value.push(place as u8);
    value.extend_from_slice(&u32::try_from(cut.start).map_err(|_| NotSealed)?.to_le_bytes());
    value.extend_from_slice(&json[..cut.start]);
    value.extend_from_slice(&json[cut.end..]);
    Ok(value.into())
}

/// Where in `whole` its part `part` begins.
fn offset_in(whole: &[u8], part: &[u8]) -> usize {
    part.as_ptr().addr() - whole.as_ptr().addr()
}

/// A stored object: shares the store's bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct Encoded {
    value: Bytes,
}

impl Encoded {
    /// Takes a stored value as it is.
    pub fn new(value: Bytes) -> Result<Encoded, NotSealed> {
        let known = matches!(value.first(), Some(1..=3));
        let encoded = Encoded { value };
        let inside = known && encoded.value.len() >= HEADER && encoded.offset() <= encoded.bare().len();
        if inside { Ok(encoded) } else { Err(NotSealed) }
    }

    /// The stored value.
    pub fn value(&self) -> &Bytes {
        &self.value
    }

    /// The JSON without a resource version.
    pub fn bare(&self) -> &[u8] {
        &self.value[HEADER..]
    }

    /// The length in bytes of the JSON at a revision.
    pub fn json_length(&self, revision: Revision) -> usize {
        let digits = revision.checked_ilog10().unwrap_or(0) as usize + 1;
        let comma = usize::from(self.value[0] != Place::Alone as u8);
        self.bare().len() + NAME.len() + digits + 1 + comma
    }

    /// Appends the JSON as it is at a revision.
    pub fn write_json(&self, revision: Revision, out: &mut impl BufMut) {
        self.write_json_from(0, revision, out);
    }

    /// Appends the JSON as it is at a revision, without its first `start` bytes, which must not reach beyond the
    /// place of the version.
    pub fn write_json_from(&self, start: usize, revision: Revision, out: &mut impl BufMut) {
        let (head, tail) = self.bare().split_at(self.offset());
        let place = self.value[0];
        out.put_slice(head.get(start..).unwrap_or_default());
        if place == Place::Back as u8 {
            out.put_slice(b",");
        }
        out.put_slice(NAME);
        put_decimal(revision, out);
        out.put_slice(if place == Place::Front as u8 { b"\"," } else { b"\"" });
        out.put_slice(tail);
    }

    /// The JSON as it is at a revision. There is room for a new line behind it.
    pub fn json(&self, revision: Revision) -> Bytes {
        let mut out = BytesMut::with_capacity(self.json_length(revision) + 1);
        self.write_json(revision, &mut out);
        out.freeze()
    }

    fn offset(&self) -> usize {
        self.value[1..HEADER].try_into().map_or(0, u32::from_le_bytes) as usize
    }
}

fn put_decimal(mut number: u64, out: &mut impl BufMut) {
    let mut digits = [0; 20];
    let mut at = digits.len();
    loop {
        at -= 1;
        digits[at] = b'0' + (number % 10) as u8;
        number /= 10;
        if number == 0 {
            break;
        }
    }
    out.put_slice(&digits[at..]);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(json: &str, revision: Revision) -> String {
        let encoded = Encoded::new(seal(json.as_bytes()).unwrap()).unwrap();
        let written = String::from_utf8(encoded.json(revision).to_vec()).unwrap();
        assert_eq!(written.len(), encoded.json_length(revision), "{json}");
        for start in 0..=encoded.offset() {
            let mut rest = Vec::new();
            encoded.write_json_from(start, revision, &mut rest);
            assert_eq!(rest, written.as_bytes()[start..], "{json} from {start}");
        }
        assert!(!String::from_utf8_lossy(encoded.bare()).contains("\"resourceVersion\":\"x"));
        written
    }

    #[test]
    fn the_version_goes_where_it_was() {
        let cases = [
            (r#"{"metadata":{}}"#, r#"{"metadata":{"resourceVersion":"7"}}"#),
            (r#"{"metadata":{"resourceVersion":"x"}}"#, r#"{"metadata":{"resourceVersion":"7"}}"#),
            (r#"{"metadata":{"name":"a"}}"#, r#"{"metadata":{"resourceVersion":"7","name":"a"}}"#),
            (
                r#"{"metadata":{"name":"a","resourceVersion":"x"}}"#,
                r#"{"metadata":{"name":"a","resourceVersion":"7"}}"#,
            ),
            (
                r#"{"metadata":{"resourceVersion":"xx","uid":"u"}}"#,
                r#"{"metadata":{"resourceVersion":"7","uid":"u"}}"#,
            ),
            (
                r#"{"spec":{"metadata":{"resourceVersion":"1"}},"metadata":{"labels":{"resourceVersion":"2"},"resourceVersion":"","uid":"u"}}"#,
                r#"{"spec":{"metadata":{"resourceVersion":"1"}},"metadata":{"labels":{"resourceVersion":"2"},"resourceVersion":"7","uid":"u"}}"#,
            ),
        ];
        for (json, expected) in cases {
            assert_eq!(text(json, 7), expected);
        }
        for revision in [0, 9, 10, 99, 100, u64::MAX] {
            assert_eq!(
                text(r#"{"metadata":{}}"#, revision),
                format!(r#"{{"metadata":{{"resourceVersion":"{revision}"}}}}"#)
            );
        }
    }

    #[test]
    fn what_is_no_object_is_refused() {
        for json in ["", "{}", "[]", r#"{"metadata":null}"#, r#"{"metadata":[]}"#, r#"{"metadata""#] {
            assert_eq!(seal(json.as_bytes()), Err(NotSealed), "{json}");
        }
        for value in [&b""[..], b"{}", b"\x01\0\0\0", b"\x01\x03\0\0\0{}", b"\x04\0\0\0\0{}"] {
            assert!(Encoded::new(Bytes::from_static(value)).is_err(), "{value:?}");
        }
    }
}
