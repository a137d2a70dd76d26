//! `sync`: what a socket missed while it was away, from the database alone; no chat actor is started for it.
use std::collections::{HashMap, HashSet};

use super::{Services, unanswered::Answered};
use crate::{
    domain::{ChatId, StoredMessage},
    events::{Answer, Info, Message, Mine, MissedChat, My, Prefs, Reply, Roster, Seen, Sync, SyncEvent, kind_name},
    presence::Caller,
    store::{Changes, Missed, Portion, Position},
};

impl Services {
    /// Answers with all chats of the caller and what came after what the client has, whole or with `HasMore`.
    pub(super) async fn sync(&self, caller: &Caller, asked: Sync) -> Answered {
        let Sync { seen, limit } = asked;
        let portion = Portion { limit, bytes: self.policy().rules.answer_bytes };
        let known: HashMap<ChatId, Position> = seen.iter().filter_map(position).collect();
        let missed = self.store.missed(caller.user, &known, portion).await?;
        let mine: HashSet<ChatId> = missed.iter().map(|missed| missed.chat).collect();
        let is_gone = |chat: Option<ChatId>| chat.is_none_or(|chat| !mine.contains(&chat));
        let gone = seen.into_iter().filter(|seen| is_gone(seen.chat)).map(|seen| seen.id).collect();
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

fn position(seen: &Seen) -> Option<(ChatId, Position)> {
    Some((seen.chat?, Position { seq: seen.seq, changes: seen.changes }))
}

fn shape(missed: &Missed) -> MissedChat<'_> {
    let changes = missed.changes.as_ref();
    let named = changes.filter(|changes| changes.is_named);
    let info = changes.and_then(|changes| changes.info.group.as_ref());
    let admin = changes.and_then(|changes| changes.admin);
    let roster = changes.and_then(|changes| changes.info.roster.as_ref());
    let preferences = changes.and_then(|changes| changes.info.preferences.as_ref());
    MissedChat {
        id: missed.chat,
        kind: kind_name(missed.kind),
        last_seq: missed.last_seq,
        messages: missed.messages.iter().map(|message| shown(missed, message)).collect(),
        has_more: missed.has_more,
        rev: missed.rev,
        own: missed.own,
        read_seq: missed.read,
        first_seq: missed.first,
        reset: missed.is_reset,
        changed: named.map(|changes| changes.changed.iter().map(|message| shown(missed, message)).collect()),
        mine: named.map(mine),
        info: info.map(Info::of),
        roster: roster.map(|(rev, members)| Roster::of(*rev, members, admin)),
        prefs: preferences.map(|preferences| Prefs::of(preferences, missed.first)),
        changed_more: changes.filter(|changes| changes.is_named || changes.has_more).map(|changes| changes.has_more),
    }
}

fn mine(changes: &Changes) -> Vec<Mine<'_>> {
    changes.mine.iter().map(|(seq, marks)| Mine { seq: *seq, my: My(marks) }).collect()
}

/// The message as its reader sees it.
fn shown<'a>(missed: &'a Missed, message: &'a StoredMessage) -> Message<'a> {
    let reply = message.reply_to.map(|seq| Reply::of(seq, missed.annotations.quoted.get(&seq)));
    Message::stored(missed.kind, missed.chat, message, reply, missed.annotations.marks.get(&message.seq))
}
