//! Invitations: what those hear who make them, and those who follow them.
use crate::{
    chat::notifier::Notifier,
    domain::{Invited, Name, Rev, Roster},
    events::{Granted, InviteDone, InviteRow, JoinDone},
    presence::Caller,
};

impl Notifier<'_> {
    pub(super) fn invited(&self, caller: &Caller, invited: &Invited) {
        let invite = &InviteRow::of(&invited.invite, &invited.link);
        self.shared.presence.grant(caller, &Granted::with(&InviteDone { invite }));
    }

    /// The caller came in with that change, or was in already.
    pub(in crate::chat) fn let_in(&self, caller: &Caller, group: &Roster, rev: Option<Rev>) {
        let name = group.name.as_ref().map_or("", Name::as_str);
        let done = JoinDone { chat_id: self.chat, name, rev, joined: rev.is_none() };
        self.shared.presence.grant(caller, &Granted::with(&done));
    }
}
