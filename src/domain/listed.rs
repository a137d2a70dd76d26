//! A chat as its member sees it in a list.
use super::{ChatId, Seq, Timestamp, UserId};

/// A chat in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The chat.
    pub chat: ChatId,
    /// The group's name, or the partner's.
    pub name: String,
    /// The partner in a personal chat.
    pub partner: Option<UserId>,
    /// When something was last said, at first when the chat was made.
    pub last_message_at: Timestamp,
    /// The newest message.
    pub last_seq: Seq,
    /// The user's read pointer.
    pub read_seq: Seq,
    /// Messages by others after the read pointer.
    pub unread: i64,
}
