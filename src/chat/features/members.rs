//! Who is in a group and who runs it: members are added, kicked and leave, and the admin hands over.
use crate::{
    chat::notifier::Notifier,
    domain::{Change, Name, Roster, Seq, UserId},
    events::{GroupEvent, MemberEvent},
    presence::Caller,
};

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
        self.shared.presence.tell_caller(caller, &MemberEvent::KickoutSuccessful { group_id });
        self.removed(roster, caller, member);
    }

    /// Heard by the one who is gone, and by all others but the caller.
    pub(super) fn removed(&self, roster: &Roster, caller: &Caller, member: UserId) {
        let group_id = self.chat;
        let group_name = name_of(roster);
        self.tell_user(member, &MemberEvent::KickedOut { group_id, group_name });
        let mut remaining = roster.clone();
        let rev = roster.rev;
        remaining.apply(&Change::Removed(member), Seq(0), rev);
        let event = MemberEvent::SomeoneKickedOut { group_id, group_name, member };
        self.tell_all_but_caller(&remaining, caller, &event);
    }
}

fn name_of(group: &Roster) -> &str {
    group.name.as_ref().map_or("", Name::as_str)
}
