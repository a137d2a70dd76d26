//! Who hears what a chat has to say. What that is, the features know: each tells of its own outcomes from here.
use super::shared::Shared;
use crate::{
    domain::{ChatId, Roster, UserId},
    events::Tell,
    presence::{Caller, packet},
};

/// Speaks for a chat.
pub(super) struct Notifier<'a> {
    pub chat: ChatId,
    pub shared: &'a Shared,
}

impl Notifier<'_> {
    pub(super) fn tell_user(&self, user: UserId, event: &impl Tell) {
        self.shared.presence.tell(user, &packet(event));
    }

    pub(super) fn tell_all(&self, roster: &Roster, event: &impl Tell) {
        let packet = packet(event);
        roster.members.iter().for_each(|member| {
            self.shared.presence.tell(member.user, &packet);
        });
    }

    /// Says how many sockets heard it.
    pub(super) fn tell_others(&self, roster: &Roster, user: UserId, event: &impl Tell) -> u64 {
        let packet = packet(event);
        roster.others(user).map(|member| self.shared.presence.tell(member.user, &packet)).sum()
    }

    /// The other members, and the caller's other sockets.
    pub(super) fn tell_all_but_caller(&self, roster: &Roster, caller: &Caller, event: &impl Tell) {
        let packet = packet(event);
        roster.others(caller.user).for_each(|member| {
            self.shared.presence.tell(member.user, &packet);
        });
        self.shared.presence.tell_own_others(caller, &packet);
    }
}
