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
    let mut index = 0;
    while index < updaters.len() && count > MOST_UPDATERS {
        let Some(bucket) = bucket_for(&updaters, index) else {
            index += 1;
            continue;
        };
        let old = updaters.remove(index);
        let bucket = &mut updaters[if bucket > index { bucket - 1 } else { bucket }];
        bucket.manager = Text::const_new(ANCIENT_CHANGES);
        bucket.subresource = Text::default();
        // Of the two, the one that is merged is the more recent.
        bucket.time = old.time;
        bucket.fields.unite(old.fields);
        count -= 1;
    }
    kept.append(&mut updaters);
    *entries = kept;
}

/// What the updater at `index` is merged into: the old changes of its version if there are any, else the oldest
/// updater of its version; nothing if that is itself.
fn bucket_for(updaters: &[Entry], index: usize) -> Option<usize> {
    let version = &updaters[index].api_version;
    let first = updaters[..index].iter().position(|entry| entry.api_version == *version)?;
    let ancient = updaters.iter().position(|entry| {
        entry.manager == ANCIENT_CHANGES && entry.subresource.is_empty() && entry.api_version == *version
    });
    Some(ancient.filter(|ancient| *ancient != index).unwrap_or(first))
}
