//! A store so simple that it is right, and the comparison of a real one with it.

use std::collections::BTreeMap;

use bytes::Bytes;

use super::events_until;
use crate::{Error, Event, EventType, Key, KeyValue, Outcome, Revision, Store, Txn, Write};

/// Every state there ever was.
#[derive(Clone, Debug)]
pub struct Model {
    /// The state at each revision, from 0 on.
    pub states: Vec<BTreeMap<Key, KeyValue>>,
    /// The oldest revision that can be read.
    pub compacted: Revision,
}

/// Something done to a store: keys are numbers, so that they meet.
#[derive(Clone, Debug)]
pub enum Operation {
    /// A transaction.
    Commit {
        /// What to write: a key, and the length of its value or none for a delete.
        writes: Vec<(u8, Option<u16>)>,
        /// Whether the transaction compares its first key, and whether that is to hold.
        compare: Option<bool>,
    },
    /// Compacts to this many hundredths of what was not compacted.
    Compact(u8),
}

impl Default for Model {
    fn default() -> Model {
        Model { states: vec![BTreeMap::new()], compacted: 0 }
    }
}

impl Model {
    /// The last revision.
    pub fn current(&self) -> Revision {
        self.states.len() as Revision - 1
    }

    fn now(&self) -> &BTreeMap<Key, KeyValue> {
        &self.states[self.states.len() - 1]
    }

    /// What a store must answer.
    pub fn commit(&mut self, txn: &Txn) -> Outcome {
        let now = self.now();
        for compare in &txn.compares {
            let current = now.get(&compare.key);
            if current.map_or(0, |kv| kv.mod_revision) != compare.mod_revision {
                return Outcome::Conflict { key: compare.key.clone(), current: current.cloned() };
            }
        }
        let revision = self.current() + 1;
        let mut next = now.clone();
        for write in &txn.writes {
            match write {
                Write::Put(key, value) => {
                    let previous = now.get(key);
                    let kv = KeyValue {
                        key: key.clone(),
                        value: value.clone(),
                        create_revision: previous.map_or(revision, |kv| kv.create_revision),
                        mod_revision: revision,
                        version: previous.map_or(0, |kv| kv.version) + 1,
                    };
                    next.insert(key.clone(), kv);
                }
                Write::Delete(key) => {
                    next.remove(key);
                }
            }
        }
        if next == *now {
            return Outcome::Committed(self.current());
        }
        self.states.push(next);
        Outcome::Committed(revision)
    }

    /// The transaction of an operation. Values differ from one another.
    pub fn transaction(&self, writes: &[(u8, Option<u16>)], compare: Option<bool>) -> Txn {
        let key = |number: &u8| Key::from(format!("/k/{number:03}"));
        let mut txn = Txn::default();
        if let (Some(holds), Some((first, _))) = (compare, writes.first()) {
            let revision = self.now().get(&key(first)).map_or(0, |kv| kv.mod_revision);
            txn = txn.expect(key(first), if holds { revision } else { revision + 1 });
        }
        for (number, length) in writes {
            if txn.writes.iter().any(|write| *write.key() == key(number)) {
                continue;
            }
            txn = match length {
                Some(length) => txn.put(key(number), self.value(*number, *length)),
                None => txn.delete(key(number)),
            };
        }
        txn
    }

    fn value(&self, number: u8, length: u16) -> Bytes {
        let mut value = format!("{number}@{}:", self.current()).into_bytes();
        value.resize(value.len() + length as usize, b'x');
        value.into()
    }

    /// The events from a revision on.
    pub fn events(&self, from: Revision) -> Vec<Event> {
        let mut events = Vec::new();
        for revision in from.max(1)..=self.current() {
            let (before, after) = (&self.states[revision as usize - 1], &self.states[revision as usize]);
            let mut keys: Vec<&Key> = before.keys().chain(after.keys()).collect();
            keys.sort();
            keys.dedup();
            for key in keys {
                let (previous, current) = (before.get(key).cloned(), after.get(key).cloned());
                let event_type = match (&previous, &current) {
                    (previous, current) if previous == current => continue,
                    (_, None) => EventType::Delete,
                    (None, _) => EventType::Create,
                    _ => EventType::Put,
                };
                events.push(Event { event_type, key: key.clone(), revision, current, previous });
            }
        }
        events
    }
}

/// Does an operation to the store and to the model, which must answer the same. An error of the store other
/// than a refusal is answered, and the model left as it was.
pub async fn perform(store: &dyn Store, model: &mut Model, operation: &Operation) -> Result<(), Error> {
    match operation {
        Operation::Commit { writes, compare } => {
            let txn = model.transaction(writes, *compare);
            let outcome = store.commit(txn.clone()).await?;
            assert_eq!(outcome, model.commit(&txn));
        }
        Operation::Compact(hundredths) => {
            let span = model.current() - model.compacted;
            let revision = model.compacted + span * u64::from(*hundredths) / 100;
            store.compact(revision).await?;
            model.compacted = revision;
        }
    }
    Ok(())
}

/// Compares all that can be read with the model: every state, every key, the watch from every revision.
pub async fn check_history(store: &dyn Store, model: &Model) {
    assert_eq!(store.current_revision(), model.current());
    assert_eq!(store.compacted_revision(), model.compacted);
    let now: Vec<KeyValue> = model.now().values().cloned().collect();
    assert_eq!(store.range("", "", None, 0).await.unwrap().kvs, now);
    for at in model.compacted..=model.current() {
        let expected: Vec<KeyValue> = model.states[at as usize].values().cloned().collect();
        assert_eq!(store.range("", "", Some(at), 0).await.unwrap().kvs, expected, "at {at}");
        for kv in expected {
            assert_eq!(store.get(&kv.key, Some(at)).await.unwrap().as_ref(), Some(&kv));
        }
    }
    for from in model.compacted + 1..=model.current() {
        let mut watch = store.watch("", from).await.unwrap();
        let mut events = events_until(&mut *watch, model.current()).await;
        events.sort_by_key(|event| (event.revision, event.key.clone()));
        assert_eq!(events, model.events(from), "from {from}");
    }
}
