//! What a message has besides what was said: what it answers, whom it mentions, what others did with it, and one's own marks.
use serde::{
    Serialize, Serializer,
    ser::{SerializeMap, SerializeSeq},
};

use super::files::Attachments;
use crate::domain::{File, Marks, Mention, Quoted, Reaction, Rev, Seq, StoredMessage, Timestamp, UserId};

/// What most messages do not have.
#[derive(Debug, Clone, Default)]
pub struct More<'a> {
    /// Its last change.
    pub rev: Rev,
    /// When it was last edited, and how often.
    pub edited: Option<(Timestamp, u32)>,
    /// When it was deleted, and by whom.
    pub deleted: Option<(Timestamp, UserId)>,
    /// What it answers.
    pub reply: Option<Reply<'a>>,
    /// Whether it was said elsewhere first.
    pub forwarded: bool,
    /// Whom it mentions.
    pub mentions: &'a [Mention],
    /// The files that it brings along.
    pub attachments: &'a [File],
    /// What people reacted with.
    pub reactions: &'a [Reaction],
    /// Whether it is pinned.
    pub pinned: bool,
    /// The marks of the one who is to see it.
    pub my: Option<&'a Marks>,
}

impl<'a> More<'a> {
    /// What a message has besides, if it has anything. Of what its reader hid nothing is shown but that.
    pub fn of(message: &'a StoredMessage, reply: Option<Reply<'a>>, my: Option<&'a Marks>) -> Option<Self> {
        if my.is_some_and(|my| my.hidden) {
            return Some(Self { rev: message.rev, my, ..Self::default() });
        }
        let more = Self {
            rev: message.rev,
            edited: message.edited,
            deleted: message.deleted,
            reply,
            forwarded: message.forwarded,
            mentions: &message.mentions,
            attachments: &message.attachments,
            reactions: &message.reactions,
            pinned: message.pinned_at.is_some(),
            my,
        };
        let has_lists = !more.mentions.is_empty() || !more.attachments.is_empty();
        let is_plain = more.rev == Rev(0) && more.reply.is_none() && !more.forwarded && !has_lists;
        (!is_plain || my.is_some()).then_some(more)
    }

    /// Adds its fields to those of the message.
    pub(super) fn write<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        if self.rev > Rev(0) {
            map.serialize_entry("Rev", &self.rev)?;
        }
        if let Some((at, edits)) = &self.edited {
            map.serialize_entry("EditedAt", at)?;
            map.serialize_entry("Edits", edits)?;
        }
        if let Some((at, by)) = &self.deleted {
            map.serialize_entry("DeletedAt", at)?;
            map.serialize_entry("DeletedBy", by)?;
        }
        if let Some(reply) = &self.reply {
            map.serialize_entry("ReplyTo", reply)?;
        }
        if self.forwarded {
            map.serialize_entry("Forwarded", &true)?;
        }
        if !self.mentions.is_empty() {
            map.serialize_entry("Mentions", &Mentions(self.mentions))?;
        }
        if !self.attachments.is_empty() {
            map.serialize_entry("Attachments", &Attachments(self.attachments))?;
        }
        if !self.reactions.is_empty() {
            map.serialize_entry("Reactions", &Reactions(self.reactions))?;
        }
        if self.pinned {
            map.serialize_entry("Pinned", &true)?;
        }
        if let Some(my) = self.my {
            map.serialize_entry("My", &My(my))?;
        }
        Ok(())
    }
}

/// The message that another answers, as it is now.
#[derive(Debug, Clone)]
pub enum Reply<'a> {
    /// To those who see it.
    To(&'a Quoted),
    /// To those who do not.
    Unavailable(Seq),
}

impl<'a> Reply<'a> {
    /// `original`, if there is one to be seen.
    pub fn of(seq: Seq, original: Option<&'a Quoted>) -> Self {
        original.map_or(Self::Unavailable(seq), Self::To)
    }
}

impl Serialize for Reply<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        match self {
            Self::To(original) => {
                map.serialize_entry("Seq", &original.seq)?;
                map.serialize_entry("SenderId", &original.sender)?;
                map.serialize_entry("Sender", &original.sender_name)?;
                map.serialize_entry("Content", &original.content)?;
                if original.has_file {
                    map.serialize_entry("HasFile", &true)?;
                }
                if let Some(at) = &original.deleted_at {
                    map.serialize_entry("DeletedAt", at)?;
                }
            }
            Self::Unavailable(seq) => {
                map.serialize_entry("Seq", seq)?;
                map.serialize_entry("Unavailable", &true)?;
            }
        }
        map.end()
    }
}

/// Ids, and `all`.
#[derive(Debug)]
pub struct Mentions<'a>(pub &'a [Mention]);

impl Serialize for Mentions<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.0.len()))?;
        for mention in self.0 {
            match mention {
                Mention::User(user) => list.serialize_element(user)?,
                Mention::All => list.serialize_element("all")?,
                Mention::Nobody(text) => list.serialize_element(&**text)?,
            }
        }
        list.end()
    }
}

struct Reactions<'a>(&'a [Reaction]);

impl Serialize for Reactions<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        #[serde(rename_all = "PascalCase")]
        struct Shown<'a> {
            emoji: &'a str,
            count: usize,
            users: &'a [UserId],
        }
        let mut list = serializer.serialize_seq(Some(self.0.len()))?;
        for reaction in self.0 {
            let Reaction { emoji, count, users } = reaction;
            list.serialize_element(&Shown { emoji: emoji.as_str(), count: *count, users })?;
        }
        list.end()
    }
}

/// One's own marks on a message.
#[derive(Debug, Clone, Copy)]
pub struct My<'a>(pub &'a Marks);

impl Serialize for My<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Marks { own, reactions, starred_at, hidden } = self.0;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("Own", own)?;
        if !reactions.is_empty() && !hidden {
            let emojis: Vec<&str> = reactions.iter().map(|emoji| emoji.as_str()).collect();
            map.serialize_entry("Reactions", &emojis)?;
        }
        if starred_at.is_some() {
            map.serialize_entry("Starred", &true)?;
        }
        if *hidden {
            map.serialize_entry("Hidden", &true)?;
        }
        map.end()
    }
}
