//! Watches: the state if it is asked for, then events, each a line of JSON or a message, until the time is over.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use registry::{ListOptions, Request, Resource, Watch};
use status::{Result, Status};
use tokio::time::Instant;

use super::render;
use super::shape::Shaper;
use crate::api::Api;
use crate::body::Body;
use crate::metrics::{Count, LongRunning};
use crate::negotiate::Format;
use crate::produce::{Outbox, produce};
use crate::respond::{self, Answer};

/// How often a watch that wants bookmarks gets one.
const BOOKMARKS: Duration = Duration::from_secs(60);
/// Begins a watch and answers its stream. `shaper` makes what events are shown by.
pub(super) async fn answer(
    api: &Arc<Api>,
    request: &Request,
    options: &ListOptions,
    format: Format,
    shaper: impl FnOnce() -> Result<Shaper>,
) -> Result<Answer> {
    let watch = match api.registry.watch(request, options).await {
        Ok(watch) => watch,
        // Of a version that is gone, or that is not there yet, a stream tells that has begun.
        Err(gone) if matches!(gone.code, 410 | 504) => return Ok(ended(&gone, format)),
        Err(refusal) => return Err(refusal),
    };
    let shaper = shaper()?;
    let time = options.timeout.unwrap_or_else(|| lifetime(api.settings.min_request_timeout));
    let encodings = [false, true].map(|first| shaper.encoding(first));
    let (api, options) = (Arc::clone(api), options.clone());
    let counted = api.metrics.long_running(request);
    let frames = produce(move |frames| {
        let events = api.metrics.watch_events(&watch.resource);
        Stream { events, _counted: counted, api, watch, frames, options, shaper, encodings, first: true }
            .run(time)
    });
    Ok(respond::raw(200, render::stream_type(format), Body::stream(frames)))
}

/// How long a watch lasts whose client does not say: the least time, and a random part of as much again, so that
/// clients do not come back all at once.
fn lifetime(least: Duration) -> Duration {
    least + least.mul_f64(f64::from(uuid_byte()) / 256.0)
}

/// A byte that differs from watch to watch.
fn uuid_byte() -> u8 {
    meta::new_uid(&meta::SystemRandomness).bytes().fold(0, u8::wrapping_add)
}

/// A watch that has ended before it began: 200, and one ERROR event.
fn ended(status: &Status, format: Format) -> Answer {
    respond::raw(200, render::stream_type(format), Body::from(error_frame(status, format)))
}

fn error_frame(status: &Status, format: Format) -> Bytes {
    render::event("ERROR", status.to_json().as_bytes(), format)
}

/// A watch under way. What a slow client has not read waits in the event window, which all watches share.
struct Stream {
    api: Arc<Api>,
    watch: Watch,
    frames: Outbox<Bytes>,
    options: ListOptions,
    shaper: Shaper,
    /// The numbers of the frames of later events, and of the first.
    encodings: [u64; 2],
    /// Where what is sent is counted.
    events: Arc<Count>,
    _counted: LongRunning,
    /// Nothing has been sent yet.
    first: bool,
}

impl Stream {
    /// Sends until the time is over or the server stops.
    async fn run(mut self, time: Duration) {
        let api = Arc::clone(&self.api);
        tokio::select! {
            () = self.send() => {}
            () = tokio::time::sleep(time) => {}
            () = api.stopped() => {}
        }
    }

    async fn send(&mut self) {
        for object in std::mem::take(&mut self.watch.initial) {
            if self.frame("ADDED", object.json()).await.is_none() {
                return;
            }
        }
        if self.options.send_initial_events == Some(true) && self.options.allow_watch_bookmarks {
            let annotation = r#","annotations":{"k8s.io/initial-events-end":"true"}"#;
            if self.bookmark(self.watch.revision, annotation).await.is_none() {
                return;
            }
        }
        let mut next_bookmark = Instant::now() + BOOKMARKS;
        loop {
            let events = tokio::select! {
                events = self.watch.cursor.next() => events,
                () = tokio::time::sleep_until(next_bookmark), if self.options.allow_watch_bookmarks => {
                    next_bookmark = Instant::now() + BOOKMARKS;
                    if self.bookmark(self.watch.cursor.passed(), "").await.is_none() {
                        return;
                    }
                    continue;
                }
            };
            let sent = match events {
                Ok(events) => self.events(events).await,
                Err(error) => {
                    let status: Box<Status> = error.into();
                    self.frames.send(error_frame(&status, self.shaper.format)).await;
                    None
                }
            };
            if sent.is_none() {
                return;
            }
        }
    }

    async fn events(&mut self, events: Vec<cache::Selected>) -> Option<()> {
        let stored = matches!(self.watch.resource.conversion, registry::Conversion::Stored);
        for event in events {
            if stored && self.shaper.plain() {
                self.events.add();
                self.frames.send(event.json_frame(0)).await;
                continue;
            }
            let encoding = self.encodings[usize::from(self.first)];
            let frame = event.frame(encoding, |event| {
                self.make_frame(event.event_type.as_str(), event.json()).unwrap_or_default()
            });
            self.send_frame(frame).await?;
        }
        Some(())
    }

    /// Sends an object in the version that is watched; nothing if it can't be written.
    async fn frame(&mut self, event_type: &str, json: Bytes) -> Option<()> {
        let frame = self.make_frame(event_type, json)?;
        self.send_frame(frame).await
    }

    /// Nothing if the frame is empty, which says that it can't be made.
    async fn send_frame(&mut self, frame: Bytes) -> Option<()> {
        self.first = false;
        if frame.is_empty() {
            return None;
        }
        self.events.add();
        self.frames.send(frame).await;
        Some(())
    }

    /// A line of the stream with an object of the stored version.
    fn make_frame(&self, event_type: &str, json: Bytes) -> Option<Bytes> {
        self.frame_of(event_type, self.watch.in_version(json).ok()?)
    }

    fn frame_of(&self, event_type: &str, json: Bytes) -> Option<Bytes> {
        let now = self.api.registry.clock().now();
        let object = self.shaper.watched(json, self.first, now)?;
        Some(render::event(event_type, &object, self.shaper.format))
    }

    async fn bookmark(&mut self, revision: u64, annotations: &str) -> Option<()> {
        let object = bookmark(&self.watch.resource, revision, annotations);
        let frame = self.frame_of("BOOKMARK", object.into())?;
        self.send_frame(frame).await
    }
}

/// The object of a bookmark: an unset one of the kind (as Go writes it, which leaves some fields in) at a revision.
fn bookmark(resource: &Resource, revision: u64, annotations: &str) -> Vec<u8> {
    let (kind, api_version) = (&resource.kind, resource.api_version());
    let object = format!(
        "{{\"kind\":\"{kind}\",\"apiVersion\":\"{api_version}\",\"metadata\":\
         {{\"resourceVersion\":\"{revision}\"{annotations}}}}}"
    );
    match object::json::parse(object.as_bytes()) {
        Ok(mut value) if !resource.custom => {
            let ty = resource.ty.get();
            schema::normalise(ty, &mut value);
            let mut bytes = Vec::new();
            schema::encode(ty, &value, &mut bytes);
            bytes
        }
        _ => object.into_bytes(),
    }
}
