//! Where the time comes from.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use super::{Duration, MicroTime, Time};

/// A source of the current time.
pub trait Clock: Send + Sync {
    /// The current time to the microsecond.
    fn now_micro(&self) -> MicroTime;

    /// The current time to the second.
    fn now(&self) -> Time {
        self.now_micro().into()
    }
}

/// The system's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now_micro(&self) -> MicroTime {
        let micros = match SystemTime::now().duration_since(UNIX_EPOCH) {
            Ok(after) => i64::try_from(after.as_micros()).unwrap_or(i64::MAX),
            Err(before) => -i64::try_from(before.duration().as_micros()).unwrap_or(i64::MAX),
        };
        MicroTime::from_unix_micros(micros)
    }
}

/// A clock that stands until it is told otherwise, for tests.
#[derive(Debug)]
pub struct ManualClock {
    micros: AtomicI64,
}

impl ManualClock {
    /// Stands at `time`.
    pub fn new(time: impl Into<MicroTime>) -> Self {
        ManualClock { micros: AtomicI64::new(time.into().unix_micros()) }
    }

    /// Stands at `time` from now on.
    pub fn set(&self, time: impl Into<MicroTime>) {
        self.micros.store(time.into().unix_micros(), Ordering::SeqCst);
    }

    /// Stands later by `duration`, to the microsecond.
    pub fn advance(&self, duration: Duration) {
        self.micros.fetch_add(duration.nanos() / 1000, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now_micro(&self) -> MicroTime {
        MicroTime::from_unix_micros(self.micros.load(Ordering::SeqCst))
    }
}
