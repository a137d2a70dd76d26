//! A chat as its member sees it in a list.
use super::{ChatId, FileId, Own, Preferences, Rev, Role, Seq, Timestamp, UserId};

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
    /// Those of them that mention the user.
    pub mentioned: i64,
    /// The last change of anything that the members share.
    pub rev: Rev,
    /// The last change of what the user alone sees.
    pub own: Own,
    /// The first message that the user sees.
    pub first: Seq,
    /// What the user alone decides of it.
    pub preferences: Preferences,
    /// What the user is there.
    pub role: Role,
    /// The picture of the partner, or of the group.
    pub avatar: Option<FileId>,
    /// How far the partner has read in a personal chat.
    pub partner_read: Seq,
    /// How far it was delivered to the partner.
    pub partner_delivered: Seq,
    /// The newest message, unless the user does not see it.
    pub last: Option<LastMessage>,
}

/// The newest message of a chat in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastMessage {
    /// Its place.
    pub seq: Seq,
    /// When it was sent.
    pub sent_at: Timestamp,
    /// Who said it.
    pub sender: UserId,
    /// The sender's name.
    pub sender_name: String,
    /// How it begins.
    pub content: String,
    /// Whether it brings files along.
    pub has_file: bool,
    /// When it was deleted.
    pub deleted_at: Option<Timestamp>,
}
