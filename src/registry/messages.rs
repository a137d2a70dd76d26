//! What a shard is told by the handle.
use std::time::Instant;

use actix::prelude::*;

use super::{busiest::Busy, tuning::Tuning};
use crate::{
    chat::{Command, Rename},
    domain::{ChatId, ChatNews, Step},
    presence::Whisper,
    store::LeftGroup,
    writer::Answer,
};

/// Answered once all chats of a shard have settled what they were told before.
#[derive(Message)]
#[rtype(result = "()")]
pub(super) struct SettleAll;

/// The chat with this id must look at the database again, if it lives, and tell who left.
#[derive(Message)]
#[rtype(result = "()")]
pub(super) struct Outdated {
    pub chat: ChatId,
    pub left: Option<LeftGroup>,
}

/// The chat with this id has a member who is called otherwise, if it lives.
#[derive(Message)]
#[rtype(result = "()")]
pub(super) struct Renamed {
    pub chat: ChatId,
    pub rename: Rename,
}

/// What another node did, and of which chats somebody here is to hear it.
#[derive(Message)]
#[rtype(result = "()")]
pub(super) struct Heard(pub Vec<(ChatNews, bool)>);

/// What became of decisions of some chats.
#[derive(Message)]
#[rtype(result = "()")]
pub(super) struct Answers(pub Vec<Answer>);

/// A hint of another node for the chat with this id, which somebody here is in.
#[derive(Message)]
#[rtype(result = "()")]
pub(super) struct Whispers(pub ChatId, pub Whisper);

/// At which step the chats of a shard stand that are loaded and have nothing to tell, at most so many.
#[derive(Message)]
#[rtype(result = "Vec<(ChatId, Step)>")]
pub(super) struct Stands(pub usize);

/// The chat with this id was told something wrong, if it lives.
#[derive(Message)]
#[rtype(result = "()")]
pub(super) struct Doubted(pub ChatId);

/// A shard goes by this from now on.
#[derive(Message)]
#[rtype(result = "()")]
pub(super) struct Retune(pub Tuning);

/// How many chats live on a shard.
#[derive(Message)]
#[rtype(result = "usize")]
pub(super) struct CountLive;

/// `command` for the chat with this id.
#[derive(Message)]
#[rtype(result = "()")]
pub(super) struct Route {
    pub chat: ChatId,
    pub command: Command,
    /// When it was sent, if it is timed.
    pub sent: Option<Instant>,
}

/// Answered with the busiest chats of a shard.
#[derive(Message)]
#[rtype(result = "Vec<Busy>")]
pub(super) struct Busiest;
