//! Hints among members: who types, and how far messages arrived. Nothing of it waits for the database, and all of it may be lost.
use std::time::Instant;

use actix::prelude::*;

use crate::{
    chat::{
        actor::{Chat, Decided, LedgerState},
        hints::Due,
        notifier::Notifier,
    },
    domain::{Kind, Name, Seq, Timestamp, UserId},
    events::{Answer, Hint, HintEvent},
    presence::{Arrival, Caller, Whisper},
};

impl Chat {
    /// The caller's user lets others know of it, or not.
    pub(in crate::chat) fn hint(
        &mut self,
        caller: &Caller,
        hint: Hint,
        is_seen: bool,
        ctx: &mut Context<Self>,
    ) -> Decided {
        let ledger = self.ledger()?;
        match hint {
            Hint::Typing(_) => ledger.decided.may_type(caller.user, Timestamp::now())?,
            Hint::Delivered(_) => drop(ledger.decided.member(caller.user)?),
        }
        self.shared.presence.answer(caller, Answer::Done);
        match hint {
            Hint::Typing(on) if is_seen => self.typing(caller, on),
            Hint::Typing(_) => self.hints.typists.said(caller.user),
            Hint::Delivered(seq) => self.delivered(caller.user, seq, is_seen, ctx),
        }
        Ok(())
    }

    fn typing(&mut self, caller: &Caller, on: bool) {
        let rules = self.shared.rules().typing;
        let LedgerState::Loaded(ledger) = &self.state else { return };
        let is_heard = ledger.told.kind != Kind::SelfNotes && ledger.told.members.len() <= rules.members;
        if !is_heard || !ledger.told.has(caller.user) {
            return;
        }
        let user = caller.user;
        let now = Instant::now();
        let typists = &mut self.hints.typists;
        let is_news =
            if on { typists.begin(user, caller.connection, now, &rules) } else { typists.end(user, now, &rules) };
        if is_news {
            self.tell_typing(user, on);
            self.shared.presence.whisper(Whisper::Typing(self.id, user, on));
        }
    }

    /// The socket is gone that typed.
    pub(in crate::chat) fn stop_typing(&mut self, caller: &Caller) -> Decided {
        let rules = self.shared.rules().typing;
        if self.hints.typists.gone(caller.user, caller.connection, Instant::now(), &rules) {
            self.tell_typing(caller.user, false);
            self.shared.presence.whisper(Whisper::Typing(self.id, caller.user, false));
        }
        Ok(())
    }

    fn tell_typing(&self, user: UserId, on: bool) {
        let LedgerState::Loaded(ledger) = &self.state else { return };
        let name = ledger.told.name_of(user).map_or("", Name::as_str);
        let expires_in = self.shared.rules().typing.expires.as_secs();
        let event = HintEvent::Typing { chat_id: self.id, user, name, on, expires_in };
        self.tell_hint(user, &event);
    }

    fn delivered(&mut self, user: UserId, seq: Seq, is_seen: bool, ctx: &mut Context<Self>) {
        let LedgerState::Loaded(ledger) = &mut self.state else { return };
        let newest = ledger.newest;
        let is_seen = is_seen && !ledger.decided.is_blocked();
        // Those who are no members any more, or not yet, were refused, or have nothing here.
        let _ = ledger.decided.deliver(user, seq, newest, is_seen);
        let Ok(Some(upto)) = ledger.told.deliver(user, seq, newest, is_seen) else { return };
        self.shared.presence.note_arrival(self.id, user, Arrival { upto, wrote: false });
        match self.hints.arrived(user, Instant::now()) {
            Due::Now => self.tell_delivered(user),
            Due::Later(rest) => {
                ctx.run_later(rest, move |chat, ctx| {
                    chat.guard("telling", ctx, |chat, _| {
                        chat.hints.is_time(user, Instant::now());
                        chat.tell_delivered(user);
                    });
                });
            }
            Due::Queued => {}
        }
    }

    /// Another node heard a hint, and those here may be interested in it.
    pub(in crate::chat) fn heard_whisper(&mut self, whisper: Whisper) {
        let rules = self.shared.rules().typing;
        let LedgerState::Loaded(ledger) = &mut self.state else { return };
        match whisper {
            Whisper::Typing(_, user, on) if ledger.told.has(user) && ledger.told.members.len() <= rules.members => {
                self.tell_typing(user, on);
            }
            Whisper::Typing(..) => {}
            Whisper::Delivered(_, user, seq) => {
                let newest = ledger.newest;
                // Those who are no members any more have nothing here.
                let _ = ledger.decided.deliver(user, seq, newest, true);
                if let Ok(Some(_)) = ledger.told.deliver(user, seq, newest, true) {
                    self.tell_delivered_here(user);
                }
            }
        }
    }

    fn tell_delivered(&self, user: UserId) {
        if let Some(seq) = self.tell_delivered_here(user) {
            self.shared.presence.whisper(Whisper::Delivered(self.id, user, seq));
        }
    }

    /// What was read meanwhile, or is not to be seen any more, is not told.
    fn tell_delivered_here(&self, user: UserId) -> Option<Seq> {
        let LedgerState::Loaded(ledger) = &self.state else { return None };
        let member = ledger.told.member(user).ok()?;
        if member.shown.is_some() || member.delivered <= member.read {
            return None;
        }
        let event = HintEvent::DeliveredAck { chat_id: self.id, user, seq: member.delivered };
        self.tell_hint(user, &event);
        Some(member.delivered)
    }

    fn tell_hint(&self, user: UserId, event: &HintEvent<'_>) {
        let LedgerState::Loaded(ledger) = &self.state else { return };
        let notifier = Notifier { chat: self.id, shared: &self.shared };
        let sockets = notifier.tell_others(&ledger.told, user, event);
        self.shared.stats.hinted.add(sockets);
    }
}
