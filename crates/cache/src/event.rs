//! A change of an object, and the frames it is sent in: each is made once, however many watch.

use std::sync::{Arc, OnceLock};
use std::time::Instant;

use bytes::{Bytes, BytesMut};
use storage::Revision;

use crate::{Object, Selection};

/// What a watcher is told, in the words of `metav1.WatchEvent`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EventType {
    /// The object is new in the selection.
    Added,
    /// The object has changed.
    Modified,
    /// The object is gone from the selection.
    Deleted,
}

impl EventType {
    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            EventType::Added => "ADDED",
            EventType::Modified => "MODIFIED",
            EventType::Deleted => "DELETED",
        }
    }
}

/// A change of an object.
pub struct Event {
    /// The revision of the change.
    pub revision: Revision,
    /// The object since; `None`: it was deleted.
    pub current: Option<Arc<Object>>,
    /// The object before; `None`: it was created.
    pub previous: Option<Arc<Object>>,
    /// When the cache learned of it.
    pub(crate) time: Instant,
    frames: Frames,
}

/// Frames, in a chain that only grows and is read without a lock.
#[derive(Default)]
struct Frames(OnceLock<Box<Frame>>);

struct Frame {
    encoding: u64,
    event_type: EventType,
    bytes: Bytes,
    next: Frames,
}

/// The most frames an event keeps; encodings are few, and what is past them is made anew.
const FRAMES: usize = 32;

impl Event {
    /// A change.
    pub fn new(
        revision: Revision,
        current: Option<Arc<Object>>,
        previous: Option<Arc<Object>>,
        time: Instant,
    ) -> Event {
        Event { revision, current, previous, time, frames: Frames::default() }
    }

    /// What of it a selection's watcher is told: an object that leaves the selection is deleted, as it was
    /// before, and one that comes into it is added.
    pub fn select(self: &Arc<Event>, selection: &Selection) -> Option<Selected> {
        let of =
            |object: &Option<Arc<Object>>| object.as_ref().is_some_and(|object| selection.matches(object));
        let event_type = match (of(&self.previous), of(&self.current)) {
            (false, false) => return None,
            (false, true) => EventType::Added,
            (true, true) => EventType::Modified,
            (true, false) => EventType::Deleted,
        };
        Some(Selected { event: self.clone(), event_type })
    }

    /// How many bytes of values it holds on to.
    pub(crate) fn weight(&self) -> usize {
        let of = |object: &Option<Arc<Object>>| {
            object.as_ref().map_or(0, |object| object.encoded().value().len() + object.key().len())
        };
        size_of::<Event>() + of(&self.current) + of(&self.previous)
    }
}

/// An event as a watcher is told of it.
#[derive(Clone)]
pub struct Selected {
    /// The event.
    pub event: Arc<Event>,
    /// What it is to the watcher.
    pub event_type: EventType,
}

impl Selected {
    /// The object to show: the old one if it is gone.
    pub fn object(&self) -> Option<&Arc<Object>> {
        match self.event_type {
            EventType::Deleted => self.event.previous.as_ref(),
            EventType::Added | EventType::Modified => self.event.current.as_ref(),
        }
    }

    /// The object's JSON, at the event's revision: a deleted object is shown with the revision of its deletion.
    pub fn json(&self) -> Bytes {
        self.object().map(|object| object.encoded().json(self.event.revision)).unwrap_or_default()
    }

    /// The frame for an encoding, made by `make` if nobody has had it made. The number stands for all that the
    /// bytes depend on besides the event and its type: media type, version, transformation.
    pub fn frame(&self, encoding: u64, make: impl FnOnce(&Selected) -> Bytes) -> Bytes {
        let mut make = Some(make);
        let mut frames = &self.event.frames;
        for _ in 0..FRAMES {
            let frame = frames.0.get_or_init(|| {
                let bytes = make.take().map(|make| make(self)).unwrap_or_default();
                Box::new(Frame { encoding, event_type: self.event_type, bytes, next: Frames::default() })
            });
            if frame.encoding == encoding && frame.event_type == self.event_type {
                return frame.bytes.clone();
            }
            frames = &frame.next;
        }
        make.take().map(|make| make(self)).unwrap_or_default()
    }

    /// The frame of a JSON watch: a line `{"type":"ADDED","object":...}`.
    pub fn json_frame(&self, encoding: u64) -> Bytes {
        self.frame(encoding, |selected| {
            const REST: usize = 40;
            let object = selected.object();
            let length = object.map_or(0, |object| object.encoded().json_length(selected.event.revision));
            let mut out = BytesMut::with_capacity(length + REST);
            out.extend_from_slice(b"{\"type\":\"");
            out.extend_from_slice(selected.event_type.as_str().as_bytes());
            out.extend_from_slice(b"\",\"object\":");
            if let Some(object) = object {
                object.encoded().write_json(selected.event.revision, &mut out);
            }
            out.extend_from_slice(b"}\n");
            out.freeze()
        })
    }
}
