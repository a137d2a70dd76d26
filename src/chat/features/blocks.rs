//! A block in a chat of two: the one who blocks hears of it, and nobody else.
use crate::{
    chat::notifier::Notifier,
    domain::UserId,
    events::{BlockEvent, Granted},
    presence::{Caller, packet},
};

impl Notifier<'_> {
    /// The caller has blocked `user`, or does so no more.
    pub(super) fn blocked(&self, caller: &Caller, user: UserId, on: bool) {
        let presence = &self.shared.presence;
        presence.part(caller.user, &[user]);
        self.confirm_block(caller, user, on);
        presence.tell_own_others(caller, &packet(&BlockEvent::UserBlocked { user, on }));
    }

    /// It is so.
    pub(in crate::chat) fn confirm_block(&self, caller: &Caller, user: UserId, on: bool) {
        self.shared.presence.grant(caller, &Granted::with(&BlockEvent::UserBlocked { user, on }));
    }
}
