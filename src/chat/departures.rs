//! The end of somebody's account, as the chats that it was in take it: in their own order, after all that was decided before.
use std::mem;

use actix::prelude::*;

use super::actor::{Chat, LedgerState};
use crate::{
    domain::UserId,
    events::MemberEvent,
    presence::{Presence, packet},
    store::LeftGroup,
};

/// The database was changed past this chat: somebody's account is gone. The chat loads its ledger again, and then those
/// who remain hear who left. From the registry.
#[derive(Message)]
#[rtype(result = "()")]
pub struct Reload {
    /// Who left, if it is a group.
    pub left: Option<LeftGroup>,
}

impl Handler<Reload> for Chat {
    type Result = ();

    fn handle(&mut self, Reload { left }: Reload, ctx: &mut Self::Context) {
        self.outdated = true;
        self.departed.extend(left);
        self.reload_if_outdated(ctx);
    }
}

impl Chat {
    /// Tells of those who left, once the ledger says so.
    pub(super) fn tell_departed(&mut self) {
        let LedgerState::Loaded(ledger) = &self.state else { return };
        for left in mem::take(&mut self.departed) {
            let members = ledger.told.members.iter().map(|member| member.user);
            // It may have been handed on since.
            let admin = left.new_admin.and(ledger.told.admin);
            tell(&self.shared.presence, &left, members, admin);
        }
    }
}

/// Tells those who remain as the account ended. For a chat that does not live: nothing of it is decided that is not stored.
pub fn tell_departure(presence: &Presence, left: &LeftGroup) {
    tell(presence, left, left.members.iter().copied(), left.new_admin);
}

fn tell(presence: &Presence, left: &LeftGroup, members: impl Iterator<Item = UserId>, admin: Option<UserId>) {
    let group_id = left.chat;
    log::info!("group {group_id}: user {} left with the account", left.user);
    if let Some(admin) = left.new_admin {
        log::info!("group {group_id}: user {admin} made admin, the last one's account ended");
    }
    let gone = packet(&MemberEvent::UserLeftGrp { group_id, user: left.user });
    let led = admin.map(|admin| packet(&MemberEvent::ChangeAdminSuccessReceiver { group_id, admin }));
    for member in members {
        presence.tell(member, &gone);
        if let Some(led) = &led {
            presence.tell(member, led);
        }
    }
}
