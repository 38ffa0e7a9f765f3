//! Compaction by time: history is kept for one interval, then given up.

use crate::{Result, Revision, Store};

/// Compacts a store, step by step, to the revision it had at the step before: what a read or a watch from one
/// interval ago needs is still there. kube-apiserver does the same to etcd (`--etcd-compaction-interval`).
#[derive(Debug)]
pub struct Compactor {
    aim: Revision,
}

impl Compactor {
    /// Begins at the store's revision of now: the first step gives up what was before.
    pub fn new(store: &dyn Store) -> Compactor {
        Compactor { aim: store.current_revision() }
    }

    /// To be called once per interval: answers the revision that is now the oldest to be read. After an error the
    /// next step tries again.
    pub async fn step(&mut self, store: &dyn Store) -> Result<Revision> {
        let current = store.current_revision();
        if self.aim > store.compacted_revision() {
            store.compact(self.aim).await?;
        }
        self.aim = current;
        Ok(store.compacted_revision())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suite::put;
    use crate::{Embedded, Error, Options};

    #[tokio::test]
    async fn history_reaches_back_to_the_step_before() {
        let store = Embedded::open(Options::ephemeral()).unwrap();
        put(&store, "/a", "1").await;
        let mut compactor = Compactor::new(&store);
        for round in 1..5 {
            let before = store.current_revision();
            put(&store, "/a", &format!("{round}")).await;
            assert_eq!(compactor.step(&store).await, Ok(before));
            assert!(store.get("/a", Some(before)).await.unwrap().is_some());
            assert!(matches!(store.get("/a", Some(before - 1)).await, Err(Error::Compacted { .. })));
            assert!(store.watch("/", before + 1).await.is_ok());
        }
        let quiet = store.current_revision();
        for _ in 0..2 {
            assert_eq!(compactor.step(&store).await, Ok(quiet), "a store at rest keeps its last state");
        }
        assert_eq!(store.statistics().keys, 1);
    }
}
