//! The cleaner thread: after a compaction it drops what can't be read any more, and rewrites the segments of which
//! too little is needed. Writers and readers go on meanwhile; they meet it only for short spells at the lock.
//!
//! Only sealed segments are cleaned in which everything is older than the compaction. A put is kept if the index
//! still has it. A delete is kept for as long as an older file may hold a put it undoes, since reading the files
//! again would bring that back.

use std::io;
use std::sync::Arc;
use std::sync::mpsc::Receiver;

use super::files::Files;
use super::format::{BATCH_HEADER, BatchHeader, Record, SEGMENT_HEADER, SegmentHeader};
use super::index::Place;
use super::segment::{Records, Segment, Step, UNFINISHED, damaged, salt, unavailable};
use super::state::{Held, Shared, State};
use crate::{Result, Revision};

/// How many changes or records are handled while the lock is held.
const SPELL: usize = 2048;
/// The size of the batches written, in bytes.
const BATCH_BYTES: usize = 1 << 20;

/// See the module.
pub struct Cleaner {
    /// The store.
    pub shared: Arc<Shared>,
    /// Its files; `None` if everything is in memory.
    pub files: Option<Arc<dyn Files>>,
    /// The size a segment may reach, in bytes.
    pub segment_bytes: u64,
    /// A message for each compaction; the end when it closes.
    pub wake: Receiver<()>,
}

impl Cleaner {
    /// Works until the writer is gone.
    pub fn run(self) {
        while self.wake.recv().is_ok() {
            while self.wake.try_recv().is_ok() {}
            self.work();
        }
    }

    /// Does all there is to do.
    pub fn work(&self) {
        sweep(&self.shared);
        if let Some(files) = &self.files {
            let result = clean(&self.shared, files.as_ref(), self.segment_bytes);
            *self.shared.problem.lock() = result.err().map(|error| error.to_string());
        }
    }
}

/// Drops the versions that compaction has given up.
fn sweep(shared: &Shared) {
    loop {
        let mut state = shared.state.write();
        let State { index, segments, .. } = &mut *state;
        if !index.sweep(SPELL, |place| segments.free(place)) {
            return;
        }
    }
}

/// Cleans segments until none is worth it.
fn clean(shared: &Shared, files: &dyn Files, segment_bytes: u64) -> Result<()> {
    while !shared.signal.borrow().closed {
        let choice = choose(&shared.state.read(), segment_bytes);
        match choice {
            Some(run) => Rewrite::new(shared, files, run)?.run()?,
            None => break,
        }
    }
    Ok(())
}

/// Neighbouring segments to be rewritten into one.
struct Run {
    victims: Vec<(u32, Held)>,
    /// No older file holds a put that was given up before this revision.
    older_clean_at: Revision,
}

/// The segments most worth cleaning: at least half of one is not needed, and its neighbours fit in.
fn choose(state: &State, segment_bytes: u64) -> Option<Run> {
    let all = state.segments.in_order();
    let compacted = state.index.compacted();
    let cold: Vec<bool> =
        all.iter().map(|(_, held)| held.sealed && held.last_revision <= compacted).collect();
    let older_clean_at = |at: usize| {
        let older = all[..at].iter().map(|(_, held)| held.segment.header.cleaned_at);
        older.min().unwrap_or(Revision::MAX)
    };
    // What cleaning would leave of a segment. Without the header of its batch a file of one small record would
    // seem worth cleaning for ever.
    let kept = |at: usize| {
        let held = all[at].1;
        let blocked = held.retained_until > older_clean_at(at);
        let records = held.needed + if blocked { held.retained } else { 0 };
        records + if records > 0 { BATCH_HEADER as u64 } else { 0 }
    };
    let size = |at: usize| all[at].1.length - SEGMENT_HEADER as u64;
    let worst = (0..all.len())
        .filter(|&at| cold[at] && size(at) > 0 && kept(at) * 2 <= size(at))
        .min_by_key(|&at| kept(at) * 1000 / size(at))
        .or_else(|| blocker(&all, &cold))?;
    let fits = |at: usize, total: u64| {
        cold[at]
            && total + kept(at) <= segment_bytes
            && (kept(at) * 4 <= size(at) * 3 || kept(at) * 4 <= segment_bytes)
    };
    let (mut first, mut last, mut total) = (worst, worst, kept(worst));
    while last + 1 < all.len() && fits(last + 1, total) {
        last += 1;
        total += kept(last);
    }
    while first > 0 && fits(first - 1, total) {
        first -= 1;
        total += kept(first);
    }
    let victims = all[first..=last].iter().map(|(slot, held)| (*slot, (*held).clone())).collect();
    Some(Run { victims, older_clean_at: older_clean_at(first) })
}

/// The oldest segment that keeps another from dropping deletes of a quarter of its own size or more: what rewriting
/// it costs is then soon paid back.
fn blocker(all: &[(u32, &Held)], cold: &[bool]) -> Option<usize> {
    all.iter().enumerate().filter(|(_, (_, held))| held.retained > 0).find_map(|(at, (_, held))| {
        (0..at).find(|&older| {
            let blocking = all[older].1;
            cold[older]
                && blocking.segment.header.cleaned_at < held.retained_until
                && held.retained * 4 >= blocking.length - SEGMENT_HEADER as u64
        })
    })
}

/// A record that goes into the new segment.
struct Moved {
    key: String,
    revision: Revision,
    place: Place,
}

/// The rewriting of a run of segments.
struct Rewrite<'a> {
    shared: &'a Shared,
    files: &'a dyn Files,
    run: Run,
    target: Segment,
    length: u64,
    buffer: Vec<u8>,
    count: u32,
    moved: Vec<Moved>,
    retained: u64,
    retained_until: Revision,
}

impl<'a> Rewrite<'a> {
    fn new(shared: &'a Shared, files: &'a dyn Files, run: Run) -> Result<Rewrite<'a>> {
        let headers = || run.victims.iter().map(|(_, held)| &held.segment.header);
        let header = SegmentHeader {
            first: headers().map(|header| header.first).min().unwrap_or(0),
            last: headers().map(|header| header.last).max().unwrap_or(0),
            generation: headers().map(|header| header.generation).max().unwrap_or(0) + 1,
            salt: salt(),
            base_revision: run.victims.iter().map(|(_, held)| held.last_revision).max().unwrap_or(0),
            cleaned_at: shared.state.read().index.compacted(),
        };
        let target = Segment::begin(files, header)
            .map_err(|error| unavailable(&files.path(""), "making a segment in", &error))?;
        Ok(Rewrite {
            shared,
            files,
            run,
            target,
            length: SEGMENT_HEADER as u64,
            buffer: vec![0; BATCH_HEADER],
            count: 0,
            moved: Vec::new(),
            retained: 0,
            retained_until: 0,
        })
    }

    fn run(mut self) -> Result<()> {
        let copied = self.copy();
        if copied.is_err() {
            // Opening the store removes it as well, should this fail.
            let _ = self.files.remove(&(self.target.name.clone() + UNFINISHED));
        }
        copied?;
        self.replace();
        Ok(())
    }

    fn copy(&mut self) -> Result<()> {
        for at in 0..self.run.victims.len() {
            let held = self.run.victims[at].1.clone();
            self.victim(&held)?;
        }
        self.flush()
            .and_then(|()| self.target.finish(self.files))
            .map_err(|error| unavailable(&self.target.path, "writing", &error))
    }

    fn victim(&mut self, held: &Held) -> Result<()> {
        let mut scan = held.segment.scan(held.length);
        loop {
            match scan.step()? {
                Step::Batch(offset, records) => self.batch(&held.segment, offset, records)?,
                Step::End => return Ok(()),
                Step::Broken(offset, problem) => {
                    return Err(damaged(held.segment.path.clone(), offset, problem));
                }
            }
        }
    }

    fn batch(&mut self, segment: &Segment, offset: u64, bytes: &[u8]) -> Result<()> {
        let wanted: Vec<Record<'_>> = {
            let state = self.shared.state.read();
            let mut wanted = Vec::new();
            for record in Records::new(bytes, offset) {
                let (record, _) = record.map_err(|offset| {
                    damaged(segment.path.clone(), offset, "there is no record where one should be")
                })?;
                let keep = match record {
                    Record::Put { key, revision, .. } => state.index.holds(key, revision),
                    Record::Delete { revision, .. } => revision > self.run.older_clean_at,
                    Record::Compact { .. } => false,
                };
                if keep {
                    wanted.push(record);
                }
            }
            wanted
        };
        for record in wanted {
            self.keep(record).map_err(|error| unavailable(&self.target.path, "writing", &error))?;
        }
        Ok(())
    }

    fn keep(&mut self, record: Record<'_>) -> io::Result<()> {
        let start = self.buffer.len();
        record.encode(&mut self.buffer);
        self.count += 1;
        let length = (self.buffer.len() - start) as u32;
        match record {
            Record::Put { key, revision, .. } => {
                // The number of the segment is known once it is complete.
                let place = Place { segment: 0, offset: (self.length + start as u64) as u32, length };
                self.moved.push(Moved { key: key.to_owned(), revision, place });
            }
            Record::Delete { revision, .. } => {
                self.retained += u64::from(length);
                self.retained_until = revision;
            }
            Record::Compact { .. } => {}
        }
        if self.buffer.len() >= BATCH_BYTES { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.count == 0 {
            return Ok(());
        }
        let (header, records) = self.buffer.split_at_mut(BATCH_HEADER);
        header.copy_from_slice(
            &BatchHeader::of(records, self.count).encode(self.target.header.salt, self.length),
        );
        self.target.file.write_all_at(&self.buffer, self.length)?;
        self.length += self.buffer.len() as u64;
        self.buffer.truncate(BATCH_HEADER);
        self.count = 0;
        Ok(())
    }

    /// Points the index to the new file, then gives up the old ones.
    fn replace(self) {
        let held = Held {
            sealed: true,
            retained: self.retained,
            retained_until: self.retained_until,
            ..Held::new(Arc::new(self.target), self.length)
        };
        let slot = self.shared.state.write().segments.insert(held);
        for spell in self.moved.chunks(SPELL) {
            let mut state = self.shared.state.write();
            let State { index, segments, .. } = &mut *state;
            for Moved { key, revision, place } in spell {
                let place = Place { segment: slot, ..*place };
                if index.relocate(key, *revision, place) {
                    segments.need(place);
                }
            }
        }
        let mut names = Vec::new();
        {
            let mut state = self.shared.state.write();
            for (slot, held) in &self.run.victims {
                state.segments.remove(*slot);
                names.push(held.segment.name.clone());
            }
        }
        for name in names {
            // A file that stays is removed when the store is opened: the new one's name says that it is replaced.
            let _ = self.files.remove(&name);
        }
    }
}
