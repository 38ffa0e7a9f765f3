//! The end of the log: durable appends, new segments when one is full, and getting well after a failed write.

use std::io;
use std::sync::Arc;

use super::files::Files;
use super::format::{BATCH_HEADER, BatchHeader, SEGMENT_HEADER, SegmentHeader};
use super::segment::{Segment, salt, unavailable};
use super::state::{Held, Shared};
use crate::{Result, Revision};

/// The one place that is appended to. Owned by the writer thread.
pub struct Log {
    files: Arc<dyn Files>,
    slot: u32,
    segment: Arc<Segment>,
    /// All before this offset is right; the next batch goes here.
    length: u64,
    segment_bytes: u64,
    /// A mark was written that has not been synced.
    unsynced: bool,
    /// A write has failed: what is in the file past `length` is unknown.
    broken: bool,
}

/// Where a batch was put.
pub struct Appended {
    /// The segment's number.
    pub slot: u32,
    /// The batch's offset.
    pub offset: u64,
    /// The segment's length with it.
    pub length: u64,
}

impl Log {
    /// A log that goes on at `length` of a segment.
    pub fn new(
        files: Arc<dyn Files>,
        slot: u32,
        segment: Arc<Segment>,
        length: u64,
        segment_bytes: u64,
    ) -> Log {
        Log { files, slot, segment, length, segment_bytes, unsynced: false, broken: false }
    }

    /// Writes a batch and syncs it. `buffer` begins with room for the batch header. After an error nothing of
    /// it counts as written, and the next append may succeed.
    pub fn append(
        &mut self,
        shared: &Shared,
        buffer: &mut [u8],
        count: u32,
        revision: Revision,
    ) -> Result<Appended> {
        self.repair().map_err(|error| unavailable(&self.segment.path, "repairing", &error))?;
        if self.length > SEGMENT_HEADER as u64 && self.length + buffer.len() as u64 > self.segment_bytes {
            self.rotate(shared, revision)
                .map_err(|error| unavailable(&self.segment.path, "making a successor of", &error))?;
        }
        let offset = self.length;
        let written = self.write(buffer, count).and_then(|()| self.segment.file.sync());
        if let Err(error) = written {
            self.length = offset;
            self.broken = true;
            // At once, so that a full disk gets its space back; if it fails, the next append tries again.
            let _ = self.repair();
            return Err(unavailable(&self.segment.path, "writing", &error));
        }
        self.unsynced = false;
        Ok(Appended { slot: self.slot, offset, length: self.length })
    }

    /// Writes a mark, unless there is one: whoever reads it knows that what precedes it was synced, so that
    /// damage to the last batch cannot pass for an interrupted write.
    pub fn mark(&mut self) {
        if self.unsynced || self.broken || self.length == SEGMENT_HEADER as u64 {
            return;
        }
        let offset = self.length;
        match self.write(&mut [0; BATCH_HEADER], 0) {
            Ok(()) => self.unsynced = true,
            Err(_) => {
                self.length = offset;
                self.broken = true;
            }
        }
    }

    /// Leaves the log as a clean end: marked and synced.
    pub fn close(&mut self) {
        if self.repair().is_ok() {
            self.mark();
            // What was acknowledged is durable already; a lost mark costs nothing.
            let _ = self.segment.file.sync();
        }
    }

    fn write(&mut self, buffer: &mut [u8], count: u32) -> io::Result<()> {
        let (header, records) = buffer.split_at_mut(BATCH_HEADER);
        header
            .copy_from_slice(&BatchHeader::of(records, count).encode(self.segment.header.salt, self.length));
        self.segment.file.write_all_at(buffer, self.length)?;
        self.length += buffer.len() as u64;
        Ok(())
    }

    /// After a failed write: cuts the file back to what is known, durably, so that no part of the failed batch
    /// can be taken for one that was acknowledged.
    fn repair(&mut self) -> io::Result<()> {
        if self.broken {
            self.segment.file.set_length(self.length)?;
            self.segment.file.sync()?;
            self.broken = false;
        }
        Ok(())
    }

    /// Goes on in a new file. The old one must be durable as a whole: only the last may end in a torn batch.
    fn rotate(&mut self, shared: &Shared, revision: Revision) -> io::Result<()> {
        if self.unsynced {
            self.segment.file.sync()?;
            self.unsynced = false;
        }
        let number = self.segment.header.last + 1;
        let header = SegmentHeader {
            first: number,
            last: number,
            generation: 0,
            salt: salt(),
            base_revision: revision,
            cleaned_at: 0,
        };
        let segment = Segment::create(self.files.as_ref(), header)?;
        self.segment = Arc::new(segment);
        self.length = SEGMENT_HEADER as u64;
        let mut state = shared.state.write();
        if let Some(held) = state.segments.get_mut(self.slot) {
            held.sealed = true;
        }
        self.slot = state.segments.insert(Held::new(self.segment.clone(), self.length));
        Ok(())
    }
}
