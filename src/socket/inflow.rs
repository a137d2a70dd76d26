//! How much of a client's input is not handled yet. Its socket is not read while that is too much: TCP does the rest.
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll},
};

use futures_util::task::AtomicWaker;

use super::Stats;

/// The incoming side of one connection, shared by its session and whoever reads for it.
pub struct Inflow {
    capacity: usize,
    waiting: AtomicUsize,
    max_payload: AtomicUsize,
    reader: AtomicWaker,
    stats: Arc<Stats>,
}

impl Inflow {
    /// Room for `capacity` frames, at least one, of at most `max_payload` bytes.
    pub fn new(capacity: usize, max_payload: usize, stats: Arc<Stats>) -> Inflow {
        Inflow {
            capacity: capacity.max(1),
            waiting: AtomicUsize::new(0),
            max_payload: AtomicUsize::new(max_payload),
            reader: AtomicWaker::new(),
            stats,
        }
    }

    /// A frame was read.
    pub fn enter(&self) {
        if self.waiting.fetch_add(1, Ordering::AcqRel) + 1 == self.capacity {
            self.stats.paused.count();
        }
    }

    /// Frames that wait now.
    pub fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    /// `frames` are handled, whatever became of them.
    pub fn leave(&self, frames: usize) {
        let before = self.waiting.fetch_sub(frames, Ordering::AcqRel);
        debug_assert!(before >= frames, "a frame left twice");
        if before >= self.capacity && before - frames < self.capacity {
            self.reader.wake();
        }
    }

    /// Whether nothing more should be read now.
    pub fn is_full(&self) -> bool {
        self.waiting.load(Ordering::Acquire) >= self.capacity
    }

    /// Ready as soon as another frame may be read.
    pub fn poll_room(&self, cx: &mut Context<'_>) -> Poll<()> {
        if !self.is_full() {
            return Poll::Ready(());
        }
        self.reader.register(cx.waker());
        if self.is_full() { Poll::Pending } else { Poll::Ready(()) }
    }

    /// Bytes that one message may hold now.
    pub fn max_payload(&self) -> usize {
        self.max_payload.load(Ordering::Relaxed)
    }

    /// Messages may be larger, or must be smaller, from now on.
    pub fn set_max_payload(&self, bytes: usize) {
        self.max_payload.store(bytes, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use futures_util::future::poll_fn;

    use super::*;

    #[actix::test]
    async fn a_reader_waits_while_it_is_full_and_is_woken_when_it_is_not() {
        let inflow = std::sync::Arc::new(Inflow::new(2, 100, Arc::default()));
        inflow.enter();
        poll_fn(|cx| inflow.poll_room(cx)).await;
        inflow.enter();
        assert!(inflow.is_full());
        let waiting = inflow.clone();
        let reader = actix_rt::spawn(async move { poll_fn(|cx| waiting.poll_room(cx)).await });
        actix_rt::task::yield_now().await;
        assert!(!reader.is_finished());
        assert_eq!((inflow.waiting(), inflow.stats.paused.get()), (2, 1));
        inflow.leave(1);
        reader.await.expect("the reader was woken");
    }
}
