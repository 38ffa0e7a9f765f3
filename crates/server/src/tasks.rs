//! Counts tasks, so that the last one's end can be waited for.

use std::future::Future;
use std::sync::Arc;

use tokio::sync::watch;

/// Tasks under way.
#[derive(Debug, Clone)]
pub struct Tasks(Arc<watch::Sender<usize>>);

impl Default for Tasks {
    fn default() -> Tasks {
        Tasks(Arc::new(watch::Sender::new(0)))
    }
}

/// Counts its task down when the task ends, however it ends.
struct Ended(Tasks);

impl Drop for Ended {
    fn drop(&mut self) {
        self.0.0.send_modify(|count| *count -= 1);
    }
}

impl Tasks {
    /// Runs `task`.
    pub fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.0.send_modify(|count| *count += 1);
        let ended = Ended(self.clone());
        // Without the box there would be room for the task twice: before it is polled, and while.
        let task = Box::pin(task);
        tokio::spawn(async move {
            let _ended = ended;
            task.await;
        });
    }

    /// Completes when no task is under way.
    pub async fn finished(&self) {
        // The sender lives as long as `self`, so this can't fail.
        let _ = self.0.subscribe().wait_for(|count| *count == 0).await;
    }
}
