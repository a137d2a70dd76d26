//! Messages that somebody looks for, over all chats: from the database alone.
use super::{Services, unanswered::Answered};
use crate::{
    domain::{Code, Refusal},
    events::{Found, Message, Reply, SearchMessages, SearchResult},
    presence::Caller,
    store::{FoundMessage, Wanted},
};

impl Services {
    pub(super) async fn search_messages(&self, caller: &Caller, asked: SearchMessages) -> Answered {
        let SearchMessages { query, chat, from, has_file, before, after, cursor, limit, filters } = asked;
        let behind = match cursor {
            Some(cursor) => Some(self.auth.read_cursor(caller.user, &filters, &cursor).ok_or_else(unknown_cursor)?),
            None => None,
        };
        if let Some(chat) = chat
            && !self.store.is_member(chat, caller.user).await?
        {
            return Err(Refusal::no_such_chat().into());
        }
        if !self.policy().search {
            return Err(Refusal::new(Code::Forbidden, "Nobody can search on this server").into());
        }
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let wanted = Wanted { user: caller.user, query, chat, from, has_file, before, after, behind, limit };
        let page = self.store.find_messages(&wanted).await?;
        let cursor = page.next.map(|place| self.auth.cursor(caller.user, &filters, place));
        let results = page.messages.iter().map(shown).collect();
        let has_more = cursor.is_some();
        self.presence.grant_or_tell(caller, &SearchResult { results, cursor, has_more });
        Ok(())
    }
}

fn unknown_cursor() -> Refusal {
    Refusal::bad_request("Cursor must be the one of an earlier answer to the same search")
}

fn shown(found: &FoundMessage) -> Found<'_> {
    let FoundMessage { chat, kind, message, annotations, ranges, .. } = found;
    let reply = message.reply_to.map(|seq| Reply::of(seq, annotations.quoted.get(&seq)));
    let message = Message::stored(*kind, *chat, message, reply, annotations.marks.get(&message.seq));
    Found { message, ranges }
}
