//! Opening the files of a store: everything is read, checked and put into the index.

use std::sync::Arc;

use bytes::Bytes;

use super::files::Files;
use super::format::{Record, SegmentHeader};
use super::index::{Index, Place, Version};
use super::log::Log;
use super::segment::{Records, Segment, Step, UNFINISHED, damaged, parse_name, salt, unavailable};
use super::state::{Held, Ring, Segments, State};
use super::{CutTail, Options, Progress};
use crate::{Error, Key, Result};

/// What opening yields.
pub struct Recovered {
    /// The state of the store.
    pub state: State,
    /// The log, ready to append to.
    pub log: Log,
    /// What had been left by an interrupted write.
    pub cut: Option<CutTail>,
}

/// Reads the store in these files.
pub fn recover(files: Arc<dyn Files>, options: &Options) -> Result<Recovered> {
    let mut segments = open_segments(files.as_ref())?;
    if segments.is_empty() {
        let header =
            SegmentHeader { first: 1, last: 1, generation: 0, salt: salt(), base_revision: 0, cleaned_at: 0 };
        let segment = Segment::create(files.as_ref(), header)
            .map_err(|error| unavailable(&files.path(""), "making a segment in", &error))?;
        segments.push(segment);
    }
    let compacted = segments.iter().map(|segment| segment.header.cleaned_at).max().unwrap_or(0);
    let mut total = 0;
    for segment in &segments {
        total += segment.length()?;
    }
    let mut replay = Replay {
        index: Index::new(compacted, false),
        segments: Segments::default(),
        progress: Progress { read: 0, total, keys: 0 },
        options,
    };
    let count = segments.len();
    let mut end = None;
    for (at, segment) in segments.into_iter().enumerate() {
        end = Some(replay.segment(Arc::new(segment), at + 1 == count)?);
    }
    let Some((slot, segment, cut)) = end else {
        return Err(Error::Unavailable("there is no segment".to_owned()));
    };
    let length = segment.length()?;
    let Replay { index, segments, .. } = replay;
    let ring = Ring::new(index.current(), options.recent_bytes);
    let log = Log::new(files, slot, segment, length, options.segment_bytes);
    Ok(Recovered { state: State { index, segments, ring }, log, cut })
}

/// Opens the segments that count, in order, and removes what interrupted work has left behind.
fn open_segments(files: &dyn Files) -> Result<Vec<Segment>> {
    let failed = |error| unavailable(&files.path(""), "listing", &error);
    let names = files.list().map_err(failed)?;
    let mut found: Vec<_> =
        names.iter().filter_map(|name| parse_name(name).map(|numbers| (numbers, name))).collect();
    // Of the files that begin with the same number, the one cleaned last comes first; it covers the others.
    found.sort_by_key(|((first, _, generation), _)| (*first, std::cmp::Reverse(*generation)));
    let mut superseded: Vec<&String> = names.iter().filter(|name| name.ends_with(UNFINISHED)).collect();
    let mut segments = Vec::new();
    let mut next = 1;
    for ((first, last, generation), name) in found {
        if last < next {
            superseded.push(name);
            continue;
        }
        if first != next {
            let problem = format!("segment {next} is missing before this one");
            return Err(damaged(files.path(name), 0, &problem));
        }
        let segment = Segment::open(files, name)?;
        debug_assert_eq!(segment.header.generation, generation);
        segments.push(segment);
        next = last + 1;
    }
    for name in superseded {
        files.remove(name).map_err(failed)?;
    }
    Ok(segments)
}

struct Replay<'a> {
    index: Index,
    segments: Segments,
    progress: Progress,
    options: &'a Options,
}

impl Replay<'_> {
    /// Reads one segment. Only the last one may end in an interrupted write.
    fn segment(&mut self, segment: Arc<Segment>, last: bool) -> Result<(u32, Arc<Segment>, Option<CutTail>)> {
        let length = segment.length()?;
        let slot = self.segments.insert(Held { sealed: !last, ..Held::new(segment.clone(), length) });
        self.index.advance(segment.header.base_revision);
        let mut scan = segment.scan(length);
        let mut cut = None;
        let before = self.progress.read;
        let end = loop {
            match scan.step()? {
                Step::Batch(offset, records) => {
                    self.batch(slot, &segment, offset, records)?;
                    self.report(before + offset + records.len() as u64);
                }
                Step::End => break length,
                Step::Broken(offset, problem) => {
                    if !last || scan.more_follows()? {
                        return Err(damaged(segment.path.clone(), offset, problem));
                    }
                    cut = Some(CutTail { file: segment.path.clone(), offset, bytes: length - offset });
                    break offset;
                }
            }
        };
        if cut.is_some() {
            let shorten = segment.file.set_length(end).and_then(|()| segment.file.sync());
            shorten.map_err(|error| unavailable(&segment.path, "cutting", &error))?;
        }
        let current = self.index.current();
        if let Some(held) = self.segments.get_mut(slot) {
            held.length = end;
            held.last_revision = current;
        }
        self.progress.read = before;
        self.report(before + length);
        Ok((slot, segment, cut))
    }

    fn batch(&mut self, slot: u32, segment: &Segment, offset: u64, bytes: &[u8]) -> Result<()> {
        for record in Records::new(bytes, offset) {
            let (record, place) = record.map_err(|offset| {
                damaged(segment.path.clone(), offset, "there is no record where one should be")
            })?;
            self.record(segment, record, Place { segment: slot, ..place });
        }
        Ok(())
    }

    fn record(&mut self, segment: &Segment, record: Record<'_>, place: Place) {
        let (key, version) = match record {
            Record::Put { key, revision, create_revision, version, value } => {
                let value = Some(Bytes::copy_from_slice(value));
                (key, Version { revision, create_revision, version, place, value })
            }
            Record::Delete { key, revision } => {
                if segment.header.generation > 0
                    && let Some(held) = self.segments.get_mut(place.segment)
                {
                    held.retained += u64::from(place.length);
                    held.retained_until = revision;
                }
                (key, Version { revision, create_revision: 0, version: 0, place, value: None })
            }
            Record::Compact { revision } => {
                self.index.compact(revision);
                while self.index.sweep(usize::MAX, |place| self.segments.free(place)) {}
                return;
            }
        };
        self.segments.need(place);
        self.index.apply(Key::from(key), version, |place| self.segments.free(place));
    }

    /// Tells the progress, about every 16 MiB.
    fn report(&mut self, read: u64) {
        const STEP: u64 = 16 << 20;
        let due = read / STEP != self.progress.read / STEP || read == self.progress.total;
        self.progress.read = read;
        self.progress.keys = self.index.len();
        if due && let Some(callback) = &self.options.progress {
            callback(self.progress);
        }
    }
}
