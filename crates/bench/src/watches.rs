//! Watches under load: many watchers of the same objects, and many that wait for nothing.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use http_body_util::BodyExt;
use hyper::body::Incoming;
use parking_lot::Mutex;
use tokio::task::JoinSet;

use crate::Target;
use crate::client::{Call, Connection, refused};
use crate::load::Measured;
use crate::requests::Space;

/// How many events a watcher may be behind before the writer waits: so the server is busy and nobody is cut off.
const BEHIND: u64 = 32;
/// Of so many watchers one looks at the times of its events.
const SAMPLE: usize = 16;
/// How many objects the writer writes to.
const OBJECTS: u64 = 16;

/// Watches of a namespace that have begun.
pub struct Watches {
    tasks: JoinSet<io::Result<()>>,
    seen: Arc<[AtomicU64]>,
    delays: Arc<Mutex<Vec<Duration>>>,
}

impl Watches {
    /// Begins `count` watches, each over a connection of its own.
    pub async fn begin(target: &Target, space: &Space, count: usize) -> io::Result<Watches> {
        let call = Call::get(format!(
            "{}?watch=1&resourceVersion={}",
            space.collection(),
            version(target, space).await?
        ));
        let seen: Arc<[AtomicU64]> = (0..count).map(|_| AtomicU64::new(0)).collect();
        let delays = Arc::new(Mutex::new(Vec::new()));
        let mut tasks = JoinSet::new();
        for at in 0..count {
            let mut connection = Connection::open(target).await?;
            let (code, body) = connection.begin(&call).await?;
            if code != 200 {
                return Err(refused(&call, code, b""));
            }
            let (seen, delays) = (seen.clone(), delays.clone());
            tasks.spawn(async move {
                let sampled = if at.is_multiple_of(SAMPLE) { Some(&*delays) } else { None };
                let _connection = connection;
                follow(body, &seen[at], sampled).await
            });
        }
        Ok(Watches { tasks, seen, delays })
    }

    /// Writes for a while, `pause` after each write, and measures what the watchers are sent.
    pub async fn fan_out(
        &mut self,
        target: &Target,
        space: &Space,
        time: Duration,
        pause: Duration,
    ) -> io::Result<Measured> {
        let mut connection = Connection::open(target).await?;
        let seen = self.seen.clone();
        let total = || seen.iter().map(|seen| seen.load(Ordering::Relaxed)).sum::<u64>();
        let slowest = || seen.iter().map(|seen| seen.load(Ordering::Relaxed)).min().unwrap_or(0);
        let (before, start) = (total(), slowest());
        self.delays.lock().clear();
        let begin = Instant::now();
        let mut written = 0;
        while begin.elapsed() < time {
            connection.count(&space.update(written % OBJECTS, &nanoseconds().to_string())).await?;
            written += 1;
            if !pause.is_zero() {
                tokio::time::sleep(pause).await;
            }
            while written > slowest() - start + BEHIND {
                self.check()?;
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        }
        while slowest() - start < written {
            self.check()?;
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        let time = begin.elapsed();
        let mut delays = std::mem::take(&mut *self.delays.lock());
        delays.sort_unstable();
        Ok(Measured { count: total() - before, time, delays, ..Measured::default() })
    }

    /// Fails if a watch has ended: none should.
    fn check(&mut self) -> io::Result<()> {
        match self.tasks.try_join_next() {
            None => Ok(()),
            Some(ended) => {
                ended.map_err(io::Error::other)??;
                Err(io::Error::other("the server ended a watch"))
            }
        }
    }
}

/// The resource version of a list of the namespace.
async fn version(target: &Target, space: &Space) -> io::Result<String> {
    let path = format!("{}?limit=1", space.collection());
    let reply = Connection::open(target).await?.request("GET", &path, "", bytes::Bytes::new()).await?;
    Ok(reply.json().str_at(["metadata", "resourceVersion"]).to_owned())
}

/// Reads a watch until it ends.
async fn follow(
    mut body: Incoming,
    seen: &AtomicU64,
    sampled: Option<&Mutex<Vec<Duration>>>,
) -> io::Result<()> {
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(io::Error::other)?;
        let Some(data) = frame.data_ref() else { continue };
        if let Some(sampled) = sampled {
            sampled.lock().extend(delays(data));
        }
        seen.fetch_add(count(data), Ordering::Relaxed);
    }
    Ok(())
}

/// How many events a piece of a watch's answer has. (One that is in two pieces counts where it ends.)
pub(crate) fn count(data: &[u8]) -> u64 {
    data.iter().filter(|byte| **byte == b'\n').count() as u64
}

/// How long ago the writes were begun that a piece of a watch's answer tells of.
pub(crate) fn delays(data: &[u8]) -> impl Iterator<Item = Duration> {
    let now = nanoseconds();
    notes(data).map(move |sent| Duration::from_nanos(now.saturating_sub(sent)))
}

/// The times that a piece of a watch's answer carries as notes, in nanoseconds.
fn notes(data: &[u8]) -> impl Iterator<Item = u64> {
    const NAME: &[u8] = b"\"note\":\"";
    let mut rest = data;
    std::iter::from_fn(move || {
        let at = rest.windows(NAME.len()).position(|window| window == NAME)?;
        rest = &rest[at + NAME.len()..];
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit());
        Some(digits.fold(0u64, |number, digit| number.wrapping_mul(10).wrapping_add(u64::from(digit - b'0'))))
    })
    .filter(|sent| *sent > 0)
}

/// The time, in nanoseconds since 1970: what writers note in objects.
pub(crate) fn nanoseconds() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::notes;

    #[test]
    fn notes_are_found() {
        let data = br#"{"data":{"note":"17","text":""}} {"note":"x"} {"note":"42"}"#;
        assert_eq!(notes(data).collect::<Vec<_>>(), [17, 42]);
    }
}
