//! What one shard of the registry counts, and what those count that send to it.
use std::sync::Arc;

use crate::{
    chat,
    domain::Code,
    measure::{Count, Tally, Times},
};

/// Counters of a shard, read by anybody.
#[derive(Debug, Default)]
pub struct Stats {
    /// Commands sent to the shard, refused ones included. Sent from any thread.
    pub sent: Count,
    /// Commands refused because they could not reach the shard, by code.
    pub refused: [Count; Code::ALL.len()],
    /// Commands taken from the mailbox.
    pub taken: Tally,
    /// Commands passed on to chats.
    pub passed: Tally,
    /// Chats started.
    pub started: Tally,
    /// Chats let go because they were idle for long.
    pub idle: Tally,
    /// Chats let go early because too many lived.
    pub evicted: Tally,
    /// Chats that were found dead.
    pub lost: Tally,
    /// Commands that may wait for a chat that is started now.
    pub chat_capacity: Tally,
    /// Waits and turns. Shards may share them.
    pub times: Times,
    /// What the shard's chats count.
    pub chats: Arc<chat::Stats>,
}

impl Stats {
    /// Commands that wait in the shard's mailbox.
    pub fn depth(&self) -> u64 {
        let refused: u64 = self.refused.iter().map(Count::get).sum();
        self.sent.get().saturating_sub(refused + self.taken.get())
    }

    /// Commands that wait in the mailboxes of the shard's chats.
    pub fn chats_depth(&self) -> u64 {
        self.passed.get().saturating_sub(self.chats.taken.get())
    }

    /// Chats that live.
    pub fn live(&self) -> u64 {
        self.started.get().saturating_sub(self.idle.get() + self.evicted.get() + self.lost.get())
    }
}
