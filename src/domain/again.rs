//! From what was decided back to what was asked for, so that it can be judged anew on newer books.
use std::time::Duration;

use super::{
    Change, Content, Deed, Effect, Extras, Fact, GroupChange, MessageChange, MessageDeed, Newcomer, Posted, Timestamp,
    UserId,
};

impl Fact {
    /// Who wanted what. `None` for what nothing forbids: pointers, which move for members alone, and what a member alone decides.
    pub fn deed(&self) -> Option<(UserId, Deed)> {
        Some(match self {
            Self::Posted(posted) => (posted.sender, posted.deed()),
            Self::Changed(changed) => (changed.by.0, changed.deed()),
            Self::Message(change) => (change.by, Deed::Message(change.seq, change.deed())),
            Self::Read { .. } | Self::Delivered { .. } | Self::Wrote { .. } | Self::Preferred(_) => return None,
        })
    }
}

impl Posted {
    fn deed(&self) -> Deed {
        let Extras { reply_to, mentions, lacks_files, .. } = self.extras.as_deref().cloned().unwrap_or_default();
        Deed::Say { reply_to, mentions, lacks_files }
    }
}

impl GroupChange {
    /// What its author wanted.
    pub fn deed(&self) -> Deed {
        let (by, at) = (self.by.0, self.at);
        match &self.change {
            Change::Added { user, name } => {
                Deed::Add(Some(Newcomer { user: *user, name: name.clone(), is_willing: true }))
            }
            Change::Joined { name, invite, .. } => Deed::Join { name: name.clone(), invite: *invite },
            Change::Blocked { on, .. } => Deed::Block(*on),
            Change::Invited(invited) => {
                let invite = &invited.invite;
                let lasts = between(at, invite.expires_at);
                let new = super::NewInvite { id: invite.id, lasts, max_uses: invite.max_uses };
                Deed::Invite(new, Box::new(invited.link.clone()))
            }
            Change::InviteRevoked(invite) => Deed::RevokeInvite(Some((*invite, by))),
            Change::Removed(user) if *user == by => Deed::Leave,
            Change::Removed(user) => Deed::Kick(Some(*user)),
            Change::Banned { user, .. } => Deed::Ban(Some(*user)),
            Change::Unbanned(user) => Deed::Unban(Some(*user)),
            Change::RoleSet(user, role) => Deed::SetRole(Some(*user), *role),
            Change::AdminChanged(user) => Deed::ChangeAdmin(Some(*user)),
            Change::Muted(user, until) => {
                Deed::Mute(Some(*user), until.map_or(Duration::ZERO, |until| between(at, until)))
            }
            Change::Edited(edited) => Deed::Edit(Box::new(edited.asked.clone())),
            Change::Deleted => Deed::DeleteGroup,
        }
    }
}

impl MessageChange {
    /// What its author wanted.
    pub fn deed(&self) -> MessageDeed {
        match &self.effect {
            Effect::Edited { content, mentions, .. } => MessageDeed::Edit {
                content: Content::stored(content),
                mentions: mentions.clone(),
                if_edits: self.if_edits,
            },
            Effect::Deleted => MessageDeed::Delete,
            Effect::Hidden => MessageDeed::Hide,
            Effect::Reacted(emoji) => MessageDeed::React(emoji.clone(), true),
            Effect::Unreacted(emoji) => MessageDeed::React(emoji.clone(), false),
            Effect::Pinned => MessageDeed::Pin(true),
            Effect::Unpinned => MessageDeed::Pin(false),
            Effect::Starred => MessageDeed::Star(true),
            Effect::Unstarred => MessageDeed::Star(false),
        }
    }
}

fn between(from: Timestamp, to: Timestamp) -> Duration {
    Duration::from_millis(u64::try_from(to.0 - from.0).unwrap_or_default())
}
