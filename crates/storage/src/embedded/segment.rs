//! One file of the log: making it, reading it through, reading a single record of it.

use std::hash::{BuildHasher, RandomState};
use std::io;
use std::path::PathBuf;

use bytes::Bytes;

use super::files::{File, Files};
use super::format::{BATCH_HEADER, BATCH_MAGIC, BatchHeader, Record, SEGMENT_HEADER, SegmentHeader};
use super::index::Place;
use crate::{Error, Result};

/// How much is read from a file at once, in bytes.
const WINDOW: usize = 1 << 20;
/// What the name of a segment file ends with.
const SUFFIX: &str = ".segment";
/// What the name of a file ends with that is not complete.
pub const UNFINISHED: &str = ".new";

/// An open segment file.
pub struct Segment {
    /// What it says of itself.
    pub header: SegmentHeader,
    /// Its name in the directory.
    pub name: String,
    /// Its full path, for messages.
    pub path: PathBuf,
    /// The file.
    pub file: Box<dyn File>,
}

/// The name of the file for these sequence numbers.
fn name_of(header: &SegmentHeader) -> String {
    format!("{:012}-{:012}-{:06}{SUFFIX}", header.first, header.last, header.generation)
}

/// The first and last sequence number and the generation that a name stands for.
pub fn parse_name(name: &str) -> Option<(u64, u64, u32)> {
    let mut parts = name.strip_suffix(SUFFIX)?.split('-');
    let numbers = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    parts.next().is_none().then_some(numbers)
}

/// A number that no one can guess, to tie batches to their file.
pub fn salt() -> u64 {
    RandomState::new().hash_one(0u8)
}

/// The error for a file that does not answer.
pub fn unavailable(path: &std::path::Path, doing: &str, error: &io::Error) -> Error {
    Error::Unavailable(format!("{doing} {}: {error}", path.display()))
}

impl Segment {
    /// Makes a file with a header and nothing else, under a name that says it is not complete.
    pub fn begin(files: &dyn Files, header: SegmentHeader) -> io::Result<Segment> {
        let name = name_of(&header);
        let file = files.create(&(name.clone() + UNFINISHED))?;
        file.write_all_at(&header.encode(), 0)?;
        Ok(Segment { header, path: files.path(&name), name, file })
    }

    /// Makes the file durable and gives it its name.
    pub fn finish(&self, files: &dyn Files) -> io::Result<()> {
        self.file.sync()?;
        files.rename(&(self.name.clone() + UNFINISHED), &self.name)?;
        files.sync_directory()
    }

    /// Makes an empty segment, durably there.
    pub fn create(files: &dyn Files, header: SegmentHeader) -> io::Result<Segment> {
        let segment = Segment::begin(files, header)?;
        segment.finish(files)?;
        Ok(segment)
    }

    /// Opens a file and checks its header.
    pub fn open(files: &dyn Files, name: &str) -> Result<Segment> {
        let path = files.path(name);
        let file = files.open(name).map_err(|error| unavailable(&path, "opening", &error))?;
        let mut bytes = [0; SEGMENT_HEADER];
        let read = file.read_exact_at(&mut bytes, 0);
        let header = match read {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                Err("the file is shorter than a header")
            }
            Err(error) => return Err(unavailable(&path, "reading", &error)),
            Ok(()) => SegmentHeader::decode(&bytes),
        };
        match header {
            Ok(header) if name_of(&header) == name => {
                Ok(Segment { header, name: name.to_owned(), path, file })
            }
            Ok(_) => Err(damaged(path, 0, "the header is that of another file")),
            Err(problem) => Err(damaged(path, 0, problem)),
        }
    }

    /// The length of the file in bytes.
    pub fn length(&self) -> Result<u64> {
        self.file.length().map_err(|error| unavailable(&self.path, "reading", &error))
    }

    /// The value of the record at a place.
    pub fn value_at(&self, place: Place) -> Result<Bytes> {
        let mut bytes = vec![0; place.length as usize];
        let offset = u64::from(place.offset);
        self.file
            .read_exact_at(&mut bytes, offset)
            .map_err(|error| unavailable(&self.path, "reading", &error))?;
        match Record::decode(&mut bytes.as_slice(), true) {
            Some(Record::Put { value, .. }) => Ok(Bytes::copy_from_slice(value)),
            _ => Err(damaged(self.path.clone(), offset, "the record's checksum is wrong")),
        }
    }

    /// Reads the batches of the first `length` bytes, in order.
    pub fn scan(&self, length: u64) -> Scan<'_> {
        Scan { segment: self, length, offset: SEGMENT_HEADER as u64, window: Vec::new(), window_offset: 0 }
    }
}

/// The error for a file with something wrong in it.
pub fn damaged(file: PathBuf, offset: u64, problem: &str) -> Error {
    Error::Damaged { file, offset, problem: problem.to_owned() }
}

/// A pass over the batches of a segment.
pub struct Scan<'a> {
    segment: &'a Segment,
    length: u64,
    /// Where the next batch begins: all before it is right.
    offset: u64,
    window: Vec<u8>,
    window_offset: u64,
}

/// What a scan found next.
pub enum Step<'a> {
    /// A batch: the offset of its records, and they.
    Batch(u64, &'a [u8]),
    /// The end, after the last batch.
    End,
    /// Something that is no batch, at this offset.
    Broken(u64, &'static str),
}

impl Scan<'_> {
    /// The next batch. The records' checksum has been checked.
    pub fn step(&mut self) -> Result<Step<'_>> {
        let offset = self.offset;
        let left = self.length - offset;
        if left == 0 {
            return Ok(Step::End);
        }
        if left < BATCH_HEADER as u64 {
            return Ok(Step::Broken(offset, "the file ends in the header of a batch"));
        }
        let salt = self.segment.header.salt;
        let Some(header) = BatchHeader::decode(self.bytes(offset, BATCH_HEADER)?, salt, offset) else {
            return Ok(Step::Broken(offset, "there is no valid batch header"));
        };
        let start = offset + BATCH_HEADER as u64;
        if self.length - start < u64::from(header.length) {
            return Ok(Step::Broken(offset, "the file ends in the middle of a batch"));
        }
        self.offset = start + u64::from(header.length);
        let records = self.bytes(start, header.length as usize)?;
        if crc32fast::hash(records) != header.crc {
            self.offset = offset;
            return Ok(Step::Broken(offset, "the checksum of a batch is wrong"));
        }
        // Borrowed anew: the borrow checker does not see that the failing branch returned.
        let from = (start - self.window_offset) as usize;
        Ok(Step::Batch(start, &self.window[from..from + header.length as usize]))
    }

    /// Whether a batch header is found anywhere after the place where the scan stands. There is one only if
    /// everything before it had been synced.
    pub fn more_follows(&mut self) -> Result<bool> {
        let salt = self.segment.header.salt;
        let mut offset = self.offset + 1;
        while offset + BATCH_HEADER as u64 <= self.length {
            let length = WINDOW.min((self.length - offset) as usize);
            let part = self.bytes(offset, length)?;
            for at in 0..=length - BATCH_HEADER {
                if part[at] == BATCH_MAGIC[0]
                    && BatchHeader::decode(&part[at..], salt, offset + at as u64).is_some()
                {
                    return Ok(true);
                }
            }
            offset += (length - BATCH_HEADER + 1) as u64;
        }
        Ok(false)
    }

    /// A part of the file that lies within its length.
    fn bytes(&mut self, offset: u64, length: usize) -> Result<&[u8]> {
        let end = offset + length as u64;
        if offset < self.window_offset || end > self.window_offset + self.window.len() as u64 {
            let size = length.max(WINDOW).min((self.length - offset) as usize);
            self.window.resize(size, 0);
            self.window_offset = offset;
            let read = self.segment.file.read_exact_at(&mut self.window, offset);
            read.map_err(|error| unavailable(&self.segment.path, "reading", &error))?;
        }
        let from = (offset - self.window_offset) as usize;
        Ok(&self.window[from..from + length])
    }
}

/// The records of a batch, each with its offset in the file and its length.
pub struct Records<'a> {
    rest: &'a [u8],
    offset: u64,
}

impl<'a> Records<'a> {
    /// The records that begin at this offset.
    pub fn new(bytes: &'a [u8], offset: u64) -> Records<'a> {
        Records { rest: bytes, offset }
    }
}

impl<'a> Iterator for Records<'a> {
    /// The record and its place (in segment 0), or the offset at which there is none.
    type Item = Result<(Record<'a>, Place), u64>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let before = self.rest.len();
        let Some(record) = Record::decode(&mut self.rest, false) else {
            self.rest = &[];
            return Some(Err(self.offset));
        };
        let length = (before - self.rest.len()) as u32;
        let place = Place { segment: 0, offset: self.offset as u32, length };
        self.offset += u64::from(length);
        Some(Ok((record, place)))
    }
}
