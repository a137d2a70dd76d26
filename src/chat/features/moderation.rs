//! Those who may not come into a group, for those who keep order there.
use crate::{
    chat::actor::Chat,
    events::{BanRow, ModerationEvent},
    presence::Caller,
    store::Banned,
};

impl Chat {
    pub(super) fn tell_bans(&self, caller: &Caller, banned: Vec<Banned>) {
        let row = |Banned { user, name, by, at }| BanRow { id: user, name, by, at };
        let event = ModerationEvent::Bans { chat_id: self.id, bans: banned.into_iter().map(row).collect() };
        self.shared.presence.grant_or_tell(caller, &event);
    }
}
