//! What has been decided and must be remembered. Facts travel from a chat through the writer to the database, in order.
use super::{
    Cause, Change, ChatId, ClientId, Content, Effect, File, FileId, Marks, Mention, MessageId, Name, Preferences,
    Reaction, Seq, Shown, Timestamp, UserId,
};

/// One thing that a chat decided. The database makes it true or the chat takes it back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    /// Somebody said something. The database gives it its `Seq`.
    Posted(Posted),
    /// A member has read up to and including `seq`.
    Read {
        /// The chat that was read.
        chat: ChatId,
        /// Who read it.
        user: UserId,
        /// The newest message read.
        seq: Seq,
        /// What others see of it.
        shown: Shown,
    },
    /// The devices of a member have everything up to and including `seq`.
    Delivered {
        /// The chat.
        chat: ChatId,
        /// Whose devices.
        user: UserId,
        /// The newest message there.
        seq: Seq,
    },
    /// A member said something in a chat of two.
    Wrote {
        /// The chat.
        chat: ChatId,
        /// Who.
        user: UserId,
    },
    /// The membership or the administration of a group changed.
    Changed(Box<GroupChange>),
    /// What a member alone decides of a chat.
    Preferred(Box<Preferred>),
    /// A message changed, or what somebody sees on it.
    Message(Box<MessageChange>),
}

/// A change of a group, and what its record says of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupChange {
    /// The group.
    pub chat: ChatId,
    /// What changed.
    pub change: Change,
    /// Who did it, by the name of now.
    pub by: (UserId, Name),
    /// Whom it concerns, by the name of now.
    pub whom: Name,
    /// When.
    pub at: Timestamp,
}

/// A change of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageChange {
    /// The chat.
    pub chat: ChatId,
    /// The message.
    pub seq: Seq,
    /// Who did it.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
    /// What changed.
    pub effect: Effect,
    /// The reactions to the message as they are then.
    pub reactions: Vec<Reaction>,
    /// What `by` sees on it then.
    pub marks: Marks,
    /// The most messages that `by` may have starred.
    pub stars: usize,
    /// The files that the message holds no more.
    pub freed: Vec<FileId>,
    /// How often it was to have been edited before, if that was asked for.
    pub if_edits: Option<u32>,
}

/// What a member alone decides of a chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preferred {
    /// The chat.
    pub chat: ChatId,
    /// Who.
    pub user: UserId,
    /// All of it.
    pub preferences: Preferences,
    /// Why it changes.
    pub cause: Cause,
    /// The most chats that this user may have stand first, if this is to be one of them.
    pub most_pinned: Option<usize>,
}

impl Fact {
    /// Whose own view of the chat changes.
    pub fn owner(&self) -> Option<UserId> {
        match self {
            Self::Message(change) if change.effect.is_own() => Some(change.by),
            Self::Preferred(preferred) => Some(preferred.user),
            _ => None,
        }
    }

    /// The chat this fact belongs to.
    pub fn chat(&self) -> ChatId {
        match self {
            Self::Posted(posted) => posted.chat,
            Self::Read { chat, .. } | Self::Delivered { chat, .. } | Self::Wrote { chat, .. } => *chat,
            Self::Changed(changed) => changed.chat,
            Self::Preferred(preferred) => preferred.chat,
            Self::Message(change) => change.chat,
        }
    }
}

/// A message before it has its place in the chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posted {
    /// The chat it was said in.
    pub chat: ChatId,
    /// The message's own id.
    pub id: MessageId,
    /// Who said it.
    pub sender: UserId,
    /// What was said.
    pub content: Content,
    /// The sender's idempotency key: the same key from the same sender in the same chat is the same message.
    pub client_id: Option<ClientId>,
    /// When the server took it.
    pub sent_at: Timestamp,
    /// What most messages do not have.
    pub extras: Option<Box<Extras>>,
}

impl Posted {
    /// Whether the sender's next message has to wait.
    pub fn is_slowed(&self) -> bool {
        self.extras.as_ref().is_some_and(|extras| extras.is_slowed)
    }
}

/// What a message has besides, if it answers another, mentions somebody, brings files along or was said elsewhere first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Extras {
    /// The message that it answers.
    pub reply_to: Option<Seq>,
    /// Whom it mentions.
    pub mentions: Vec<Mention>,
    /// Who was to be mentioned and cannot be.
    pub not_mentioned: Vec<Mention>,
    /// The files that it brings along.
    pub attachments: Vec<File>,
    /// Whether a file that it was to bring along is not there.
    pub lacks_files: bool,
    /// Whether it was said elsewhere first.
    pub forwarded: bool,
    /// Whether the sender's next message has to wait, by the group's slow mode.
    pub is_slowed: bool,
}
