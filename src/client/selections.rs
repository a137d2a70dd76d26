//! What somebody starred, over all chats: from the database alone.
use super::{Services, unanswered::Answered};
use crate::{
    domain::Refusal,
    events::{Cursor, FetchStarred, Message, Reply, SelectionEvent},
    presence::Caller,
    store::{Starred, StarredMessage},
};

impl Services {
    pub(super) async fn starred(&self, caller: &Caller, asked: FetchStarred) -> Answered {
        let FetchStarred { chat, after, limit } = asked;
        if let Some(chat) = chat
            && !self.store.is_member(chat, caller.user).await?
        {
            return Err(Refusal::no_such_chat().into());
        }
        let after = after.map(|Cursor(at, chat, seq)| Starred { at, chat, seq });
        let page = self.store.starred(caller.user, chat, after, limit).await?;
        let next = page.next.map(|Starred { at, chat, seq }| Cursor(at, chat, seq));
        let messages = page.messages.iter().map(shown).collect();
        self.presence.grant_or_tell(caller, &SelectionEvent::starred(messages, next));
        Ok(())
    }
}

fn shown(starred: &StarredMessage) -> Message<'_> {
    let StarredMessage { chat, kind, message, annotations } = starred;
    let reply = message.reply_to.map(|seq| Reply::of(seq, annotations.quoted.get(&seq)));
    Message::stored(*kind, *chat, message, reply, annotations.marks.get(&message.seq))
}
