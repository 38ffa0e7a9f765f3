//! The cleaning of segments, one step at a time.

use std::sync::Arc;

use proptest::prelude::*;

use super::clean::Cleaner;
use super::fault_tests::{open_with, operations, run};
use super::simulated::{Disk, Faults};
use super::{Embedded, Options};
use crate::suite::{Model, Operation, check_history, delete, perform, put};
use crate::{Error, KeyValue, Store};

const SEGMENT: u64 = 2048;

/// Opens a store that is cleaned when the test says so.
fn open(disk: &Disk) -> (Embedded, Cleaner) {
    let options = Options { segment_bytes: SEGMENT, recent_bytes: 0, ..Options::ephemeral() };
    Embedded::start_without_cleaner(options, Some(Arc::new(disk.clone()))).unwrap()
}

fn all(store: &dyn Store) -> Vec<KeyValue> {
    run(store.range("", "", None, 0)).unwrap().kvs
}

#[test]
fn cleaning_gives_space_back_and_loses_nothing() {
    let disk = Disk::default();
    let (store, cleaner) = open(&disk);
    for round in 0..20 {
        for key in 0..30 {
            run(put(&store, &format!("/hot/{key}"), &"x".repeat(100 + round)));
        }
        run(put(&store, &format!("/cold/{round}"), &"y".repeat(200)));
        run(put(&store, &format!("/gone/{round}"), &"z".repeat(200)));
        run(delete(&store, &format!("/gone/{round}")));
    }
    let (before, revision, found) = (store.statistics(), store.current_revision(), all(&store));
    assert_eq!(found.len(), 50);
    cleaner.work();
    assert_eq!(store.statistics(), before, "nothing can be given up before a compaction");
    run(store.compact(revision)).unwrap();
    cleaner.work();
    let after = store.statistics();
    assert!(after.disk_bytes < before.disk_bytes / 4, "{before:?} {after:?}");
    assert!(after.segments < before.segments / 2, "{before:?} {after:?}");
    assert_eq!(after.cleaning_problem, None);
    assert_eq!(all(&store), found);
    drop((store, cleaner));
    let (store, _cleaner) = open(&disk);
    assert_eq!(all(&store), found);
    assert_eq!((store.current_revision(), store.compacted_revision()), (revision, revision));
    assert_eq!(store.statistics().needed_bytes, after.needed_bytes);
}

/// A segment that is not worth cleaning keeps a value whose deletion lies in one that is.
#[test]
fn what_was_deleted_stays_deleted() {
    let disk = Disk::default();
    let (store, cleaner) = open(&disk);
    for number in 0..7 {
        run(put(&store, &format!("/live/{number}"), &"x".repeat(200)));
    }
    run(put(&store, "/gone", "1"));
    for number in 0..40 {
        run(put(&store, "/hot", &"x".repeat(200 + number)));
        if number == 20 {
            run(delete(&store, "/gone"));
        }
    }
    let found = all(&store);
    run(store.compact(store.current_revision())).unwrap();
    cleaner.work();
    assert!(disk.files()[0].0.ends_with("-000000.segment"), "the first segment was not cleaned");
    assert!(disk.files()[1].0.ends_with("-000001.segment"), "the second was");
    drop((store, cleaner));
    assert_eq!(all(&open(&disk).0), found);
}

/// Deletes that an old segment holds back do not pile up for ever.
#[test]
fn an_old_segment_is_cleaned_for_the_sake_of_deletes() {
    let disk = Disk::default();
    let (store, cleaner) = open(&disk);
    for number in 0..7 {
        run(put(&store, &format!("/live/{number}"), &"x".repeat(200)));
    }
    for number in 0..400 {
        let key = format!("/gone/{number}");
        run(put(&store, &key, ""));
        run(delete(&store, &key));
    }
    let found = all(&store);
    run(store.compact(store.current_revision())).unwrap();
    cleaner.work();
    let statistics = store.statistics();
    assert!(statistics.disk_bytes < 2 * SEGMENT + statistics.needed_bytes, "{statistics:?}");
    drop((store, cleaner));
    assert_eq!(all(&open(&disk).0), found);
}

#[test]
fn damage_met_by_cleaning_is_reported_and_kept() {
    let disk = Disk::default();
    let (store, cleaner) = open(&disk);
    for number in 0..60 {
        run(put(&store, "/hot", &"x".repeat(200 + number)));
    }
    drop((store, cleaner));
    let (name, _) = disk.files().swap_remove(1);
    let (store, cleaner) = open(&disk);
    disk.damage(&name, 500);
    run(store.compact(store.current_revision())).unwrap();
    cleaner.work();
    let problem = store.statistics().cleaning_problem.unwrap();
    assert!(problem.contains(&name) && problem.contains("checksum"), "{problem}");
    assert_eq!(all(&store).len(), 1);
    drop((store, cleaner));
    assert!(matches!(open_with(&disk, SEGMENT, 0), Err(Error::Damaged { .. })));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Cleaning after every compaction, and a crash in the middle of it, change nothing that can be read.
    #[test]
    fn nothing_is_lost_by_cleaning(
        parts in prop::collection::vec(operations(40), 1..5),
        changes in prop::option::of(0usize..40),
        choices in prop::collection::vec(any::<prop::sample::Index>(), 40),
    ) {
        let (mut disk, mut model) = (Disk::default(), Model::default());
        let mut choices = choices.iter().cycle();
        for part in &parts {
            let (store, cleaner) = open(&disk);
            for operation in part {
                run(perform(&store, &mut model, operation)).unwrap();
                if matches!(operation, Operation::Compact(_)) {
                    cleaner.work();
                }
            }
            run(perform(&store, &mut model, &Operation::Compact(80))).unwrap();
            disk.fail(Faults { changes_left: changes, ..Faults::default() });
            cleaner.work();
            prop_assert!(changes.is_some() || store.statistics().cleaning_problem.is_none());
            run(check_history(&store, &model));
            disk = disk.crash(|below| choices.next().map_or(0, |choice| choice.index(below)));
        }
        run(check_history(&open(&disk).0, &model));
    }
}
