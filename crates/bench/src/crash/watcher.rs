//! A watcher: follows the objects, and after each crash goes on from the last revision it saw.

use std::io;
use std::sync::Arc;

use http_body_util::BodyExt;
use object::json;
use parking_lot::Mutex;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::ledger::mark_of;
use super::{AGAIN, Run};
use crate::client::{Call, Connection};

/// A task that watches.
pub(super) struct Watcher {
    task: JoinHandle<()>,
    seen: Arc<Mutex<Vec<u64>>>,
    last: watch::Receiver<u64>,
}

impl Watcher {
    /// Begins to watch after a revision.
    pub(super) fn begin(run: Arc<Run>, after: u64) -> Watcher {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (told, last) = watch::channel(after);
        let all = seen.clone();
        let task = tokio::spawn(async move {
            loop {
                // However it ends: the next one goes on where this one stopped.
                let _ = follow(&run, &all, &told).await;
                tokio::time::sleep(AGAIN).await;
            }
        });
        Watcher { task, seen, last }
    }

    /// Waits until it has seen a revision.
    pub(super) async fn reached(&self, revision: u64) {
        let _ = self.last.clone().wait_for(|last| *last >= revision).await;
    }

    /// Stops; answers the revisions it saw, in order.
    pub(super) fn end(self) -> Vec<u64> {
        self.task.abort();
        std::mem::take(&mut *self.seen.lock())
    }
}

/// Watches once, until the stream ends or breaks.
async fn follow(run: &Run, seen: &Mutex<Vec<u64>>, told: &watch::Sender<u64>) -> io::Result<()> {
    let after = *told.borrow();
    let call = Call::get(format!("{}?watch=1&resourceVersion={after}", run.space.collection()));
    let mut connection = Connection::open(&run.target).await?;
    let (code, mut body) = connection.begin(&call).await?;
    if code != 200 {
        return Err(io::Error::other(format!("a watch was answered {code}")));
    }
    let mut rest = Vec::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(io::Error::other)?;
        rest.extend_from_slice(frame.data_ref().map_or(&[][..], |data| data));
        let Some(end) = rest.iter().rposition(|byte| *byte == b'\n') else { continue };
        let lines: Vec<u8> = rest.drain(..=end).collect();
        for line in lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            take(run, line, seen, told);
        }
    }
    Ok(())
}

/// Takes down one event.
fn take(run: &Run, line: &[u8], seen: &Mutex<Vec<u64>>, told: &watch::Sender<u64>) {
    let event = json::parse(line).unwrap_or_default();
    let mut ledger = run.ledger.lock();
    let event_type = event.str_at(["type"]);
    if !matches!(event_type, "ADDED" | "MODIFIED" | "DELETED") {
        ledger.faults.push(format!("a watch sent {}", String::from_utf8_lossy(line)));
        return;
    }
    let (revision, mut mark) = mark_of(event.get("object").unwrap_or(&event));
    if event_type == "DELETED" {
        mark.note = None;
    }
    ledger.see(*told.borrow(), revision, mark);
    seen.lock().push(revision);
    told.send_replace(revision);
}
