//! An object: entries sorted by key, looked up by binary search.

use crate::{Text, Value};

/// The entries of an object, sorted bytewise by key, each key once.
///
/// Objects of the API have few keys; a sorted vector is smaller and faster than a hash map for these and stays
/// linear in merges and comparisons for the few large ones.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Map {
    entries: Vec<(Text, Value)>,
}

impl Map {
    /// An object without entries.
    pub const fn new() -> Map {
        Map { entries: Vec::new() }
    }

    /// An object of `entries` in any order; of equal keys the last one stays (as Go's decoder has it).
    pub fn from_entries(entries: Vec<(Text, Value)>) -> Map {
        Map::sorted(entries).0
    }

    /// The same, and whether there were equal keys.
    pub(crate) fn sorted(mut entries: Vec<(Text, Value)>) -> (Map, bool) {
        let mut duplicates = false;
        if !entries.is_sorted_by(|a, b| a.0 < b.0) {
            entries.sort_by(|a, b| a.0.cmp(&b.0));
            entries.dedup_by(|later, earlier| {
                let same = later.0 == earlier.0;
                if same {
                    std::mem::swap(later, earlier);
                }
                duplicates |= same;
                same
            });
        }
        (Map { entries }, duplicates)
    }

    /// The entries in key order.
    pub(crate) fn entries(&self) -> &[(Text, Value)] {
        &self.entries
    }

    fn find(&self, key: &str) -> Result<usize, usize> {
        self.entries.binary_search_by(|entry| entry.0.as_str().cmp(key))
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The value of `key`.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.find(key).ok().map(|index| &self.entries[index].1)
    }

    /// The value of `key`, to change.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Value> {
        self.find(key).ok().map(|index| &mut self.entries[index].1)
    }

    /// Whether `key` is there (its value may be null).
    pub fn contains(&self, key: &str) -> bool {
        self.find(key).is_ok()
    }

    /// Sets `key`, and returns what it had. Moves entries: for many new keys use [`Map::from_entries`].
    pub fn insert(&mut self, key: impl Into<Text>, value: impl Into<Value>) -> Option<Value> {
        let (key, value) = (key.into(), value.into());
        match self.find(&key) {
            Ok(index) => Some(std::mem::replace(&mut self.entries[index].1, value)),
            Err(index) => {
                self.entries.insert(index, (key, value));
                None
            }
        }
    }

    /// Takes `key` out.
    pub fn remove(&mut self, key: &str) -> Option<Value> {
        self.find(key).ok().map(|index| self.entries.remove(index).1)
    }

    /// The value of `key`, put there by `make` if it was absent.
    pub fn get_or_insert_with(&mut self, key: &str, make: impl FnOnce() -> Value) -> &mut Value {
        let index = match self.find(key) {
            Ok(index) => index,
            Err(index) => {
                self.entries.insert(index, (key.into(), make()));
                index
            }
        };
        &mut self.entries[index].1
    }

    /// Keeps the entries that `keep` accepts.
    pub fn retain(&mut self, mut keep: impl FnMut(&str, &mut Value) -> bool) {
        self.entries.retain_mut(|entry| keep(&entry.0, &mut entry.1));
    }

    /// The entries in key order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&str, &Value)> + ExactSizeIterator {
        self.entries.iter().map(|entry| (entry.0.as_str(), &entry.1))
    }

    /// The entries in key order, values to change.
    pub fn iter_mut(&mut self) -> impl DoubleEndedIterator<Item = (&str, &mut Value)> + ExactSizeIterator {
        self.entries.iter_mut().map(|entry| (entry.0.as_str(), &mut entry.1))
    }

    /// The keys in order.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &str> + ExactSizeIterator {
        self.entries.iter().map(|entry| entry.0.as_str())
    }

    /// The values in key order.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &Value> + ExactSizeIterator {
        self.entries.iter().map(|entry| &entry.1)
    }

    /// The entries, owned, in key order.
    pub fn into_entries(self) -> Vec<(Text, Value)> {
        self.entries
    }
}

impl<K: Into<Text>, V: Into<Value>> FromIterator<(K, V)> for Map {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Map {
        Map::from_entries(entries.into_iter().map(|(key, value)| (key.into(), value.into())).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_equal_keys_the_last_stays() {
        let map: Map = [("b", 1), ("a", 2), ("b", 3), ("b", 4)].into_iter().collect();
        assert_eq!(
            map.iter().map(|(key, value)| (key, value.as_i64())).collect::<Vec<_>>(),
            [("a", Some(2)), ("b", Some(4))]
        );
    }
}
