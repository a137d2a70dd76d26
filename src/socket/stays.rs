//! Who is still in the house: places, sessions and WebSockets that are not wholly gone. A stop waits for the last.
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use tokio::sync::Notify;

/// Counts stays and tells when the last ends.
#[derive(Default)]
pub struct Stays {
    count: AtomicUsize,
    last_ended: Notify,
}

/// One stay; dropping it ends it.
pub struct Stay(Arc<Stays>);

impl Stays {
    /// Begins a stay. One that is to follow another must begin before that ends, so that the house never looks empty.
    pub fn begin(self: &Arc<Stays>) -> Stay {
        self.count.fetch_add(1, Ordering::SeqCst);
        Stay(self.clone())
    }

    /// Returns when there are none.
    pub async fn over(&self) {
        loop {
            let ended = self.last_ended.notified();
            if self.count.load(Ordering::SeqCst) == 0 {
                return;
            }
            ended.await;
        }
    }
}

impl Drop for Stay {
    fn drop(&mut self) {
        if self.0.count.fetch_sub(1, Ordering::SeqCst) == 1 {
            self.0.last_ended.notify_waiters();
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    #[actix::test]
    async fn the_wait_is_over_with_the_last_stay() {
        let stays = Arc::new(Stays::default());
        let (first, second) = (stays.begin(), stays.begin());
        let mut over = Box::pin(stays.over());
        assert!((&mut over).now_or_never().is_none());
        drop(first);
        assert!((&mut over).now_or_never().is_none());
        drop(second);
        assert!(over.now_or_never().is_some());
    }
}
