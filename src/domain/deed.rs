//! What somebody wants to do in a chat beside saying something plain, and what comes of it on a message.
use std::time::Duration;

use super::{
    Content, Emoji, GroupEdit, InviteId, InviteLink, Marks, Mention, NAMED, Name, NewInvite, OwnDeed, Reaction, Role,
    Seq, StoredMessage, Timestamp, UserId,
};

/// What somebody wants to do. Each names the state that is wanted, so that a repeat changes nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    /// To say something that answers a message, mentions somebody or brings files along.
    Say {
        /// The message it answers.
        reply_to: Option<Seq>,
        /// Whom it is to mention.
        mentions: Vec<Mention>,
        /// Whether a file that it is to bring along is not there.
        lacks_files: bool,
    },
    /// To take somebody in. Here and below `None` is an id that nobody has: the right to ask is checked first.
    Add(Option<Newcomer>),
    /// To remove somebody.
    Kick(Option<UserId>),
    /// To keep somebody out.
    Ban(Option<UserId>),
    /// To keep somebody out no more.
    Unban(Option<UserId>),
    /// To make somebody moderator, or a plain member again.
    SetRole(Option<UserId>, Role),
    /// To silence somebody for so long.
    Mute(Option<UserId>, Duration),
    /// To make an invitation.
    Invite(NewInvite, Box<InviteLink>),
    /// To end an invitation, of which it is known who made it.
    RevokeInvite(Option<(InviteId, UserId)>),
    /// To come in by an invitation, under this name.
    Join {
        /// The name of now.
        name: Name,
        /// Which invitation.
        invite: InviteId,
    },
    /// To block the other one of a chat of two, or not to.
    Block(bool),
    /// To edit the group.
    Edit(Box<GroupEdit>),
    /// To hand the group over.
    ChangeAdmin(Option<UserId>),
    /// To leave.
    Leave,
    /// To end the group.
    DeleteGroup,
    /// Something that concerns oneself alone.
    Own(OwnDeed),
    /// To say elsewhere what a message says.
    Copy(Seq),
    /// Something about a message.
    Message(Seq, MessageDeed),
}

impl Deed {
    /// Whom it is about, if it is one person.
    pub fn whom(&self) -> Option<UserId> {
        match self {
            Self::Add(person) => person.as_ref().map(|person| person.user),
            Self::Kick(person)
            | Self::Ban(person)
            | Self::Unban(person)
            | Self::SetRole(person, _)
            | Self::Mute(person, _)
            | Self::ChangeAdmin(person) => *person,
            Self::Say { .. }
            | Self::Edit(_)
            | Self::Block(_)
            | Self::Invite(..)
            | Self::RevokeInvite(_)
            | Self::Join { .. }
            | Self::Leave
            | Self::DeleteGroup
            | Self::Copy(_)
            | Self::Own(_)
            | Self::Message(..) => None,
        }
    }
}

/// Somebody who is to be taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Newcomer {
    /// Who.
    pub user: UserId,
    /// By the name of now.
    pub name: Name,
    /// Whether that one lets whoever asks do it.
    pub is_willing: bool,
}

/// What somebody wants to do with a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MessageDeed {
    /// To say it otherwise.
    Edit {
        /// The new content.
        content: Content,
        /// Whom it is to mention now.
        mentions: Vec<Mention>,
        /// Only if it was edited so often until now.
        if_edits: Option<u32>,
    },
    /// To take it back, for all.
    Delete,
    /// Not to see it any more.
    Hide,
    /// To react with an emoji, or not to.
    React(Emoji, bool),
    /// To have it pinned, or not.
    Pin(bool),
    /// To have it starred, or not.
    Star(bool),
}

/// What comes of a deed on a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// It says something else.
    Edited {
        /// The new content.
        content: String,
        /// Whom it mentions now.
        mentions: Vec<Mention>,
        /// How often it was edited then.
        edits: u32,
    },
    /// It is gone but for its place.
    Deleted,
    /// The member does not see it any more.
    Hidden,
    /// The member reacts with this emoji, in the form that it has on the message.
    Reacted(Emoji),
    /// The member does not any more.
    Unreacted(Emoji),
    /// It is pinned.
    Pinned,
    /// It is pinned no more.
    Unpinned,
    /// The member starred it.
    Starred,
    /// The member did so no more.
    Unstarred,
}

impl Effect {
    /// Whether members share what changes: such a change takes a [`super::Rev`].
    pub fn is_shared(&self) -> bool {
        !matches!(self, Self::Hidden | Self::Starred | Self::Unstarred)
    }

    /// Whether the marks of the member change: such a change takes an [`super::Own`].
    pub fn is_own(&self) -> bool {
        matches!(self, Self::Hidden | Self::Starred | Self::Unstarred | Self::Reacted(_) | Self::Unreacted(_))
    }
}

/// One person's one emoji on a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reacted {
    /// In the form that it has on the message.
    pub emoji: Emoji,
    /// Who reacted.
    pub user: UserId,
}

impl StoredMessage {
    /// Makes the effect of somebody's deed true; `reactions` are all there are, in the order in which they came.
    pub fn apply(&mut self, effect: &Effect, by: UserId, at: Timestamp, reactions: &mut Vec<Reacted>) {
        match effect {
            Effect::Edited { content, mentions, edits } => {
                self.content.clone_from(content);
                self.mentions.clone_from(mentions);
                self.edited = Some((at, *edits));
            }
            Effect::Deleted => {
                self.erase(at, by);
                reactions.clear();
            }
            Effect::Reacted(emoji) => {
                reactions.push(Reacted { emoji: emoji.clone(), user: by });
                self.reactions = summary(reactions);
            }
            Effect::Unreacted(emoji) => {
                reactions.retain(|reacted| reacted.user != by || !reacted.emoji.is_same(emoji));
                self.reactions = summary(reactions);
            }
            Effect::Pinned => self.pinned_at = Some(at),
            Effect::Unpinned => self.pinned_at = None,
            Effect::Hidden | Effect::Starred | Effect::Unstarred => {}
        }
    }

    /// How often it was edited.
    pub fn edits(&self) -> u32 {
        self.edited.map_or(0, |(_, edits)| edits)
    }
}

impl Marks {
    /// Makes the effect of the member's own deed true.
    pub fn apply(&mut self, effect: &Effect, at: Timestamp) {
        match effect {
            Effect::Reacted(emoji) => self.reactions.push(emoji.clone()),
            Effect::Unreacted(emoji) => self.reactions.retain(|own| !own.is_same(emoji)),
            Effect::Starred => self.starred_at = Some(at),
            Effect::Unstarred => self.starred_at = None,
            Effect::Hidden => self.hidden = true,
            Effect::Deleted => self.erase(),
            Effect::Edited { .. } | Effect::Pinned | Effect::Unpinned => {}
        }
    }

    /// The message is deleted: all that is left is that it was hidden.
    pub fn erase(&mut self) {
        self.reactions.clear();
        self.starred_at = None;
    }
}

/// Emojis in the order of first use, with the first who used them.
fn summary(reactions: &[Reacted]) -> Vec<Reaction> {
    let mut all: Vec<Reaction> = Vec::new();
    for Reacted { emoji, user } in reactions {
        let known = all.iter_mut().find(|known| known.emoji.is_same(emoji));
        match known {
            Some(known) => {
                known.count += 1;
                if known.users.len() < NAMED {
                    known.users.push(*user);
                }
            }
            None => all.push(Reaction { emoji: emoji.clone(), count: 1, users: vec![*user] }),
        }
    }
    all
}
