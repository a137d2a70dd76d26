//! What the chats of one shard count. They share a thread, so counting costs next to nothing.
use crate::{
    domain::Code,
    measure::{Tally, Times},
};

/// Counters of all chats of a shard, read by anybody.
#[derive(Debug, Default)]
pub struct Stats {
    /// Commands taken from mailboxes.
    pub taken: Tally,
    /// Decisions handed to the writer.
    pub recorded: Tally,
    /// Messages that members sent.
    pub received: Tally,
    /// Messages acknowledged to their senders.
    pub acked: Tally,
    /// Messages handed to sockets: each message counts once per socket.
    pub delivered: Tally,
    /// Hints handed to sockets, likewise.
    pub hinted: Tally,
    /// Commands that a chat refused, by code.
    pub refused: [Tally; Code::ALL.len()],
    /// Commands refused because of the writer, by code.
    pub refused_by_writer: [Tally; Code::ALL.len()],
    /// How often the sockets of a chat's members were closed because what it had to tell was not known for sure.
    pub renewed: Tally,
    /// Waits and turns. Shards may share them.
    pub times: Times,
}
