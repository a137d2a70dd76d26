//! What the registry goes by.
use std::time::Duration;

use crate::domain::Rules;

/// How many chats live, and for how long without a command.
#[derive(Debug, Clone, Copy)]
pub struct Tuning {
    /// Commands that may wait for one shard; more are refused as busy.
    pub mailbox_capacity: usize,
    /// Commands that may wait for one chat; more are refused as busy.
    pub chat_mailbox_capacity: usize,
    /// A chat that got no command for so long is let go.
    pub idle_timeout: Duration,
    /// With more live chats than this on all shards together, the longest idle are let go early.
    pub max_live: usize,
    /// What the operator allows chats to do.
    pub rules: Rules,
}

impl Tuning {
    /// What one of so many shards goes by.
    pub(super) fn share_of(self, shards: usize) -> Self {
        Self { max_live: self.max_live.div_ceil(shards), ..self }
    }
}
