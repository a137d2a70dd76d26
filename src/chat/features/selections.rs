//! Messages chosen by what was done with them, and who did it.
use std::borrow::Cow;

use super::pages::annotated;
use crate::{
    chat::actor::Chat,
    domain::{Emoji, Kind, Seq, StoredMessage, UserId},
    events::{Reactor, SelectionEvent},
    presence::Caller,
    store::Annotations,
};

impl Chat {
    pub(super) fn tell_pinned(
        &self,
        caller: &Caller,
        kind: Kind,
        messages: &[StoredMessage],
        annotations: &Annotations,
    ) {
        let messages = messages.iter().map(|message| annotated(self.id, kind, message, annotations)).collect();
        let event = SelectionEvent::PinnedMessages { chat_id: self.id, messages };
        self.shared.presence.grant_or_tell(caller, &event);
    }

    pub(super) fn tell_reactors(&self, caller: &Caller, seq: Seq, emoji: &Emoji, users: Vec<(UserId, String)>) {
        let users = users.into_iter().map(|(id, name)| Reactor { id, name }).collect();
        let event = SelectionEvent::Reactions { chat_id: self.id, seq, emoji: Cow::Borrowed(emoji.as_str()), users };
        self.shared.presence.grant_or_tell(caller, &event);
    }
}
