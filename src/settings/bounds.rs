//! The part of the settings that bounds every queue.
use std::time::Duration;

use serde::Deserialize;

use super::units;

/// Bounds of every queue.
#[derive(Debug, Clone, Deserialize)]
pub struct Actors {
    /// Threads that run chats alone; 0 = chats live on the threads of `server.workers`.
    pub arbiters: usize,
    /// One per socket.
    pub session: SessionBounds,
    /// One per arbiter.
    pub registry: RegistryBounds,
    /// One per chat in memory.
    pub chat: ChatBounds,
    /// One per server.
    pub writer: WriterBounds,
}

/// Bounds of a socket's actor.
#[derive(Debug, Clone, Deserialize)]
pub struct SessionBounds {
    /// Frames that wait to be handled.
    pub mailbox_capacity: usize,
    /// Bytes that wait to be sent.
    #[serde(deserialize_with = "units::size")]
    pub outbound_bytes: usize,
}

/// Bounds of a registry shard.
#[derive(Debug, Clone, Deserialize)]
pub struct RegistryBounds {
    /// Commands that wait.
    pub mailbox_capacity: usize,
}

/// Bounds of a chat.
#[derive(Debug, Clone, Deserialize)]
pub struct ChatBounds {
    /// Commands that wait.
    pub mailbox_capacity: usize,
    /// When a silent chat leaves memory.
    #[serde(deserialize_with = "units::duration")]
    pub idle_timeout: Duration,
    /// Chats in memory.
    pub max_live: usize,
}

/// Bounds of the writer.
#[derive(Debug, Clone, Deserialize)]
pub struct WriterBounds {
    /// Records that wait.
    pub mailbox_capacity: usize,
    /// Records per transaction.
    pub batch_size: usize,
    /// The least time from the start of one batch to the start of the next.
    #[serde(deserialize_with = "units::duration")]
    pub batch_delay: Duration,
    /// How long a failing batch is tried again.
    #[serde(deserialize_with = "units::duration")]
    pub retry_for: Duration,
}
