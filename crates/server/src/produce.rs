//! Streams whose items a future makes: no task and no channel stand between who makes them and who sends them.

use std::collections::VecDeque;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_core::Stream;
use parking_lot::Mutex;

/// How many items may wait to be taken before the future does.
const AHEAD: usize = 16;

/// Where the future puts what it has made.
pub struct Outbox<T>(Arc<Mutex<VecDeque<T>>>);

impl<T> Outbox<T> {
    /// Hands an item on; waits while too many wait already.
    pub async fn send(&self, item: T) {
        self.0.lock().push_back(item);
        // Needs no waking: the stream polls the future again when it has run out of items.
        poll_fn(|_| if self.0.lock().len() < AHEAD { Poll::Ready(()) } else { Poll::Pending }).await;
    }
}

/// The items that a future sends, until it completes. `make` makes the future, which runs only while the stream is
/// polled.
pub fn produce<T, F>(make: impl FnOnce(Outbox<T>) -> F) -> impl Stream<Item = T> + Send
where
    T: Send,
    F: Future<Output = ()> + Send + 'static,
{
    let items = Arc::default();
    let future = Box::pin(make(Outbox(Arc::clone(&items))));
    Produced { future: Some(future), items }
}

struct Produced<T, F> {
    /// Nothing once it has completed.
    future: Option<Pin<Box<F>>>,
    items: Arc<Mutex<VecDeque<T>>>,
}

impl<T, F: Future<Output = ()>> Stream for Produced<T, F> {
    type Item = T;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<T>> {
        loop {
            if let Some(item) = self.items.lock().pop_front() {
                return Poll::Ready(Some(item));
            }
            let Some(future) = &mut self.future else { return Poll::Ready(None) };
            if future.as_mut().poll(context).is_ready() {
                self.future = None;
            } else if self.items.lock().is_empty() {
                return Poll::Pending;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[tokio::test]
    async fn items_come_in_order_and_not_far_ahead() {
        let made = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&made);
        let mut stream = Box::pin(produce(|outbox| async move {
            for number in 0..3 * AHEAD {
                count.fetch_add(1, Ordering::Relaxed);
                outbox.send(number).await;
                if number % 5 == 0 {
                    tokio::task::yield_now().await;
                }
            }
        }));
        for expected in 0..3 * AHEAD {
            let item = poll_fn(|context| stream.as_mut().poll_next(context)).await;
            assert_eq!(item, Some(expected));
            assert!(made.load(Ordering::Relaxed) <= expected + AHEAD);
        }
        assert_eq!(poll_fn(|context| stream.as_mut().poll_next(context)).await, None);
    }
}
