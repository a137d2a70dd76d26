//! Who is in a group and who runs it: members are added, kicked and leave, and the admin hands over.
use actix::prelude::*;

use crate::{
    chat::{
        actor::{Chat, Decided},
        notifier::Notifier,
    },
    domain::{Change, Name, Roster, Seq, UserId},
    events::{GroupEvent, MemberEvent},
    presence::Caller,
};

impl Chat {
    pub(in crate::chat) fn add_member(
        &mut self,
        caller: &Caller,
        member: Option<(UserId, Name)>,
        ctx: &mut Context<Self>,
    ) -> Decided {
        let rules = self.shared.rules();
        self.change(caller, ctx, |roster| roster.add(caller.user, member, &rules))
    }

    pub(in crate::chat) fn kick(
        &mut self,
        caller: &Caller,
        member: Option<UserId>,
        ctx: &mut Context<Self>,
    ) -> Decided {
        self.change(caller, ctx, |roster| roster.kick(caller.user, member))
    }

    pub(in crate::chat) fn change_admin(
        &mut self,
        caller: &Caller,
        member: Option<UserId>,
        ctx: &mut Context<Self>,
    ) -> Decided {
        self.change(caller, ctx, |roster| roster.change_admin(caller.user, member))
    }

    pub(in crate::chat) fn leave(&mut self, caller: &Caller, ctx: &mut Context<Self>) -> Decided {
        self.change(caller, ctx, |roster| roster.leave(caller.user))
    }
}

/// Here `roster` is as it was before the change, so that those hear of it who were there.
impl Notifier<'_> {
    pub(super) fn added(&self, roster: &Roster, member: UserId, name: &Name) {
        let group_id = self.chat;
        let group_name = name_of(roster);
        let member_name = name.as_str();
        let event = MemberEvent::AddMemberSuccess { chat_id: group_id, group_id, member, member_name };
        self.tell_all(roster, &event);
        self.tell_user(member, &MemberEvent::NewGrpAdded { chat_id: group_id, group_id, name: group_name });
        self.tell_user(member, &GroupEvent::CreateGroupChatReceiver { group_id, name: group_name });
    }

    pub(super) fn handed_over(&self, roster: &Roster, caller: &Caller, admin: UserId) {
        let group_id = self.chat;
        self.shared.presence.tell_caller(caller, &MemberEvent::ChangeAdminSuccessCreator { group_id });
        self.tell_all_but_caller(roster, caller, &MemberEvent::ChangeAdminSuccessReceiver { group_id, admin });
    }

    pub(super) fn left(&self, roster: &Roster, user: UserId) {
        let group_id = self.chat;
        let event = MemberEvent::GroupLeftSuccess { message: "Group Left Successfully", group_id };
        self.tell_user(user, &event);
        self.tell_others(roster, user, &MemberEvent::UserLeftGrp { group_id, user });
    }

    pub(super) fn kicked(&self, roster: &Roster, caller: &Caller, member: UserId) {
        let group_id = self.chat;
        let group_name = name_of(roster);
        self.shared.presence.tell_caller(caller, &MemberEvent::KickoutSuccessful { group_id });
        self.tell_user(member, &MemberEvent::KickedOut { group_id, group_name });
        let mut remaining = roster.clone();
        remaining.apply(&Change::Removed(member), Seq(0));
        let event = MemberEvent::SomeoneKickedOut { group_id, group_name, member };
        self.tell_all_but_caller(&remaining, caller, &event);
    }
}

fn name_of(group: &Roster) -> &str {
    group.name.as_ref().map_or("", Name::as_str)
}
