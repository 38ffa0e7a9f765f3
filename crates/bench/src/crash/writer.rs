//! A writer: creates, replaces and deletes objects of its own, one write at a time. A write whose answer it does not
//! get may have happened or not; it looks which, and goes on.

use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use bytes::Bytes;

use super::ledger::{Mark, mark_of};
use super::{AGAIN, Run};
use crate::client::{Call, Connection, Reply};

/// How many objects a writer has.
const OBJECTS: u64 = 8;
/// The name of the object that is written to in the end.
const LAST: u64 = 1_000_000;

/// Writes until the run is over.
pub(super) async fn write(run: Arc<Run>, number: usize) {
    let mut connection = None;
    let mut turn = 0_u64;
    while !run.done.load(Ordering::Relaxed) {
        turn += 1;
        let object = number as u64 * OBJECTS + turn % OBJECTS;
        if connection.is_none() {
            connection = Connection::open(&run.target).await.ok();
        }
        let Some(open) = &mut connection else {
            tokio::time::sleep(AGAIN).await;
            continue;
        };
        if one(&run, open, object, &format!("{number}-{turn}"), turn.is_multiple_of(5)).await.is_err() {
            connection = None;
        }
    }
}

/// One write: a delete, a replacement, or a creation of what is not there.
async fn one(run: &Run, open: &mut Connection, object: u64, note: &str, delete: bool) -> io::Result<()> {
    if delete {
        // Of a deletion's revision only watchers are told.
        send(open, &run.space.remove_one(object)).await?;
        return Ok(());
    }
    let mut reply = send(open, &run.space.update(object, note)).await?;
    if reply.code == 404 {
        reply = send(open, &run.space.create_with(object, note)).await?;
    }
    if (200..300).contains(&reply.code) {
        let (revision, mark) = mark_of(&reply.json());
        run.ledger.lock().acknowledge(revision, mark);
    } else if reply.code < 500 && reply.code != 429 {
        run.ledger.lock().faults.push(format!("a write was answered {}", reply.code));
    }
    Ok(())
}

/// Writes one object more; answers the revision.
pub(super) async fn touch(run: &Run) -> io::Result<u64> {
    let mut open = Connection::open(&run.target).await?;
    let reply = send(&mut open, &run.space.create_with(LAST, "last")).await?;
    let (revision, Mark { .. }) = mark_of(&reply.json());
    Ok(revision)
}

async fn send(open: &mut Connection, call: &Call) -> io::Result<Reply> {
    open.request(call.method.as_str(), &call.path, call.content_type, Bytes::clone(&call.body)).await
}
