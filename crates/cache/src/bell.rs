//! Wakes the watchers of a resource when there are events.
//!
//! To wake a great many takes time, and while they are served there is no use in waking them for each event that
//! comes: they find all that has come when it is their turn. So after a ring the next is no sooner than that round
//! may take. An event after a quiet time is not kept waiting, nor is any if the watchers are few.

use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

/// What it takes to serve a watcher once: about a write to a socket.
const SERVICE: Duration = Duration::from_micros(8);
/// A shorter pause than this is none: it is the timer's resolution.
const LEAST: Duration = Duration::from_millis(1);

/// What a watcher waits for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wake {
    /// The number that the next event will have.
    pub end: u64,
    /// There will be none.
    pub ended: bool,
}

/// See the module.
#[derive(Default)]
pub struct Bell {
    wake: watch::Sender<Wake>,
    pause: Mutex<Pause>,
}

#[derive(Default)]
struct Pause {
    /// No sooner than this is the next ring.
    until: Option<Instant>,
    /// A task will ring then.
    awaited: bool,
}

impl Bell {
    /// A watcher's place to wait at.
    pub fn listen(&self) -> watch::Receiver<Wake> {
        self.wake.subscribe()
    }

    /// Says that there are events up to the number `end`. Needs a Tokio runtime if there are many watchers.
    pub fn ring(self: &Arc<Bell>, end: u64) {
        let now = Instant::now();
        let mut pause = self.pause.lock();
        match pause.until.filter(|until| now < *until) {
            None => {
                pause.until = self.round().map(|round| now + round);
                self.wake.send_modify(|wake| wake.end = end);
            }
            Some(until) => {
                // Seen by those who come to look; the others are woken later.
                self.wake.send_if_modified(|wake| {
                    wake.end = end;
                    false
                });
                if !std::mem::replace(&mut pause.awaited, true) {
                    let bell = Arc::clone(self);
                    tokio::spawn(async move {
                        sleep_until(until).await;
                        bell.ring_late();
                    });
                }
            }
        }
    }

    fn ring_late(&self) {
        let until = self.round().map(|round| Instant::now() + round);
        *self.pause.lock() = Pause { until, awaited: false };
        self.wake.send_modify(|_| {});
    }

    /// Says that there will be no more events.
    pub fn end(&self) {
        self.wake.send_modify(|wake| wake.ended = true);
    }

    /// What it takes to serve all watchers once; nothing if it takes next to no time.
    fn round(&self) -> Option<Duration> {
        let watchers = u32::try_from(self.wake.receiver_count()).unwrap_or(u32::MAX);
        Some(SERVICE.saturating_mul(watchers)).filter(|round| *round >= LEAST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many watchers are many.
    const MANY: usize = 1000;

    #[tokio::test(start_paused = true)]
    async fn many_watchers_are_woken_once_a_round_and_miss_nothing() {
        for (watchers, expected) in [(1, vec![1, 2, 3]), (MANY, vec![1, 3])] {
            let bell = Arc::new(Bell::default());
            let mut receivers: Vec<_> = (0..watchers).map(|_| bell.listen()).collect();
            let mut woken = Vec::new();
            for end in 1..=3 {
                bell.ring(end);
                if receivers[0].has_changed().expect("the bell is there") {
                    woken.push(receivers[0].borrow_and_update().end);
                }
                assert_eq!(receivers[watchers - 1].borrow().end, end, "whoever looks sees it");
            }
            tokio::time::sleep(SERVICE * MANY as u32 * 2).await;
            if receivers[0].has_changed().expect("the bell is there") {
                woken.push(receivers[0].borrow_and_update().end);
            }
            assert_eq!(woken, expected, "{watchers} watchers");
            bell.ring(4);
            assert!(receivers[0].has_changed().expect("the bell is there"), "a quiet time has passed");
        }
    }
}
