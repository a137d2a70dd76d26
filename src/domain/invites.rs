//! Invitations: who makes and ends them, and whom they let in.
use std::time::Duration;

use super::{Change, Code, InviteId, Name, Refusal, Role, Roster, Rules, Timestamp, UserId};

/// What lets people into a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invite {
    /// Its id.
    pub id: InviteId,
    /// Who made it.
    pub by: UserId,
    /// When.
    pub created_at: Timestamp,
    /// Until when it lets anybody in.
    pub expires_at: Timestamp,
    /// How many it lets in at most.
    pub max_uses: Option<u32>,
    /// How many it has let in.
    pub uses: u32,
}

/// An invitation that somebody wants to make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewInvite {
    /// The id it is to have.
    pub id: InviteId,
    /// How long it is to hold.
    pub lasts: Duration,
    /// How many it is to let in at most.
    pub max_uses: Option<u32>,
}

/// What is passed on of an invitation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InviteLink {
    /// Whoever has it may follow it.
    pub token: String,
    /// Where it is followed.
    pub url: String,
}

/// An invitation that is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invited {
    /// The invitation.
    pub invite: Invite,
    /// For the one who made it.
    pub link: InviteLink,
    /// How many usable ones the group may have.
    pub most: usize,
}

impl Invite {
    /// Whether it lets anybody in.
    pub fn is_usable(&self, now: Timestamp) -> bool {
        now < self.expires_at && self.max_uses.is_none_or(|most| self.uses < most)
    }
}

impl Roster {
    /// Somebody who may take people in makes an invitation.
    ///
    /// # Errors
    /// [`Code::Forbidden`], or [`Code::NotFound`] for an outsider.
    pub fn invite(
        &self,
        by: UserId,
        new: &NewInvite,
        link: &InviteLink,
        rules: &Rules,
        now: Timestamp,
    ) -> Result<Change, Refusal> {
        self.member(by)?;
        if !self.allows(by, self.settings.who_adds) {
            return Err(Refusal::forbidden("Not everybody may invite people here"));
        }
        let NewInvite { id, lasts, max_uses } = *new;
        let invite = Invite { id, by, created_at: now, expires_at: now.plus(lasts), max_uses, uses: 0 };
        Ok(Change::Invited(Box::new(Invited { invite, link: link.clone(), most: rules.invites })))
    }

    /// Somebody ends an invitation that `maker` made; `None`: there is no such invitation here.
    ///
    /// # Errors
    /// [`Code::Forbidden`] for a member who did not make it, or [`Code::NotFound`].
    pub fn revoke(&self, by: UserId, invite: Option<(InviteId, UserId)>) -> Result<Change, Refusal> {
        self.member(by)?;
        let (id, maker) = invite.ok_or_else(Refusal::no_such_invite)?;
        if maker != by && self.role(by) < Role::Moderator {
            return Err(Refusal::forbidden("Only its maker can end an invitation"));
        }
        Ok(Change::InviteRevoked(id))
    }

    /// Somebody comes in by an invitation. `None`: that one is in already.
    ///
    /// # Errors
    /// [`Code::Forbidden`] for the banned, or [`Code::TooLarge`] if the group is full.
    pub fn join(&self, user: UserId, name: &Name, invite: InviteId, rules: &Rules) -> Result<Option<Change>, Refusal> {
        if self.has(user) {
            return Ok(None);
        }
        if self.banned.contains(&user) {
            return Err(Refusal::banned());
        }
        self.has_room(rules)?;
        Ok(Some(Change::Joined { user, name: name.clone(), invite }))
    }
}

impl Refusal {
    /// There is no such invitation, or none any more.
    pub fn no_such_invite() -> Self {
        Self::new(Code::NotFound, "No such invitation")
    }

    /// The invitation's time is up, or as many came by it as may.
    pub fn invite_over() -> Self {
        Self::new(Code::Expired, "This invitation is over")
    }
}
