//! Whether all shards live. A shard that panicked is gone with its chats, and nothing that is sent to them arrives.
use std::sync::Arc;

use tokio::sync::watch;

/// Whether a shard is gone, of all that were ever opened. Clones share it.
#[derive(Clone, Default)]
pub(super) struct Liveness(Arc<watch::Sender<bool>>);

/// Held by a shard as long as it lives.
pub(super) struct Alive(Liveness);

impl Alive {
    pub(super) fn of(liveness: &Liveness) -> Self {
        Self(liveness.clone())
    }
}

impl Drop for Alive {
    fn drop(&mut self) {
        self.0.0.send_replace(true);
    }
}

impl Liveness {
    pub(super) fn is_whole(&self) -> bool {
        !*self.0.borrow()
    }

    pub(super) async fn until_one_is_gone(&self) {
        // The other end is here: it cannot be closed.
        let _ = self.0.subscribe().wait_for(|gone| *gone).await;
    }
}
