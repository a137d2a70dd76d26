//! What is counted: requests that got no further than their socket, and what is told past the chats.
use crate::{domain::Code, measure::Count};

/// Counters of all sockets, read by anybody.
#[derive(Debug, Default)]
pub struct Stats {
    /// Requests refused before any chat heard of them, by code.
    pub refused: [Count; Code::ALL.len()],
    /// Packets that told of people who are watched.
    pub told: Count,
}
