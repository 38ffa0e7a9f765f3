//! Waiting for what follows from a write: a definition that was created is served when its creator hears of it.

use storage::Txn;

use crate::BoxFuture;

/// Somebody in this process who acts on writes below a prefix.
pub trait Settle: Send + Sync {
    /// Completes when what follows from the write at `revision` is in effect (or will not be soon).
    fn settled(&self, revision: u64) -> BoxFuture<'_, ()>;
}

/// Whether a transaction writes below `prefix`.
pub(crate) fn concerns(txn: &Txn, prefix: &str) -> bool {
    txn.writes.iter().any(|write| write.key().starts_with(prefix))
}
