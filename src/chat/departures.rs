//! The end of somebody's account, as the chats that it was in take it: in their own order, after all that was decided before.
use std::mem;

use actix::prelude::*;

use super::actor::{Chat, LedgerState};
use crate::{
    domain::{Activity, Member, Seq, UserId},
    events::{ChatChanged, Info, InfoEvent, MemberEvent, RosterRow},
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
            // It may have been handed on since: then that is told for itself.
            let is_still_so = left.new_admin.as_ref().is_some_and(|(led, _)| ledger.told.admin == Some(led.whom.0));
            tell(&self.shared.presence, &left, members, is_still_so);
        }
    }
}

/// Tells those who remain as the account ended. For a chat that does not live: nothing of it is decided that is not stored.
pub fn tell_departure(presence: &Presence, left: &LeftGroup) {
    tell(presence, left, left.members.iter().copied(), true);
}

fn tell(presence: &Presence, left: &LeftGroup, members: impl Iterator<Item = UserId>, tells_admin: bool) {
    let group_id = left.chat;
    log::info!("group {group_id}: user {} left with the account", left.user);
    let mut packets = vec![packet(&MemberEvent::UserLeftGrp { group_id, user: left.user })];
    let row = |activity: &Activity| Member {
        rev: activity.rev,
        ..Member::new(activity.whom.0, activity.whom.1.clone(), Seq(0))
    };
    let gone = RosterRow::gone(&row(&left.left), left.left.rev);
    let parted = ChatChanged::of(group_id, &left.left, vec![gone], None);
    if let Some((led, info)) = left.new_admin.as_ref().filter(|_| tells_admin) {
        let admin = led.whom.0;
        log::info!("group {group_id}: user {admin} made admin, the last one's account ended");
        packets.push(packet(&MemberEvent::ChangeAdminSuccessReceiver { group_id, admin }));
        packets.push(packet(&InfoEvent::ChatChanged(&parted)));
        let rows = vec![RosterRow::of(&row(led), Some(admin))];
        let info = Info::of(info);
        packets.push(packet(&InfoEvent::ChatChanged(&ChatChanged::of(group_id, led, rows, Some(info)))));
    } else {
        packets.push(packet(&InfoEvent::ChatChanged(&parted)));
    }
    for member in members {
        packets.iter().for_each(|packet| {
            presence.tell(member, packet);
        });
    }
}
