//! What the feed is told and asked.
use std::time::{Duration, Instant};

use actix::prelude::*;

use super::soft::Soft;
use crate::{
    domain::{ChatId, NodeId, UserId},
    store::Neighbour,
};

/// Somebody is here since then, and is in these chats. From `client`.
#[derive(Message)]
#[rtype(result = "()")]
pub struct Watch {
    /// Who.
    pub user: UserId,
    /// Which chats.
    pub chats: Vec<ChatId>,
    /// Since when this one hears what is told here.
    pub since: Instant,
}

/// A socket of somebody is gone, perhaps the last. From `client`.
#[derive(Message)]
#[rtype(result = "()")]
pub struct Left(pub UserId);

/// Another node gives a hint that it has told something. From the bus.
#[derive(Message)]
#[rtype(result = "()")]
pub(super) struct Hint {
    pub node: NodeId,
    pub number: i64,
}

/// Answered with what is known of the nodes.
#[derive(Message)]
#[rtype(result = "Report")]
pub struct Neighbours;

/// What a node knows of all.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// Those that have a row, each with the number up to which it was heard.
    pub nodes: Vec<(Neighbour, i64)>,
    /// Which of them this one is.
    pub me: Option<NodeId>,
    /// Batches that wait for others.
    pub waiting: usize,
    /// Chats that somebody here is in.
    pub watched: usize,
    /// Since when no look succeeded, if the last did not.
    pub blind_for: Duration,
}

/// Another node says something that is only in memory. From the bus.
#[derive(Message)]
#[rtype(result = "()")]
pub(super) struct Overheard {
    pub node: NodeId,
    pub soft: Soft,
}
