//! What the writers were told and what the watchers saw, and whether both are one history.

use std::collections::{BTreeMap, HashMap};

use object::Value;

/// A write as it left its mark: which object, and its content (nothing: it was deleted).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    pub(crate) name: String,
    pub(crate) note: Option<String>,
}

/// All that is known of a run.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    /// By revision, what an answer or an event says was written there.
    history: BTreeMap<u64, Mark>,
    /// Each object's last acknowledged write.
    acknowledged: HashMap<String, u64>,
    /// What contradicts itself.
    pub(crate) faults: Vec<String>,
    /// How many writes were acknowledged.
    pub(crate) writes: u64,
    /// How many events were seen.
    pub(crate) events: u64,
}

impl Ledger {
    /// The server has acknowledged a write.
    pub(crate) fn acknowledge(&mut self, revision: u64, mark: Mark) {
        self.writes += 1;
        let last = self.acknowledged.entry(mark.name.clone()).or_default();
        if revision <= *last {
            let fault = format!("{}: revision {revision} was answered after {last}", mark.name);
            self.faults.push(fault);
        }
        *last = (*last).max(revision);
        self.record(revision, mark, "an answer");
    }

    /// A watcher that had seen everything up to `after` has seen an event.
    pub(crate) fn see(&mut self, after: u64, revision: u64, mark: Mark) {
        self.events += 1;
        if revision <= after {
            self.faults.push(format!("a watcher saw revision {revision} after {after}"));
        }
        self.record(revision, mark, "an event");
    }

    fn record(&mut self, revision: u64, mark: Mark, source: &str) {
        let known = self.history.entry(revision).or_insert_with(|| mark.clone());
        if *known != mark {
            self.faults.push(format!("revision {revision} was {known:?}, and {source} says {mark:?}"));
        }
    }

    /// Compares with a list of the objects at a revision up to which watchers have seen everything: each must be what
    /// its last recorded write left.
    pub(crate) fn check_state(&mut self, list: &Value, at: u64) {
        let mut last: BTreeMap<&str, (u64, &Option<String>)> = BTreeMap::new();
        for (revision, mark) in self.history.range(..=at) {
            last.insert(&mark.name, (*revision, &mark.note));
        }
        let mut faults = Vec::new();
        let mut found = HashMap::new();
        for item in list.items_at(["items"]) {
            let (revision, mark) = mark_of(item);
            found.insert(mark.name.clone(), (revision, mark.note));
        }
        for (name, (revision, note)) in last {
            match (found.get(name), note) {
                (None, None) => {}
                (Some((at, is)), Some(_)) if *at == revision && is == note => {}
                (is, _) => {
                    faults.push(format!("{name}: {note:?} was written at {revision}, there is {is:?}"))
                }
            }
        }
        self.faults.append(&mut faults);
    }

    /// Compares a watcher's whole stream with the history: every acknowledged write up to `end` was in it.
    pub(crate) fn check_stream(&mut self, watcher: usize, seen: &[u64], begin: u64, end: u64) {
        let missed: Vec<u64> = self
            .history
            .range(begin.saturating_add(1)..=end)
            .map(|(revision, _)| *revision)
            .filter(|revision| seen.binary_search(revision).is_err())
            .collect();
        if !missed.is_empty() {
            self.faults.push(format!("watcher {watcher} missed {missed:?}"));
        }
    }
}

/// The revision and the mark of an object as it is shown.
pub(crate) fn mark_of(object: &Value) -> (u64, Mark) {
    let revision = object.str_at(["metadata", "resourceVersion"]).parse().unwrap_or(0);
    let name = object.str_at(["metadata", "name"]).to_owned();
    (revision, Mark { name, note: Some(object.str_at(["data", "note"]).to_owned()) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(name: &str, note: Option<&str>) -> Mark {
        Mark { name: name.to_owned(), note: note.map(str::to_owned) }
    }

    fn state(text: &str) -> Value {
        object::json::parse(text.as_bytes()).unwrap_or_default()
    }

    #[test]
    fn one_history_is_fine() {
        let mut ledger = Ledger::default();
        ledger.acknowledge(5, mark("a", Some("1")));
        ledger.see(4, 5, mark("a", Some("1")));
        ledger.see(5, 6, mark("b", Some("1")));
        ledger.see(6, 7, mark("b", None));
        ledger.check_stream(0, &[5, 6, 7], 4, 7);
        ledger.check_state(
            &state(r#"{"items":[{"metadata":{"name":"a","resourceVersion":"5"},"data":{"note":"1"}}]}"#),
            7,
        );
        assert_eq!(ledger.faults, Vec::<String>::new());
    }

    #[test]
    fn each_fault_is_found() {
        type Fault = fn(&mut Ledger);
        let faults: [(&str, Fault); 5] = [
            ("lost write", |ledger| ledger.check_state(&state(r#"{"items":[]}"#), 5)),
            ("reused revision", |ledger| ledger.see(4, 5, mark("b", Some("1")))),
            ("repeated event", |ledger| ledger.see(5, 5, mark("a", Some("1")))),
            ("missed event", |ledger| ledger.check_stream(0, &[4, 6], 3, 6)),
            ("revisions go back", |ledger| ledger.acknowledge(4, mark("a", Some("0")))),
        ];
        for (what, make) in faults {
            let mut ledger = Ledger::default();
            ledger.acknowledge(5, mark("a", Some("1")));
            make(&mut ledger);
            assert_eq!(ledger.faults.len(), 1, "{what}: {:?}", ledger.faults);
        }
    }
}
