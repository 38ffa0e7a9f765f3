//! How far the caches are behind the store, and waiting for them.

use std::sync::Arc;
use std::time::Duration;

use storage::Revision;
use tokio::sync::watch;

use crate::{Error, Result};

/// The revision all caches have reached.
#[derive(Clone)]
pub struct Progress {
    reached: Arc<watch::Sender<Revision>>,
    patience: Duration,
}

impl Progress {
    /// At a revision; those who wait do so for `patience`.
    pub fn new(revision: Revision, patience: Duration) -> Progress {
        Progress { reached: Arc::new(watch::Sender::new(revision)), patience }
    }

    /// The revision reached.
    pub fn reached(&self) -> Revision {
        *self.reached.borrow()
    }

    /// Notes that a revision is reached.
    pub fn advance(&self, revision: Revision) {
        self.reached.send_if_modified(|reached| {
            let further = revision > *reached;
            *reached = revision.max(*reached);
            further
        });
    }

    /// Waits for a revision, but not for longer than patience allows.
    pub async fn wait_until(&self, revision: Revision) -> Result<()> {
        if self.reached() >= revision {
            return Ok(());
        }
        let mut receiver = self.reached.subscribe();
        let waiting = receiver.wait_for(|reached| *reached >= revision);
        match tokio::time::timeout(self.patience, waiting).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(Error::TooNew { requested: revision, current: self.reached() }),
        }
    }
}
