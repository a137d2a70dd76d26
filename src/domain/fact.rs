//! What has been decided and must be remembered. Facts travel from a chat through the writer to the database, in order.
use super::{Change, ChatId, ClientId, Content, MessageId, Seq, Timestamp, UserId};

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
    },
    /// The membership or the administration of a group changed.
    Changed {
        /// The group.
        chat: ChatId,
        /// What changed.
        change: Change,
    },
}

impl Fact {
    /// The chat this fact belongs to.
    pub fn chat(&self) -> ChatId {
        match self {
            Self::Posted(posted) => posted.chat,
            Self::Read { chat, .. } | Self::Changed { chat, .. } => *chat,
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
}
