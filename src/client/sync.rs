//! `sync`: what a socket missed while it was away, from the database alone; no chat actor is started for it.
use std::collections::{HashMap, HashSet};

use super::{Services, unanswered::Answered};
use crate::{
    domain::{ChatId, Seq},
    events::{Answer, Message, MissedChat, Sync, SyncEvent, kind_name},
    presence::Caller,
    store::{Missed, Portion, Stored},
};

impl Services {
    /// Answers with all chats of the caller and what came after the messages seen, whole or with `HasMore`.
    pub(super) async fn sync(&self, caller: &Caller, asked: Sync) -> Answered {
        let Sync { seen, limit } = asked;
        let rules = self.policy().rules;
        let portion = Portion { limit, bytes: rules.answer_bytes, history: rules.history_for_new_members };
        let known: HashMap<ChatId, Seq> = seen.iter().filter_map(|(_, chat, seq)| Some(((*chat)?, *seq))).collect();
        let missed = self.store.missed(caller.user, &known, portion).await?;
        let mine: HashSet<ChatId> = missed.iter().map(|missed| missed.chat).collect();
        let is_gone = |chat: Option<ChatId>| chat.is_none_or(|chat| !mine.contains(&chat));
        let gone = seen.into_iter().filter(|(_, chat, _)| is_gone(*chat)).map(|(id, ..)| id).collect();
        let chats = missed.iter().map(shape).collect();
        match caller.ack {
            Some(_) => {
                self.presence.answer(caller, Answer::Missed { chats, gone });
            }
            None => self.presence.tell_caller(caller, &SyncEvent::SyncResult { chats, gone }),
        }
        Ok(())
    }
}

fn shape(missed: &Missed) -> MissedChat<'_> {
    MissedChat {
        id: missed.chat,
        kind: kind_name(missed.kind),
        last_seq: missed.last_seq,
        messages: missed.messages.iter().map(|message| live(missed, message)).collect(),
        has_more: missed.has_more,
    }
}

/// The message as it would have been heard.
fn live<'a>(missed: &Missed, message: &'a Stored) -> Message<'a> {
    Message {
        kind: missed.kind,
        chat: missed.chat,
        id: message.id,
        seq: message.seq,
        sender: message.sender,
        sender_name: &message.sender_name,
        content: &message.content,
        timestamp: message.sent_at,
        client_id: message.client_id.as_ref(),
    }
}
