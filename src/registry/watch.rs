//! Whether all shards live. A shard that panicked is gone with its chats, and nothing that is sent to them arrives.
use std::sync::Arc;

use tokio::sync::watch;

use super::Registry;

/// Whether a shard is gone, of all that were ever opened. Clones share it.
#[derive(Clone, Default)]
pub(super) struct Gone(Arc<watch::Sender<bool>>);

/// Held by a shard as long as it lives.
pub(super) struct Life(pub Gone);

impl Drop for Life {
    fn drop(&mut self) {
        self.0.0.send_replace(true);
    }
}

impl Registry {
    /// Whether no shard that was opened is gone.
    pub fn is_whole(&self) -> bool {
        !*self.gone.0.borrow()
    }

    /// Waits until a shard is gone that was opened or is opened meanwhile.
    pub async fn until_one_is_gone(&self) {
        // The other end is here: it cannot be closed.
        let _ = self.gone.0.subscribe().wait_for(|gone| *gone).await;
    }
}

#[cfg(test)]
impl Registry {
    /// Makes the first shard panic.
    pub(crate) fn provoke(&self) {
        self.ways[0].send(crate::writer::Provoke);
    }
}

#[cfg(test)]
impl actix::Handler<crate::writer::Provoke> for super::Shard {
    type Result = ();

    fn handle(&mut self, _: crate::writer::Provoke, _: &mut Self::Context) {
        panic!("provoked")
    }
}
