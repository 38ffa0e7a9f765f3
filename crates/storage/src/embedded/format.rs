//! How a segment file is written: a header, then batches of records. All integers are little-endian.
//!
//! ```text
//! segment  = segment header (64 bytes), batch*
//! batch    = batch header (32 bytes), record*           one write and one sync; whole or not there
//! record   = crc u32, kind u8, varint*, key, value      the crc is that of the record's other bytes
//! ```
//!
//! A batch header's checksum covers its file's salt and its own offset, so that no text a client stores can
//! pass for a batch, nor can a batch left over from another file or place.

use crate::Revision;

/// The length of the header of a segment file, in bytes.
pub const SEGMENT_HEADER: usize = 64;
/// The length of the header of a batch, in bytes.
pub const BATCH_HEADER: usize = 32;
/// What every batch header begins with.
pub const BATCH_MAGIC: [u8; 4] = *b"\xC5bat";
/// What every segment file begins with; the last byte is the version of the format.
const SEGMENT_MAGIC: [u8; 8] = *b"CAPSTAN\x01";

/// What a segment file says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SegmentHeader {
    /// The first sequence number the file stands for.
    pub first: u64,
    /// The last one. A file of cleaned segments stands for all of theirs.
    pub last: u64,
    /// How often its content was cleaned; of two files for the same numbers the higher one is right.
    pub generation: u32,
    /// Random; ties batches to this file.
    pub salt: u64,
    /// The store had reached this revision when the file was made.
    pub base_revision: Revision,
    /// The file holds no value that was given up by compaction to this revision; 0 if it was never cleaned.
    pub cleaned_at: Revision,
}

impl SegmentHeader {
    /// The header's bytes.
    pub fn encode(&self) -> [u8; SEGMENT_HEADER] {
        let mut bytes = [0; SEGMENT_HEADER];
        bytes[..8].copy_from_slice(&SEGMENT_MAGIC);
        bytes[8..16].copy_from_slice(&self.first.to_le_bytes());
        bytes[16..24].copy_from_slice(&self.last.to_le_bytes());
        bytes[24..28].copy_from_slice(&self.generation.to_le_bytes());
        bytes[32..40].copy_from_slice(&self.salt.to_le_bytes());
        bytes[40..48].copy_from_slice(&self.base_revision.to_le_bytes());
        bytes[48..56].copy_from_slice(&self.cleaned_at.to_le_bytes());
        let crc = crc32fast::hash(&bytes[..60]);
        bytes[60..].copy_from_slice(&crc.to_le_bytes());
        bytes
    }

    /// Reads a header; the error says what is wrong.
    pub fn decode(bytes: &[u8; SEGMENT_HEADER]) -> Result<SegmentHeader, &'static str> {
        if bytes[..7] != SEGMENT_MAGIC[..7] {
            return Err("this is not a segment file");
        }
        if u32_at(bytes, 60) != crc32fast::hash(&bytes[..60]) {
            return Err("the checksum of the segment header is wrong");
        }
        if bytes[7] != SEGMENT_MAGIC[7] {
            return Err("the file is in a format this version does not know");
        }
        Ok(SegmentHeader {
            first: u64_at(bytes, 8),
            last: u64_at(bytes, 16),
            generation: u32_at(bytes, 24),
            salt: u64_at(bytes, 32),
            base_revision: u64_at(bytes, 40),
            cleaned_at: u64_at(bytes, 48),
        })
    }
}

/// What precedes the records of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BatchHeader {
    /// The length of the records, in bytes.
    pub length: u32,
    /// How many records there are. None at all is a mark: what precedes it was synced.
    pub count: u32,
    /// The checksum of the records.
    pub crc: u32,
}

impl BatchHeader {
    /// The header of these records.
    pub fn of(records: &[u8], count: u32) -> BatchHeader {
        BatchHeader { length: records.len() as u32, count, crc: crc32fast::hash(records) }
    }

    /// The header's bytes at this offset of the file with this salt.
    pub fn encode(&self, salt: u64, offset: u64) -> [u8; BATCH_HEADER] {
        let mut bytes = [0; BATCH_HEADER];
        bytes[..4].copy_from_slice(&BATCH_MAGIC);
        bytes[4..8].copy_from_slice(&self.length.to_le_bytes());
        bytes[8..12].copy_from_slice(&self.count.to_le_bytes());
        bytes[12..16].copy_from_slice(&self.crc.to_le_bytes());
        let crc = header_crc(&bytes, salt, offset);
        bytes[28..].copy_from_slice(&crc.to_le_bytes());
        bytes
    }

    /// Reads a header; nothing if these bytes are none that was written at this place.
    pub fn decode(bytes: &[u8], salt: u64, offset: u64) -> Option<BatchHeader> {
        let bytes: &[u8; BATCH_HEADER] = bytes.get(..BATCH_HEADER)?.try_into().ok()?;
        let valid = bytes[..4] == BATCH_MAGIC && u32_at(bytes, 28) == header_crc(bytes, salt, offset);
        valid.then(|| BatchHeader {
            length: u32_at(bytes, 4),
            count: u32_at(bytes, 8),
            crc: u32_at(bytes, 12),
        })
    }
}

fn header_crc(bytes: &[u8; BATCH_HEADER], salt: u64, offset: u64) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&salt.to_le_bytes());
    hasher.update(&offset.to_le_bytes());
    hasher.update(&bytes[..28]);
    hasher.finalize()
}

/// One entry of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Record<'a> {
    /// A key got a value.
    Put {
        /// The key.
        key: &'a str,
        /// The revision of the write.
        revision: Revision,
        /// The revision that created the key.
        create_revision: Revision,
        /// The number of the write since the creation.
        version: u64,
        /// The value.
        value: &'a [u8],
    },
    /// A key was removed.
    Delete {
        /// The key.
        key: &'a str,
        /// The revision of the removal.
        revision: Revision,
    },
    /// History up to a revision was given up.
    Compact {
        /// That revision.
        revision: Revision,
    },
}

const PUT: u8 = 1;
const DELETE: u8 = 2;
const COMPACT: u8 = 3;

impl<'a> Record<'a> {
    /// Appends the record to `buffer`.
    pub fn encode(&self, buffer: &mut Vec<u8>) {
        let start = buffer.len();
        buffer.extend_from_slice(&[0; 4]);
        match *self {
            Record::Put { key, revision, create_revision, version, value } => {
                buffer.push(PUT);
                for number in [revision, create_revision, version, key.len() as u64, value.len() as u64] {
                    push_varint(buffer, number);
                }
                buffer.extend_from_slice(key.as_bytes());
                buffer.extend_from_slice(value);
            }
            Record::Delete { key, revision } => {
                buffer.push(DELETE);
                push_varint(buffer, revision);
                push_varint(buffer, key.len() as u64);
                buffer.extend_from_slice(key.as_bytes());
            }
            Record::Compact { revision } => {
                buffer.push(COMPACT);
                push_varint(buffer, revision);
            }
        }
        let crc = crc32fast::hash(&buffer[start + 4..]);
        buffer[start..start + 4].copy_from_slice(&crc.to_le_bytes());
    }

    /// Reads the record at the start of `bytes` and moves them past it. Nothing if there is no record.
    ///
    /// The record's own checksum is looked at only with `check`: a batch read whole has one for all of it.
    pub fn decode(bytes: &mut &'a [u8], check: bool) -> Option<Record<'a>> {
        let whole = *bytes;
        take(bytes, 4)?;
        let record = match take(bytes, 1)?[0] {
            PUT => {
                let revision = take_varint(bytes)?;
                let create_revision = take_varint(bytes)?;
                let version = take_varint(bytes)?;
                let key_length = take_varint(bytes)?;
                let value_length = take_varint(bytes)?;
                let key = std::str::from_utf8(take(bytes, key_length)?).ok()?;
                Record::Put { key, revision, create_revision, version, value: take(bytes, value_length)? }
            }
            DELETE => {
                let revision = take_varint(bytes)?;
                let key_length = take_varint(bytes)?;
                Record::Delete { key: std::str::from_utf8(take(bytes, key_length)?).ok()?, revision }
            }
            COMPACT => Record::Compact { revision: take_varint(bytes)? },
            _ => return None,
        };
        let length = whole.len() - bytes.len();
        let right = !check || u32_at(whole, 0) == crc32fast::hash(&whole[4..length]);
        right.then_some(record)
    }
}

fn take<'a>(bytes: &mut &'a [u8], length: u64) -> Option<&'a [u8]> {
    let (head, tail) = bytes.split_at_checked(usize::try_from(length).ok()?)?;
    *bytes = tail;
    Some(head)
}

fn push_varint(buffer: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        buffer.push(number as u8 | 0x80);
        number >>= 7;
    }
    buffer.push(number as u8);
}

fn take_varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let byte = take(bytes, 1)?[0];
        number |= u64::from(byte & 0x7F) << shift;
        if byte < 0x80 {
            return Some(number);
        }
    }
    None
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    bytes[at..at + 4].try_into().map_or(0, u32::from_le_bytes)
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    bytes[at..at + 8].try_into().map_or(0, u64::from_le_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn headers_come_back() {
        let header = SegmentHeader {
            first: 3,
            last: 9,
            generation: 2,
            salt: u64::MAX - 5,
            base_revision: 77,
            cleaned_at: 66,
        };
        assert_eq!(SegmentHeader::decode(&header.encode()), Ok(header));
        for at in 0..SEGMENT_HEADER {
            let mut bytes = header.encode();
            bytes[at] ^= 4;
            assert!(SegmentHeader::decode(&bytes).is_err(), "byte {at}");
        }
    }

    #[test]
    fn a_batch_header_is_bound_to_its_place() {
        let header = BatchHeader::of(b"abc", 1);
        let bytes = header.encode(5, 64);
        assert_eq!(BatchHeader::decode(&bytes, 5, 64), Some(header));
        assert_eq!(BatchHeader::decode(&bytes, 6, 64), None);
        assert_eq!(BatchHeader::decode(&bytes, 5, 65), None);
        assert_eq!(BatchHeader::decode(&bytes[..31], 5, 64), None);
    }

    proptest! {
        #[test]
        fn records_come_back(
            key in ".{0,20}",
            value in prop::collection::vec(any::<u8>(), 0..200),
            numbers in any::<(u64, u64, u64)>(),
            flip in any::<prop::sample::Index>(),
        ) {
            let (revision, create_revision, version) = numbers;
            let key = key.as_str();
            for record in [
                Record::Put { key, revision, create_revision, version, value: &value },
                Record::Delete { key, revision },
                Record::Compact { revision },
            ] {
                let mut bytes = Vec::new();
                record.encode(&mut bytes);
                let mut rest = bytes.as_slice();
                prop_assert_eq!(Record::decode(&mut rest, true), Some(record));
                prop_assert!(rest.is_empty());
                let at = flip.index(bytes.len());
                let mut damaged = bytes.clone();
                damaged[at] ^= 0x10;
                prop_assert_eq!(Record::decode(&mut damaged.as_slice(), true), None);
                prop_assert_eq!(Record::decode(&mut &bytes[..at], true), None);
            }
        }
    }
}
