//! Invitations: their tokens are told here, who may make, end and follow them the group decides.
use super::{
    Services,
    unanswered::{Answered, Unanswered, within_deadline},
};
use crate::{
    domain::{ChatId, Deed, Invite, InviteId, InviteLink, NewInvite, Refusal, Timestamp, UserId},
    events::{InviteEvent, InviteRow},
    presence::Caller,
    store::{Fault, Invitation},
};

impl Services {
    pub(super) fn invite(&self, caller: Caller, group: ChatId, new: NewInvite) {
        let link = self.link(new.id);
        self.change(caller, group, Deed::Invite(new, Box::new(link)));
    }

    pub(super) async fn revoke_invite(&self, caller: Caller, group: ChatId, id: Option<InviteId>) {
        match within_deadline(self.made_by(group, id)).await {
            Ok(invite) => self.change(caller, group, Deed::RevokeInvite(invite)),
            Err(fault) => self.fail(&caller, &fault),
        }
    }

    async fn made_by(&self, group: ChatId, id: Option<InviteId>) -> Result<Option<(InviteId, UserId)>, Fault> {
        let Some(id) = id else { return Ok(None) };
        Ok(self.store.inviter(group, id).await?.map(|maker| (id, maker)))
    }

    pub(super) async fn invites(&self, caller: &Caller, group: ChatId) -> Answered {
        let found = self.store.invites(group, caller.user, Timestamp::now()).await?;
        let invites = found.ok_or_else(Refusal::no_such_chat)?.into_iter().map(|invite| self.shown(invite)).collect();
        self.presence.grant_or_tell(caller, &InviteEvent::Invites { chat_id: group, invites });
        Ok(())
    }

    fn shown(&self, invite: Invite) -> InviteRow {
        let link = self.link(invite.id);
        InviteRow::of(&invite, &link)
    }

    fn link(&self, id: InviteId) -> InviteLink {
        let (token, url) = self.auth.invitation(id);
        InviteLink { token, url }
    }

    pub(super) async fn preview_invite(&self, caller: &Caller, token: &str) -> Answered {
        let (_, invitation) = self.invitation(caller.user, token).await?;
        let Invitation { chat: chat_id, name, description, avatar, members, is_member, .. } = invitation;
        let event = InviteEvent::Invite { chat_id, name, description, avatar, members, joined: is_member };
        self.presence.grant_or_tell(caller, &event);
        Ok(())
    }

    /// Where the invitation leads is asked here; whether it lets anybody in is settled with the membership.
    pub(super) async fn join(&self, caller: Caller, token: &str) {
        match within_deadline(self.way_in(caller.user, token)).await {
            Ok((group, deed)) => self.change(caller, group, deed),
            Err(Unanswered::Refused(refusal)) => self.refuse(&caller, &refusal),
            Err(Unanswered::Failed(fault)) => self.fail(&caller, &fault),
        }
    }

    async fn way_in(&self, user: UserId, token: &str) -> Result<(ChatId, Deed), Unanswered> {
        let (invite, Invitation { chat, .. }) = self.invitation(user, token).await?;
        let name = self.person(user).await?.name;
        Ok((chat, Deed::Join { name, invite }))
    }

    /// Whoever is in is shown it, whatever became of it.
    async fn invitation(&self, user: UserId, token: &str) -> Result<(InviteId, Invitation), Unanswered> {
        let id = self.auth.invited_by(token).ok_or_else(Refusal::no_such_invite)?;
        let invitation = self.store.invitation(id, user).await?.ok_or_else(Refusal::no_such_invite)?;
        match &invitation {
            Invitation { is_member: true, .. } => {}
            Invitation { is_revoked: true, .. } => return Err(Refusal::no_such_invite().into()),
            Invitation { is_banned: true, .. } => return Err(Refusal::banned().into()),
            Invitation { invite, .. } if !invite.is_usable(Timestamp::now()) => {
                return Err(Refusal::invite_over().into());
            }
            _ => {}
        }
        Ok((id, invitation))
    }
}
