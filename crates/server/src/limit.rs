//! How many requests may be answered at a time (`--max-requests-inflight` and its sibling for writes).

use std::sync::atomic::{AtomicUsize, Ordering};

/// A bounded count of what is under way.
#[derive(Debug)]
pub struct Limit {
    max: usize,
    count: AtomicUsize,
}

/// One request under way; the place is free again when this is dropped.
#[derive(Debug)]
pub struct Place<'a>(&'a Limit);

impl Limit {
    /// At most `max` at a time; 0: any number.
    pub fn new(max: usize) -> Limit {
        Limit { max, count: AtomicUsize::new(0) }
    }

    /// How many are under way.
    pub fn under_way(&self) -> usize {
        self.count.load(Ordering::Relaxed)
    }

    /// A place, if one is free.
    pub fn enter(&self) -> Option<Place<'_>> {
        let place = Place(self);
        let before = self.count.fetch_add(1, Ordering::Relaxed);
        (self.max == 0 || before < self.max).then_some(place)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.count.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_come_back() {
        let limit = Limit::new(1);
        let first = limit.enter();
        assert!(first.is_some() && limit.enter().is_none());
        drop(first);
        assert!(limit.enter().is_some());
    }
}
