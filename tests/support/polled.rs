//! Futures that are dropped in the middle.
use std::{pin::pin, task::Poll};

use futures_util::future::poll_fn;

/// What a future comes to if it is polled so often at most. `None` if that was too seldom: it is dropped then.
pub async fn polled<F: Future>(future: F, mut polls: usize) -> Option<F::Output> {
    let mut future = pin!(future);
    poll_fn(|context| {
        let Some(left) = polls.checked_sub(1) else { return Poll::Ready(None) };
        polls = left;
        match future.as_mut().poll(context) {
            Poll::Pending if left == 0 => Poll::Ready(None),
            poll => poll.map(Some),
        }
    })
    .await
}
