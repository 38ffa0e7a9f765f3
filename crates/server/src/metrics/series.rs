//! Counts and histograms, by their labels.

use std::collections::HashMap;
use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use arc_swap::ArcSwap;

/// How many series a metric may have; what comes after these is counted in the last one, without labels.
const SERIES: usize = 4096;

/// The upper bounds of the buckets of durations, in seconds, as the original's are.
const BOUNDS: [f64; 23] = [
    0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0, 1.25, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 15.0,
    20.0, 30.0, 45.0, 60.0,
];

/// What can be measured for a set of labels.
pub(super) trait Series: Default {
    /// Writes the lines of this series.
    fn write(&self, out: &mut String, name: &str, labels: &str);
}

/// A number that is counted up, and down where it is a gauge.
#[derive(Debug, Default)]
pub(crate) struct Count(pub(super) AtomicU64);

impl Count {
    /// One more.
    pub(crate) fn add(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

impl Series for Count {
    fn write(&self, out: &mut String, name: &str, labels: &str) {
        let _ = writeln!(out, "{name}{{{labels}}} {}", self.0.load(Ordering::Relaxed));
    }
}

/// How many things took how long.
#[derive(Debug, Default)]
pub(super) struct Durations {
    /// One for each bound, and one for what took longer.
    buckets: [AtomicU64; BOUNDS.len() + 1],
    nanoseconds: AtomicU64,
}

impl Durations {
    pub(super) fn add(&self, time: Duration) {
        let seconds = time.as_secs_f64();
        let place = BOUNDS.partition_point(|bound| *bound < seconds);
        if let Some(bucket) = self.buckets.get(place) {
            bucket.fetch_add(1, Ordering::Relaxed);
        }
        let nanoseconds = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        self.nanoseconds.fetch_add(nanoseconds, Ordering::Relaxed);
    }
}

impl Series for Durations {
    fn write(&self, out: &mut String, name: &str, labels: &str) {
        let mut below = 0;
        for (place, bucket) in self.buckets.iter().enumerate() {
            below += bucket.load(Ordering::Relaxed);
            let bound = BOUNDS.get(place).map_or("+Inf".to_owned(), f64::to_string);
            let _ = writeln!(out, "{name}_bucket{{{labels},le=\"{bound}\"}} {below}");
        }
        let seconds = Duration::from_nanos(self.nanoseconds.load(Ordering::Relaxed)).as_secs_f64();
        let _ = writeln!(out, "{name}_sum{{{labels}}} {seconds}\n{name}_count{{{labels}}} {below}");
    }
}

/// The series of a metric, by their labels as they are written.
#[derive(Debug)]
pub(super) struct Family<S>(ArcSwap<HashMap<String, Arc<S>>>);

impl<S> Default for Family<S> {
    fn default() -> Family<S> {
        Family(ArcSwap::from_pointee(HashMap::new()))
    }
}

impl<S: Series> Family<S> {
    /// Measures in the series with `labels`.
    pub(super) fn with(&self, labels: &str, measure: impl FnOnce(&S)) {
        match self.0.load().get(labels) {
            Some(series) => measure(series),
            None => measure(&self.get(labels)),
        }
    }

    /// The series with `labels`, made if it is new.
    pub(super) fn get(&self, labels: &str) -> Arc<S> {
        let made = Arc::new(S::default());
        let mut found = None;
        self.0.rcu(|all| {
            let labels = if all.len() < SERIES || all.contains_key(labels) { labels } else { "" };
            let mut all = HashMap::clone(all);
            found = Some(Arc::clone(all.entry(labels.to_owned()).or_insert_with(|| Arc::clone(&made))));
            all
        });
        found.unwrap_or(made)
    }

    /// Writes all series, in order.
    pub(super) fn write(&self, out: &mut String, name: &str, kind: &str, help: &str) {
        super::head(out, name, kind, help);
        let all = self.0.load();
        let mut all: Vec<_> = all.iter().collect();
        all.sort_by_key(|series| series.0);
        for (labels, series) in all {
            series.write(out, name, labels);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_add_up() {
        let family = Family::<Durations>::default();
        for milliseconds in [5, 6, 100_000] {
            family.with("a=\"b\"", |durations| durations.add(Duration::from_millis(milliseconds)));
        }
        let mut out = String::new();
        family.write(&mut out, "d", "histogram", "h");
        assert!(
            out.starts_with("# HELP d h\n# TYPE d histogram\nd_bucket{a=\"b\",le=\"0.005\"} 1\n"),
            "{out}"
        );
        for line in [
            "le=\"0.025\"} 2",
            "le=\"60\"} 2",
            "le=\"+Inf\"} 3",
            "d_sum{a=\"b\"} 100.011",
            "d_count{a=\"b\"} 3",
        ] {
            assert!(out.contains(line), "{line}\n{out}");
        }
    }

    #[test]
    fn the_number_of_series_is_bounded() {
        let family = Family::<Count>::default();
        for number in 0..SERIES + 10 {
            family.with(&number.to_string(), Count::add);
        }
        assert_eq!(family.0.load().len(), SERIES + 1);
        assert_eq!(family.get("").0.load(Ordering::Relaxed), 10);
    }
}
