//! Read pointers: moved by a member, seen by the others, and by the member's other sockets with what is left to read.
use actix::prelude::*;
use log::Level;

use crate::{
    chat::{
        actor::{Chat, Decided, LedgerState},
        ledger::{Decision, Ledger},
        lookup::{Lookup, Planned},
        notifier::Notifier,
    },
    domain::{Kind, Roster, Seq, Shown},
    events::{Answer, ReadEvent},
    measure::tell,
    presence::{Caller, packet},
    store::{Fault, Unread},
};

impl Chat {
    pub(in crate::chat) fn mark_read(
        &mut self,
        caller: &Caller,
        kind: Kind,
        upto: Option<Seq>,
        is_seen: bool,
        ctx: &mut Context<Self>,
    ) -> Decided {
        let chat_id = self.id;
        let user = caller.user;
        let ledger = self.ledger()?;
        ledger.admits(user, kind)?;
        let is_seen = is_seen && !ledger.decided.is_blocked();
        // What is pending may fail yet: only a pointer that is stored is answered at once.
        let roster = if ledger.told.member(user).is_ok() { &ledger.told } else { &ledger.decided };
        let moved = roster.read(user, upto, ledger.newest)?;
        match ledger.decided.show_read(user, moved, is_seen)? {
            Some((seq, shown)) => {
                self.end_mark(caller, None, ctx)?;
                self.decide(caller.clone(), Decision::Read { user, seq, shown }, ctx)
            }
            None => {
                let seq = roster.member(user)?.read;
                if self.end_mark(caller, Some(seq), ctx)? {
                    return Ok(());
                }
                self.shared.presence.answer(caller, Answer::Read { chat_id, seq });
                Ok(())
            }
        }
    }

    /// Up to what was told by now is counted.
    pub(in crate::chat) fn plan_unread(&self, caller: Caller, seq: Seq) -> Option<Planned> {
        let LedgerState::Loaded(ledger) = &self.state else { return None };
        let cleared = ledger.told.member(caller.user).map_or(Seq(0), |member| member.preferences.cleared);
        Some(Planned::Unread { caller, seq, after: seq.max(cleared), upto: ledger.newest })
    }

    pub(in crate::chat) fn tell_unread(&self, caller: &Caller, seq: Seq, unread: Result<Unread, Fault>) {
        match unread {
            Ok(unread) => {
                let Unread { messages, mentioned } = unread;
                let event = ReadEvent::ChatRead { chat_id: self.id, seq, unread: messages, mentioned };
                self.shared.presence.tell_own_others(caller, &packet(&event));
            }
            Err(fault) => {
                let line = format_args!("chat {}: unread not counted: {fault}", self.id);
                tell(Level::Error, "unread count with a fault of the server", &fault.to_string(), line);
            }
        }
    }
}

impl Notifier<'_> {
    /// The pointer is stored. The member's other sockets, if there are any, are to learn what is left to read.
    pub(in crate::chat) fn read(
        &self,
        ledger: &mut Ledger<Caller>,
        caller: Caller,
        seq: Seq,
        shown: Shown,
    ) -> Option<Lookup> {
        let user = caller.user;
        let has_others = self.shared.presence.answer(&caller, Answer::Read { chat_id: self.chat, seq });
        let moved = ledger.told.member(user).is_ok_and(|member| member.read < seq);
        ledger.told.mark_read_as(user, seq, shown);
        // Who lets nobody see it until now lets all see how far it came meanwhile.
        if shown == Shown::Again || (moved && shown == Shown::Moved) {
            self.moved(&ledger.told, &caller, seq);
        }
        (moved && has_others).then_some(Lookup::Unread { caller, seq })
    }

    /// The same of a member who did so on another node: what is told here may be loaded with it already.
    pub(in crate::chat) fn read_elsewhere(
        &self,
        ledger: &mut Ledger<Caller>,
        caller: Caller,
        seq: Seq,
        shown: Shown,
    ) -> Option<Lookup> {
        let is_new = ledger.stand.is_new;
        let is_behind =
            ledger.told.member(caller.user).is_ok_and(|member| member.read < seq || (is_new && member.read == seq));
        ledger.told.mark_read_as(caller.user, seq, shown);
        if shown == Shown::Again || (is_behind && shown == Shown::Moved) {
            self.moved(&ledger.told, &caller, seq);
        }
        (is_behind && self.shared.presence.is_online(caller.user)).then_some(Lookup::Unread { caller, seq })
    }

    fn moved(&self, roster: &Roster, caller: &Caller, seq: Seq) {
        let reader = caller.user;
        let chat_id = self.chat;
        let event = match roster.kind {
            Kind::Group => ReadEvent::ReadGrpMsgAck { reader, group_id: chat_id, chat_id, seq },
            Kind::Personal | Kind::SelfNotes => ReadEvent::ReadPersonalMsgAck { chat_id, reader, seq },
        };
        self.tell_others(roster, reader, &event);
    }
}
