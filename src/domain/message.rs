//! A message as it stands now, and what one member sees on it besides.
use std::sync::Arc;

use super::{ClientId, Emoji, File, MessageId, Own, Rev, Seq, Timestamp, UserId};

/// So many of those who reacted are named; of all the others there is the count.
pub const NAMED: usize = 5;

/// Whom a message mentions.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Mention {
    /// A member.
    User(UserId),
    /// Everybody in the group.
    All,
    /// Nobody, since this is no id: it is never stored.
    Nobody(Arc<str>),
}

/// A message as it is stored, with its sender's present name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredMessage {
    /// Its place in the chat.
    pub seq: Seq,
    /// Its id.
    pub id: MessageId,
    /// Who said it.
    pub sender: UserId,
    /// The sender's name.
    pub sender_name: String,
    /// What was said.
    pub content: String,
    /// The sender's idempotency key.
    pub client_id: Option<ClientId>,
    /// When.
    pub sent_at: Timestamp,
    /// Its last change; 0 if there was none.
    pub rev: Rev,
    /// When its content was last changed, and how often that was.
    pub edited: Option<(Timestamp, u32)>,
    /// When it was deleted, and by whom: then nothing of it is left but its place.
    pub deleted: Option<(Timestamp, UserId)>,
    /// The message that it answers.
    pub reply_to: Option<Seq>,
    /// Whether it was said elsewhere first.
    pub forwarded: bool,
    /// Whom it mentions, in the order of the sender.
    pub mentions: Vec<Mention>,
    /// What people reacted with, in the order of first use.
    pub reactions: Vec<Reaction>,
    /// Since when it is pinned.
    pub pinned_at: Option<Timestamp>,
    /// The files that it brings along.
    pub attachments: Vec<File>,
}

/// One emoji on a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reaction {
    /// In the form first used there.
    pub emoji: Emoji,
    /// How many reacted with it.
    pub count: usize,
    /// The first [`NAMED`] of them.
    pub users: Vec<UserId>,
}

/// What one member alone sees on a message.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Marks {
    /// Its last change.
    pub own: Own,
    /// What the member reacted with, in that order.
    pub reactions: Vec<Emoji>,
    /// Since when it is starred.
    pub starred_at: Option<Timestamp>,
    /// Whether the member does not want to see it.
    pub hidden: bool,
}

/// A message that another answers, as somebody sees it who may see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quoted {
    /// Its place.
    pub seq: Seq,
    /// Who said it.
    pub sender: UserId,
    /// The sender's name.
    pub sender_name: String,
    /// How it begins; nothing, if it was deleted.
    pub content: String,
    /// Whether it brings files along.
    pub has_file: bool,
    /// When it was deleted.
    pub deleted_at: Option<Timestamp>,
}

/// Characters of a message in a quote and in a list.
pub const EXCERPT: usize = 120;

/// How a text begins.
pub fn excerpt(text: &str) -> &str {
    text.char_indices().nth(EXCERPT).map_or(text, |(end, _)| &text[..end])
}

impl StoredMessage {
    /// The message in a quote.
    pub fn quoted(&self) -> Quoted {
        Quoted {
            seq: self.seq,
            sender: self.sender,
            sender_name: self.sender_name.clone(),
            content: excerpt(&self.content).to_owned(),
            has_file: !self.attachments.is_empty(),
            deleted_at: self.deleted.map(|(at, _)| at),
        }
    }

    /// Takes everything from it but its place: what was said, what it answered, what others did with it.
    pub fn erase(&mut self, at: Timestamp, by: UserId) {
        self.deleted = Some((at, by));
        self.content.clear();
        self.edited = None;
        self.reply_to = None;
        self.forwarded = false;
        self.mentions.clear();
        self.reactions.clear();
        self.pinned_at = None;
        self.attachments.clear();
    }
}
