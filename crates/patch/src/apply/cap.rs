//! At most ten managers who update: the oldest are merged into one per version.

use object::Text;

use super::managed::{Entry, Operation};

/// How many entries of operation Update an object keeps.
const MOST_UPDATERS: usize = 10;

/// The manager that old updates are merged into.
const ANCIENT_CHANGES: &str = "ancient-changes";

/// Merges the oldest updaters into `ancient-changes` until there are few enough, or none are left that could
/// be: the first one of a version is merged only when there is a second.
pub(super) fn cap_updaters(entries: &mut Vec<Entry>) {
    let mut count = entries.iter().filter(|entry| entry.operation == Operation::Update).count();
    if count <= MOST_UPDATERS {
        return;
    }
    let (mut updaters, mut kept): (Vec<Entry>, Vec<Entry>) =
        std::mem::take(entries).into_iter().partition(|entry| entry.operation == Operation::Update);
    updaters.sort_by_cached_key(|entry| (Text::from(entry.seconds()), entry.identifier()));
    let mut merged: Vec<Entry> = Vec::with_capacity(updaters.len());
    for entry in updaters {
        let first = merged.iter_mut().find(|first| first.api_version == entry.api_version);
        match first {
            Some(bucket) if count > MOST_UPDATERS => {
                bucket.manager = Text::const_new(ANCIENT_CHANGES);
                bucket.subresource = Text::default();
                bucket.time = entry.time;
                bucket.fields.unite(entry.fields);
                count -= 1;
            }
            _ => merged.push(entry),
        }
    }
    kept.append(&mut merged);
    *entries = kept;
}
