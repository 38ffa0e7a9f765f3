//! The embedded store on a disk that fails: crashes, damage, a full disk.

use std::sync::Arc;

use proptest::prelude::*;

use super::simulated::{Disk, Faults};
use super::{Embedded, Options};
use crate::suite::{self, Model, Operation, check_history, perform, put};
use crate::{Error, Outcome, Result, Store};

pub(super) fn open_with(disk: &Disk, segment_bytes: u64, recent_bytes: usize) -> Result<Embedded> {
    let options = Options { segment_bytes, recent_bytes, ..Options::ephemeral() };
    Embedded::start(options, Some(Arc::new(disk.clone())))
}

fn open(disk: &Disk) -> Result<Embedded> {
    open_with(disk, 4096, 4096)
}

pub(super) fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

fn operation() -> impl Strategy<Value = Operation> {
    let write = (0u8..12, prop::option::weighted(0.8, 0u16..400));
    let commit = (prop::collection::vec(write, 1..4), prop::option::weighted(0.5, prop::bool::weighted(0.9)))
        .prop_map(|(writes, compare)| Operation::Commit { writes, compare });
    prop_oneof![12 => commit, 1 => (0u8..=100).prop_map(Operation::Compact)]
}

pub(super) fn operations(most: usize) -> impl Strategy<Value = Vec<Operation>> {
    prop::collection::vec(operation(), 1..most)
}

/// Makes a store with some commits, closed cleanly; answers its disk and its model.
fn written(operations: usize, segment_bytes: u64) -> (Disk, Model) {
    let (disk, mut model) = (Disk::default(), Model::default());
    let store = open_with(&disk, segment_bytes, 0).unwrap();
    for number in 0..operations {
        let writes = vec![(number as u8 % 5, (number % 7 != 6).then_some(number as u16))];
        run(perform(&store, &mut model, &Operation::Commit { writes, compare: None })).unwrap();
    }
    drop(store);
    (disk, model)
}

#[test]
fn passes_the_suite() {
    run(suite::run(|| Arc::new(open(&Disk::default()).unwrap())));
}

#[test]
fn passes_the_suite_in_a_directory() {
    let base = std::env::temp_dir().join(format!("capstan-store-{}", std::process::id()));
    let mut number = 0;
    run(suite::run(|| {
        number += 1;
        Arc::new(Embedded::open(Options::durable(&base.join(number.to_string()))).unwrap())
    }));
    let directory = base.join("1");
    let store = Embedded::open(Options::durable(&directory)).unwrap();
    let second = Embedded::open(Options::durable(&directory)).err().unwrap();
    assert!(second.to_string().contains("another process has this store open"), "{second}");
    assert_eq!(store.current_revision(), 3);
    std::fs::remove_dir_all(base).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn agrees_with_the_model_and_after_a_restart(operations in operations(80), recent in 0usize..5000) {
        let (disk, mut model) = (Disk::default(), Model::default());
        for part in operations.chunks(30) {
            let store = open_with(&disk, 2048, recent).unwrap();
            for operation in part {
                run(perform(&store, &mut model, operation)).unwrap();
            }
            run(check_history(&store, &model));
        }
        let store = open(&disk).unwrap();
        prop_assert_eq!(store.statistics().cut, None);
        run(check_history(&store, &model));
    }

    #[test]
    fn memory_only_agrees_with_the_model(operations in operations(60)) {
        let store = Embedded::open(Options { recent_bytes: 500, ..Options::ephemeral() }).unwrap();
        let mut model = Model::default();
        for operation in &operations {
            run(perform(&store, &mut model, operation)).unwrap();
        }
        run(check_history(&store, &model));
    }

    /// The power goes after any number of changes to the disk; what was acknowledged is there afterwards, and
    /// of the rest nothing or a whole transaction.
    #[test]
    fn a_crash_loses_nothing_acknowledged(
        operations in operations(60),
        changes in 8usize..200,
        choices in prop::collection::vec(any::<prop::sample::Index>(), 40),
    ) {
        let (disk, mut model) = (Disk::default(), Model::default());
        let store = open_with(&disk, 1500, 0).unwrap();
        disk.fail(Faults { changes_left: Some(changes), ..Faults::default() });
        let mut interrupted = None;
        for operation in &operations {
            if run(perform(&store, &mut model, operation)).is_err() {
                interrupted = Some(operation);
                break;
            }
        }
        let mut choices = choices.iter().cycle();
        let crashed = disk.crash(|below| choices.next().unwrap().index(below));
        let store = open(&crashed).unwrap();
        match interrupted {
            Some(Operation::Commit { writes, compare })
                if store.current_revision() > model.current() =>
            {
                let txn = model.transaction(writes, *compare);
                model.commit(&txn);
            }
            Some(Operation::Compact(_)) => model.compacted = store.compacted_revision(),
            _ => {}
        }
        run(check_history(&store, &model));
        run(put(&store, "/k/after", "1"));
    }
}

#[test]
fn a_log_cut_at_any_byte_holds_the_commits_before() {
    let (disk, model) = written(12, 1 << 20);
    let files = disk.files();
    let (name, bytes) = &files[0];
    let mut revision = 0;
    for length in super::format::SEGMENT_HEADER..=bytes.len() {
        let cut = disk.with(name, |bytes| bytes.truncate(length));
        let store = open(&cut).unwrap_or_else(|error| panic!("cut to {length}: {error}"));
        let found = store.current_revision();
        assert!(found == revision || found == revision + 1, "cut to {length}: {found} after {revision}");
        revision = found;
        let part = Model { states: model.states[..=revision as usize].to_vec(), compacted: 0 };
        run(check_history(&store, &part));
        let statistics = store.statistics();
        let kept = cut.files()[0].1.len() as u64;
        assert_eq!(statistics.cut.map_or(0, |cut| cut.bytes), length as u64 - kept, "cut to {length}");
    }
    assert_eq!(revision, model.current());
}

#[test]
fn a_changed_byte_is_found_and_named() {
    let (disk, model) = written(40, 1024);
    let files = disk.files();
    assert!(files.len() > 2);
    for (name, bytes) in &files {
        for at in 0..bytes.len() {
            let damaged = disk.with(name, |bytes| bytes[at] ^= 1 << (at % 8));
            match open(&damaged) {
                Err(Error::Damaged { file, offset, .. }) => {
                    assert_eq!(file.to_str(), Some(name.as_str()));
                    assert!(offset <= at as u64, "{name} at {at}: {offset}");
                }
                Err(other) => panic!("{name} at {at}: {other}"),
                // Only the mark at the end of the log holds nothing.
                Ok(store) => {
                    assert!(at >= bytes.len() - super::format::BATCH_HEADER, "{name} at {at}");
                    run(check_history(&store, &model));
                }
            }
        }
    }
}

#[test]
fn a_missing_segment_is_an_error() {
    let (disk, _) = written(60, 1024);
    let names: Vec<String> = disk.files().into_iter().map(|(name, _)| name).collect();
    assert!(names.len() > 2);
    super::files::Files::remove(&disk, &names[1]).unwrap();
    let error = open(&disk).err().unwrap();
    assert!(error.to_string().contains("segment 2 is missing"), "{error}");
}

#[test]
fn a_full_disk_refuses_writes_until_there_is_room() {
    let disk = Disk::default();
    let store = open(&disk).unwrap();
    disk.fail(Faults { capacity: Some(6000), ..Faults::default() });
    let value = "x".repeat(700);
    let mut written = 0;
    let error = loop {
        let txn = crate::Txn::default().put(format!("/{written}").into(), value.clone().into());
        match run(store.commit(txn)) {
            Ok(_) => written += 1,
            Err(error) => break error,
        }
    };
    assert!(written > 4, "{written}");
    assert!(matches!(&error, Error::Unavailable(text) if text.contains("no storage space")), "{error}");
    assert_eq!(run(store.range("", "", None, 0)).unwrap().kvs.len(), written);
    disk.fail(Faults::default());
    assert_eq!(run(put(&store, "/after", "1")), written as u64 + 1);
    drop(store);
    let store = open(&disk).unwrap();
    assert_eq!(store.statistics().cut, None);
    assert_eq!(run(store.range("", "", None, 0)).unwrap().kvs.len(), written + 1);
}

#[test]
fn a_failed_sync_takes_the_write_back() {
    let disk = Disk::default();
    let store = open(&disk).unwrap();
    run(put(&store, "/a", "1"));
    disk.fail(Faults { syncs_fail: true, ..Faults::default() });
    let txn = || crate::Txn::default().put("/a".into(), "2".into());
    for _ in 0..2 {
        assert!(matches!(run(store.commit(txn())), Err(Error::Unavailable(_))));
        assert_eq!(run(store.get("/a", None)).unwrap().unwrap().value, "1");
    }
    disk.fail(Faults::default());
    assert_eq!(run(store.commit(txn())), Ok(Outcome::Committed(2)));
    drop(store);
    assert_eq!(run(open(&disk).unwrap().get("/a", None)).unwrap().unwrap().version, 2);
}

#[test]
fn a_closed_store_says_so() {
    let store = open(&Disk::default()).unwrap();
    run(put(&store, "/a", "1"));
    let mut watch = run(store.watch("", 1)).unwrap();
    store.close();
    let closed = Error::Unavailable("it is closed".to_owned());
    assert_eq!(run(store.commit(crate::Txn::create("/b".into(), "1".into()))), Err(closed.clone()));
    assert_eq!(run(watch.next()).unwrap().events.len(), 1);
    assert_eq!(run(watch.next()), Err(closed));
}

#[test]
fn a_lost_mark_is_no_damage() {
    let disk = Disk::default();
    let store = open(&disk).unwrap();
    run(put(&store, "/a", "1"));
    // The log is idle for long enough to be marked; then a new segment is begun.
    let marked = |disk: &Disk| disk.files()[0].1.len();
    let before = marked(&disk);
    while marked(&disk) == before {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    run(put(&store, "/b", &"x".repeat(5000)));
    assert_eq!(disk.files().len(), 2);
    let half_a_mark = |below| if below == super::format::BATCH_HEADER + 1 { 10 } else { 0 };
    let store = open(&disk.crash(half_a_mark)).unwrap();
    assert_eq!(run(store.range("", "", None, 0)).unwrap().kvs.len(), 2);
}
