//! Closed-loop load: so many connections, each sending its next request when it has read the last answer.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use crate::Target;
use crate::client::{Call, Connection};

/// When a load ends.
#[derive(Clone, Copy, Debug)]
pub enum Until {
    /// When the requests up to this number are sent.
    Count(u64),
    /// After so long.
    Time(Duration),
}

/// What a load measured.
#[derive(Clone, Debug, Default)]
pub struct Measured {
    /// How many requests were answered.
    pub count: u64,
    /// The bytes of the answers' bodies.
    pub bytes: u64,
    /// The time of it all.
    pub time: Duration,
    /// The processor time the server took for it, if that is known.
    pub processor: Option<Duration>,
    /// The time of each request, sorted.
    pub delays: Vec<Duration>,
}

impl Measured {
    /// Requests per second.
    pub fn rate(&self) -> f64 {
        self.count as f64 / self.time.as_secs_f64()
    }

    /// The server's processor time for one request.
    pub fn processor_each(&self) -> Option<Duration> {
        self.processor.map(|time| time.div_f64(self.count.max(1) as f64))
    }

    /// Adds what another has counted in the same time.
    pub fn add(&mut self, other: Measured) {
        self.count += other.count;
        self.bytes += other.bytes;
        self.delays.extend(other.delays);
    }

    /// Megabytes (10^6) of bodies per second.
    pub fn megabytes(&self) -> f64 {
        self.bytes as f64 / 1e6 / self.time.as_secs_f64()
    }
}

/// The value that `percent` of the sorted `delays` do not exceed; zero if there are none.
pub fn percentile(delays: &[Duration], percent: f64) -> Duration {
    let at = (delays.len() as f64 * percent / 100.0).ceil() as usize;
    delays.get(at.saturating_sub(1).min(delays.len().saturating_sub(1))).copied().unwrap_or_default()
}

/// Makes load of the requests that `call` makes of `first` and the numbers after it.
pub async fn run(
    target: &Target,
    connections: usize,
    first: u64,
    until: Until,
    call: impl Fn(u64) -> Call + Send + Sync + 'static,
) -> io::Result<Measured> {
    let call = Arc::new(call);
    let next = Arc::new(AtomicU64::new(first));
    let mut open = Vec::with_capacity(connections);
    for _ in 0..connections {
        open.push(Connection::open(target).await?);
    }
    let begin = Instant::now();
    let mut tasks = JoinSet::new();
    for mut connection in open {
        let (call, next) = (call.clone(), next.clone());
        tasks.spawn(async move {
            let (mut delays, mut bytes) = (Vec::new(), 0);
            loop {
                let ticket = next.fetch_add(1, Ordering::Relaxed);
                let over = match until {
                    Until::Count(count) => ticket >= count,
                    Until::Time(time) => begin.elapsed() >= time,
                };
                if over {
                    return Ok::<_, io::Error>((delays, bytes));
                }
                let sent = Instant::now();
                bytes += connection.count(&call(ticket)).await?;
                delays.push(sent.elapsed());
            }
        });
    }
    let mut measured = Measured::default();
    while let Some(ended) = tasks.join_next().await {
        let (delays, bytes) = ended.map_err(io::Error::other)??;
        measured.add(Measured { count: delays.len() as u64, bytes, delays, ..Measured::default() });
    }
    measured.time = begin.elapsed();
    measured.delays.sort_unstable();
    Ok(measured)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles() {
        let delays: Vec<Duration> = (1..=100).map(Duration::from_millis).collect();
        for (percent, expected) in [(50.0, 50), (99.0, 99), (100.0, 100), (0.0, 1)] {
            assert_eq!(percentile(&delays, percent), Duration::from_millis(expected), "{percent}");
        }
        assert_eq!(percentile(&[], 50.0), Duration::ZERO);
    }
}
