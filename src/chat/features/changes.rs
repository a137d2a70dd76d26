//! Messages that change after they were said: edited, taken back, hidden, reacted to, pinned, starred. Each change is decided on
//! the message as it is with everything decided before, and told once it is stored, to those who see the message.
use std::{time::Instant, vec::IntoIter};

use actix::prelude::*;
use futures_util::FutureExt;

use crate::{
    chat::{
        actor::{Chat, Decided, LedgerState},
        command::{Command, Request},
        ledger::{Changing, Decision, Ledger, Pending},
        lookup::Lookup,
        notifier::Notifier,
        open::Open,
        recover::{Work, refuse},
    },
    domain::{
        ChatId, Deed, Marks, Member, Mention, MessageChange, MessageDeed, Own, Refusal, Rev, Ruling, Seq, Timestamp,
        UserId,
    },
    events::{ChangeDone, ChangeEvent, ChangeMessage, Granted, Message, My, Reply},
    panics::{catch, caught},
    presence::{Caller, packet},
    store::{DEADLINES, Fault, Opened, Outcome, in_time},
    writer::Verdict,
};

/// What is looked up of a message before it is decided about.
type Looked = (Option<Opened>, Option<usize>);

impl Chat {
    pub(in crate::chat) fn change_message(
        &mut self,
        caller: &Caller,
        asked: Box<ChangeMessage>,
        ctx: &mut Context<Self>,
    ) -> Decided {
        let rules = self.shared.rules();
        let user = caller.user;
        let seq = asked.seq;
        let counts_pins = matches!(asked.deed, MessageDeed::Pin(true));
        let ledger = self.ledger()?;
        ledger.decided.member(user)?;
        ledger.sound()?;
        if ledger.sees(&rules, user, seq) && !ledger.open.knows(seq, user, counts_pins) {
            // What the caller may not do at all needs no look at the message.
            let deed = Deed::Message(seq, asked.deed.clone());
            match ledger.judge(&rules, user, &deed, Timestamp::now()) {
                Err(refusal) if refusal != Refusal::no_such_message() => return Err(refusal),
                _ => {}
            }
            let caller = caller.clone();
            let is_sure = self.is_sure();
            return self.look_at(caller.clone(), seq, counts_pins, ctx, move |chat, ctx| {
                chat.decide_later(is_sure, &caller, Request::Change(asked), ctx, |chat, request, ctx| match request {
                    Request::Change(asked) => chat.decide_change(&caller, asked, ctx),
                    _ => Ok(()),
                })
            });
        }
        self.decide_change(caller, asked, ctx)
    }

    fn decide_change(&mut self, caller: &Caller, asked: Box<ChangeMessage>, ctx: &mut Context<Self>) -> Decided {
        let rules = self.shared.rules();
        let user = caller.user;
        let seq = asked.seq;
        let chat = self.id;
        let now = Timestamp::now();
        let ledger = self.ledger()?;
        let deed = Deed::Message(seq, asked.deed.clone());
        let ruling = ledger.judge(&rules, user, &deed, now);
        match ruling {
            Ok(Ruling::Message { effect, not_mentioned }) => {
                let marks = Marks::default();
                let reactions = Vec::new();
                let stars = rules.stars;
                let freed = Vec::new();
                let if_edits = if let MessageDeed::Edit { if_edits, .. } = asked.deed { if_edits } else { None };
                let change =
                    MessageChange { chat, seq, by: user, at: now, effect, reactions, marks, stars, freed, if_edits };
                let changing = Changing { change, deed: asked.deed, not_mentioned };
                self.decide(caller.clone(), Decision::Message(Box::new(changing)), ctx)
            }
            Ok(_) if ledger.open.is_used(seq) => self.ask_again(caller, Request::Change(asked)),
            Ok(_) if !self.is_sure() => {
                self.close(seq);
                self.when_abreast(Command { caller: caller.clone(), request: Request::Change(asked) }, ctx);
                Ok(())
            }
            Ok(_) => {
                self.answer_present(caller, &asked);
                self.close(seq);
                Ok(())
            }
            Err(refusal) => {
                self.close(seq);
                Err(refusal)
            }
        }
    }

    fn close(&mut self, seq: Seq) {
        if let LedgerState::Loaded(ledger) = &mut self.state {
            ledger.open.close(seq);
        }
    }

    /// It is so already.
    fn answer_present(&self, caller: &Caller, asked: &ChangeMessage) {
        let LedgerState::Loaded(ledger) = &self.state else { return };
        let Some(open) = ledger.open.get(asked.seq) else { return };
        let notifier = Notifier { chat: self.id, shared: &self.shared };
        let marks = open.told.marks(caller.user);
        notifier.acknowledge_change(ledger, caller, open, &asked.deed, &marks, &[]);
    }

    /// Looks at a message, and the mailbox waits meanwhile. Then goes on with what is decided by it.
    pub(in crate::chat) fn look_at(
        &mut self,
        caller: Caller,
        seq: Seq,
        counts_pins: bool,
        ctx: &mut Context<Self>,
        then: impl FnOnce(&mut Self, &mut Context<Self>) -> Decided + 'static,
    ) -> Decided {
        if self.backs_off() {
            return Err(Refusal::unavailable());
        }
        let store = self.shared.store.clone();
        let chat = self.id;
        let user = caller.user;
        let look = async move {
            let opened = store.opened(chat, seq, user).await?;
            let pinned = if counts_pins { Some(store.count_pinned(chat).await?) } else { None };
            Ok((opened, pinned))
        };
        let look = caught(in_time(Instant::now() + DEADLINES.query, look).boxed_local());
        self.wait_for("deciding", ctx, look, move |chat, looked, ctx| {
            let decided = looked.and_then(|looked| catch(|| chat.go_on_with(looked, &caller, ctx, then)));
            if let Err(panic) = decided {
                refuse(&chat.shared.presence, &caller);
                chat.recover(&Work::Request(&caller), &panic, ctx);
            }
        });
        Ok(())
    }

    fn go_on_with(
        &mut self,
        looked: Result<Looked, Fault>,
        caller: &Caller,
        ctx: &mut Context<Self>,
        then: impl FnOnce(&mut Self, &mut Context<Self>) -> Decided,
    ) {
        let decided = match looked {
            Ok(looked) => {
                self.take_up(caller.user, looked);
                then(self, ctx)
            }
            Err(fault) => {
                log::error!("chat {}: message not looked at: {fault}", self.id);
                self.back_off();
                Err(if fault.is_passing() { Refusal::unavailable() } else { Refusal::impossible() })
            }
        };
        if let Err(refusal) = decided {
            self.shared.stats.refused[refusal.code as usize].count();
            self.shared.presence.refuse(caller, &refusal);
        }
    }

    fn take_up(&mut self, user: UserId, (opened, pinned): Looked) {
        let LedgerState::Loaded(ledger) = &mut self.state else { return };
        if let Some(Opened { message, reactions, marks, quoted }) = opened {
            let seq = message.seq;
            ledger.open.open(message, reactions, quoted);
            ledger.open.mark(seq, user, marks);
        }
        if let Some(pinned) = pinned {
            ledger.open.count_pinned(pinned);
        }
    }
}

impl Notifier<'_> {
    /// The change is stored.
    pub(in crate::chat) fn message_changed(
        &self,
        ledger: &mut Ledger<Caller>,
        caller: &Caller,
        changing: &Changing,
        rev: Rev,
        own: Own,
    ) {
        ledger.open.settle(&changing.change, rev, own);
        self.tell_settled(ledger, caller, changing, rev, own);
    }

    /// The same where there are several nodes: the message is as it was read after the change.
    pub(in crate::chat) fn tell_drawn(
        &self,
        ledger: &mut Ledger<Caller>,
        caller: &Caller,
        changing: &Changing,
        (rev, own): (Rev, Own),
        opened: Opened,
    ) {
        let MessageChange { seq, by, effect, .. } = &changing.change;
        ledger.redraw(*by, effect, opened);
        self.tell_settled(ledger, caller, changing, rev, own);
        ledger.open.close(*seq);
    }

    fn tell_settled(&self, ledger: &mut Ledger<Caller>, caller: &Caller, changing: &Changing, rev: Rev, own: Own) {
        let Changing { change, deed, not_mentioned } = changing;
        if change.effect.is_shared() {
            ledger.told.rev = rev;
        }
        if change.effect.is_own() {
            ledger.told.number_own(change.by, own);
        }
        let Some(open) = ledger.open.get(change.seq) else { return };
        let marks = open.told.marks(caller.user);
        self.acknowledge_change(ledger, caller, open, deed, &marks, not_mentioned);
        if change.effect.is_shared() {
            self.tell_change(ledger, caller, open, change, rev);
        }
        // What is read may be newer: then a later change tells it.
        if change.effect.is_own() && marks.own <= own {
            let mine = ChangeEvent::MessageMine { chat_id: self.chat, seq: change.seq, my: My(&marks) };
            self.shared.presence.tell_own_others(caller, &packet(&mine));
        }
    }

    fn acknowledge_change(
        &self,
        ledger: &Ledger<Caller>,
        caller: &Caller,
        open: &Open,
        deed: &MessageDeed,
        marks: &Marks,
        not_mentioned: &[Mention],
    ) {
        let reads_original = ledger.told.member(caller.user).is_ok_and(|member| self.sees_original(member, open));
        let my = (marks.own > Own(0)).then_some(marks);
        let message = shown(self.chat, ledger, open, reads_original, my);
        let done = ChangeDone::of(deed, message, marks, not_mentioned);
        self.shared.presence.grant(caller, &Granted::with(&done));
    }

    /// Those who see the message hear what became of it; it is encoded once for those who see what it answers, and once for
    /// the others.
    fn tell_change(&self, ledger: &Ledger<Caller>, caller: &Caller, open: &Open, change: &MessageChange, rev: Rev) {
        let rules = self.shared.rules();
        let told = |reads_original: bool| {
            let message = shown(self.chat, ledger, open, reads_original, None);
            packet(&ChangeEvent::changed(self.chat, rev, &change.effect, change.by, message))
        };
        let mut packets = [None, None];
        let sees = |member: &&Member| member.first(&rules) <= change.seq;
        for member in ledger.told.members.iter().filter(sees) {
            let reads_original = self.sees_original(member, open);
            let packet = packets[usize::from(reads_original)].get_or_insert_with(|| told(reads_original));
            if member.user == caller.user {
                self.shared.presence.tell_own_others(caller, packet);
            } else {
                self.shared.presence.tell(member.user, packet);
            }
        }
    }

    fn sees_original(&self, member: &Member, open: &Open) -> bool {
        open.told.message.reply_to.is_none_or(|original| member.first(&self.shared.rules()) <= original)
    }
}

impl Chat {
    /// A change of one's own is stored, or is so already by another node's: it is told as it is read now.
    pub(in crate::chat) fn draw_own(
        &mut self,
        pending: Pending<Caller>,
        outcome: Outcome,
        verdicts: IntoIter<Verdict>,
        lookups: Vec<Lookup>,
        ctx: &mut Context<Self>,
    ) {
        let Pending { caller, decision: Decision::Message(changing) } = pending else { return };
        let shown = if outcome.came_true() { self.shown.pop_front() } else { None };
        if let (Some(opened), Outcome::Changed { rev, own, .. }, LedgerState::Loaded(ledger)) =
            (shown, outcome, &mut self.state)
        {
            let notifier = Notifier { chat: self.id, shared: &self.shared };
            notifier.tell_drawn(ledger, &caller, &changing, (rev, own), opened);
            ledger.release(&Decision::Message(changing));
            return self.settle_on(verdicts, lookups, ctx);
        }
        let (store, chat, seq, user) = (self.shared.store.clone(), self.id, changing.change.seq, caller.user);
        let look = async move { in_time(Instant::now() + DEADLINES.query, store.opened(chat, seq, user)).await };
        self.wait_for("telling", ctx, look, move |chat, found: Result<_, Fault>, ctx| {
            let notifier = Notifier { chat: chat.id, shared: &chat.shared };
            match (found, &mut chat.state) {
                (Ok(Some(opened)), LedgerState::Loaded(ledger)) => {
                    match outcome {
                        Outcome::Changed { rev, own, .. } => {
                            notifier.tell_drawn(ledger, &caller, &changing, (rev, own), opened);
                        }
                        _ => {
                            ledger.redraw(user, &changing.change.effect, opened);
                            if let Some(open) = ledger.open.get(seq) {
                                let marks = open.told.marks(user);
                                notifier.acknowledge_change(ledger, &caller, open, &changing.deed, &marks, &[]);
                            }
                        }
                    }
                    ledger.release(&Decision::Message(changing));
                }
                (found, _) => {
                    log::error!("chat {}: a change that is stored could not be read: {:?}", chat.id, found.err());
                    refuse(&chat.shared.presence, &caller);
                    chat.renew_all();
                    chat.outdated = true;
                }
            }
            chat.settle_on(verdicts, lookups, ctx);
            chat.go_on(ctx);
        });
    }
}

/// An open message as it was told last.
fn shown<'a>(
    chat: ChatId,
    ledger: &Ledger<Caller>,
    open: &'a Open,
    reads_original: bool,
    my: Option<&'a Marks>,
) -> Message<'a> {
    let message = &open.told.message;
    let original = open.quoted.as_ref().filter(|_| reads_original);
    let reply = message.reply_to.map(|seq| Reply::of(seq, original));
    Message::stored(ledger.told.kind, chat, message, reply, my)
}
