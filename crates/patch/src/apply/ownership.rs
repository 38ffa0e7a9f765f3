//! What a write does to ownership: the heart of update tracking and of apply.

use std::borrow::Cow;

use object::{Text, Value};

use super::compare::{Comparison, compare};
use super::element::same_value;
use super::managed::{Entry, Operation};
use super::merge::merge;
use super::node::Node;
use super::remove::{reconcile, remove, with_named_fields};
use super::to_set::to_set;
use super::{Set, Versions};

/// What a manager owns that another would change: the manager's entry, `fields` being those in conflict.
pub(super) type Conflicts = Vec<Entry>;

/// Why an apply failed.
pub(super) enum Failure {
    Conflicts(Conflicts),
    Other(String),
}

/// One write: the versions of the kind, and the one the objects are in.
pub(super) struct Write<'a> {
    pub(super) versions: &'a dyn Versions,
    pub(super) api_version: &'a str,
    pub(super) node: Node<'a>,
}

impl<'a> Write<'a> {
    fn node_of(&self, version: &str) -> Option<Node<'a>> {
        if version == self.api_version {
            return Some(self.node);
        }
        self.versions.ty(version).map(Node::root)
    }

    /// The object in another version; nothing if it is not served.
    fn in_version<'o>(&self, object: &'o Value, version: &str) -> Option<(Node<'a>, Cow<'o, Value>)> {
        if version == self.api_version {
            return Some((self.node, Cow::Borrowed(object)));
        }
        let node = self.node_of(version)?;
        Some((node, self.versions.convert(object, self.api_version, version)?))
    }

    fn back<'o>(&self, object: Cow<'o, Value>, version: &str) -> Option<Cow<'o, Value>> {
        if version == self.api_version {
            return Some(object);
        }
        let converted = self.versions.convert(&object, version, self.api_version)?;
        Some(Cow::Owned(converted.into_owned()))
    }

    fn compare(&self, old: &Value, new: &Value, version: &str) -> Option<Comparison> {
        let (node, old) = self.in_version(old, version)?;
        let (_, new) = self.in_version(new, version)?;
        Some(compare(node, &old, &new).without(self.versions.reset_fields(version)))
    }

    /// Fits all sets to their schemas as these are now, and drops those of versions that are gone.
    fn fit_to_schemas(&self, entries: &mut Vec<Entry>) {
        entries.retain_mut(|entry| {
            let Some(node) = self.node_of(&entry.api_version) else { return false };
            if let Some(fitted) = reconcile(node, &entry.fields) {
                entry.fields = fitted;
            }
            true
        });
    }

    /// Takes from all managers but the writer (if it has an entry yet) what the change modifies, adds or removes.
    fn take_over(
        &self,
        old: &Value,
        new: &Value,
        entries: &mut Vec<Entry>,
        writer: Option<&Entry>,
        force: bool,
    ) -> Result<Comparison, Conflicts> {
        let own = self.compare(old, new, self.api_version).unwrap_or_default();
        let mut versions = vec![(Text::from(self.api_version), Some((own.changed(), own.removed.clone())))];
        let mut conflicts = Conflicts::new();
        let mut losses: Vec<Option<Set>> = Vec::with_capacity(entries.len());
        for entry in entries.iter() {
            if writer.is_some_and(|writer| writer.same_manager(entry)) {
                losses.push(Some(Set::new()));
                continue;
            }
            if !versions.iter().any(|known| known.0 == entry.api_version) {
                let compared = self.compare(old, new, &entry.api_version);
                let sets = compared.map(|compared| (compared.changed(), compared.removed));
                versions.push((entry.api_version.clone(), sets));
            }
            let known = versions.iter().find(|known| known.0 == entry.api_version);
            let Some((changed, removed)) = known.and_then(|known| known.1.as_ref()) else {
                losses.push(None);
                continue;
            };
            let lost = entry.fields.intersection(changed);
            if !lost.is_empty() {
                conflicts.push(Entry { fields: lost.clone(), ..entry.clone() });
            }
            let mut lost = lost;
            lost.unite(entry.fields.intersection(removed));
            losses.push(Some(lost));
        }
        if !force && !conflicts.is_empty() {
            return Err(conflicts);
        }
        let mut losses = losses.into_iter();
        entries.retain_mut(|entry| match losses.next().flatten() {
            Some(lost) => {
                entry.fields.subtract(&lost);
                !entry.fields.is_empty()
            }
            // Of a version that objects can't be had in: nothing is known of what it owns.
            None => false,
        });
        Ok(own)
    }

    /// Tracks an update from `old` to `new`: what changed belongs to the writer alone. Returns what it took.
    pub(super) fn update(&self, old: &Value, new: &Value, entries: &mut Vec<Entry>) -> Set {
        self.fit_to_schemas(entries);
        match self.take_over(old, new, entries, None, true) {
            Ok(comparison) => comparison.changed(),
            Err(_) => Set::new(),
        }
    }

    /// Merges `applied` into `live` for the manager of `writer`, prunes what it owned before and does not state any
    /// more, and tracks ownership. Returns the new object, or nothing if it equals the live one.
    pub(super) fn apply(
        &self,
        live: &Value,
        applied: Value,
        entries: &mut Vec<Entry>,
        writer: &Entry,
        force: bool,
    ) -> Result<Option<Value>, Failure> {
        self.fit_to_schemas(entries);
        let mut stated = to_set(self.node, &applied);
        if let Some(reset) = self.versions.reset_fields(self.api_version) {
            stated.subtract_trees(reset);
        }
        let mut merged = live.clone();
        merge(self.node, &mut merged, applied);

        let mut entry = Entry { fields: stated, ..writer.clone() };
        match entries.iter_mut().find(|entry| entry.same_manager(writer)) {
            Some(known) => {
                entry.time = known.time.clone();
                let last = std::mem::replace(known, entry);
                self.prune(&mut merged, entries, writer, &last)?;
            }
            None => entries.push(Entry { time: None, ..entry }),
        }
        self.take_over(live, &merged, entries, Some(writer), force).map_err(Failure::Conflicts)?;
        entries.retain(|entry| !entry.fields.is_empty());
        Ok(if same_value(live, &merged) { None } else { Some(merged) })
    }

    /// Removes from `merged` what the writer owned by its last apply, states no more, and nobody else owns.
    fn prune(
        &self,
        merged: &mut Value,
        entries: &[Entry],
        writer: &Entry,
        last: &Entry,
    ) -> Result<(), Failure> {
        let stated = entries.iter().find(|entry| entry.same_manager(writer)).map(|entry| &entry.fields);
        let kept = last.api_version == self.api_version
            && stated.is_some_and(|stated| last.fields.is_subset(stated));
        if last.fields.is_empty() || kept {
            return Ok(());
        }
        let Some((node, whole)) = self.in_version(merged, &last.api_version) else { return Ok(()) };
        let last_fields = with_named_fields(node, &last.fields);
        let mut pruned = whole.clone().into_owned();
        remove(node, &mut pruned, &last_fields);
        let pruned =
            self.add_back_owned(merged, pruned, &last.api_version, entries).ok_or_else(unconvertible)?;

        let mut gone = with_named_fields(node, &to_set(node, &whole));
        gone.subtract(&with_named_fields(node, &to_set(node, &pruned)));
        let gone = gone.intersection(&last_fields);
        let mut result = whole.into_owned();
        remove(node, &mut result, &gone);
        let result = self.back(Cow::Owned(result), &last.api_version).ok_or_else(unconvertible)?;
        *merged = result.into_owned();
        Ok(())
    }

    /// The pruned object with what any manager owns put back, version by version; in `version`, which `pruned`
    /// is in, too.
    fn add_back_owned(
        &self,
        merged: &Value,
        mut pruned: Value,
        version: &str,
        entries: &[Entry],
    ) -> Option<Value> {
        let mut current = version;
        let mut versions: Vec<&str> = entries.iter().map(|entry| entry.api_version.as_str()).collect();
        versions.sort_unstable_by_key(|candidate| (*candidate != version, *candidate));
        versions.dedup();
        for target in versions {
            let Some((node, whole)) = self.in_version(merged, target) else { continue };
            if current != target {
                pruned = self.versions.convert(&pruned, current, target)?.into_owned();
                current = target;
            }
            let mut kept = with_named_fields(node, &to_set(node, &pruned));
            for entry in entries.iter().filter(|entry| entry.api_version == target) {
                kept.unite(with_named_fields(node, &entry.fields));
            }
            let mut gone = with_named_fields(node, &to_set(node, &whole));
            gone.subtract(&kept);
            pruned = whole.into_owned();
            remove(node, &mut pruned, &gone);
        }
        if current != version {
            pruned = self.versions.convert(&pruned, current, version)?.into_owned();
        }
        Some(pruned)
    }

    /// Of an object that a client once wrote as `last_applied`: what still is as it was written.
    pub(super) fn unchanged_since(&self, last_applied: &Value, live: &Value) -> Set {
        let mut set = to_set(self.node, last_applied);
        let comparison = compare(self.node, last_applied, live);
        set.subtract(&comparison.modified);
        set.subtract(&comparison.added);
        set.subtract(&comparison.removed);
        set
    }
}

fn unconvertible() -> Failure {
    Failure::Other(
        "failed to prune fields: failed to convert merged object to last applied version".to_owned(),
    )
}

/// What one manager has once it took `fields`: its own entry among `entries`, made if there is none.
pub(super) fn give(entries: &mut Vec<Entry>, mut writer: Entry, fields: Set) {
    match entries.iter_mut().find(|entry| entry.same_manager(&writer)) {
        Some(known) => {
            known.fields.unite(fields);
            known.time = writer.time;
            known.api_version = writer.api_version;
        }
        None => {
            writer.fields = fields;
            entries.push(writer);
        }
    }
    debug_assert!(
        entries.iter().all(|entry| entry.operation == Operation::Apply || !entry.fields.is_empty())
    );
}
