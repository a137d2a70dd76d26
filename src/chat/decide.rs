//! From a command to a record: the rules are asked, then what they decided is handed to the writer.
use std::mem;

use actix::prelude::*;

use super::{
    actor::{Books, Chat, Decided, Fetch, Waiting},
    errand::Errand,
    ledger::Pending,
};
use crate::{
    domain::{Change, ClientId, Content, Kind, MessageId, Name, Posted, Refusal, Roster, Seq, Timestamp, UserId},
    events::{Answer, PageRequest},
    presence::Caller,
    writer::{Record, Unstored},
};

/// To the chat by itself: the writer is to get what was decided in this turn.
#[derive(Message)]
#[rtype(result = "()")]
struct Hand;

/// Places among the pending decisions that only changes may take: the admin of a flooded group can still kick the flooder.
const RESERVE: usize = 16;

impl Chat {
    pub(super) fn post(
        &mut self,
        caller: &Caller,
        kind: Kind,
        content: Content,
        client_id: Option<ClientId>,
        ctx: &mut Context<Self>,
    ) -> Decided {
        self.home.stats.received.count();
        let sender = caller.user;
        self.ledger()?.admits(sender, kind)?;
        let (id, sent_at) = (MessageId::new(), Timestamp::now());
        let posted = Posted { chat: self.id, id, sender, content, client_id, sent_at };
        self.decide(Pending::Post { caller: caller.clone(), posted }, ctx)
    }

    pub(super) fn mark_read(
        &mut self,
        caller: &Caller,
        kind: Kind,
        upto: Option<Seq>,
        ctx: &mut Context<Self>,
    ) -> Decided {
        let (chat_id, user) = (self.id, caller.user);
        let ledger = self.ledger()?;
        ledger.admits(user, kind)?;
        // What is pending may fail yet: only a pointer that is stored is answered at once.
        let roster = if ledger.told.member(user).is_ok() { &ledger.told } else { &ledger.decided };
        match roster.read(user, upto, ledger.newest)? {
            Some(seq) => self.decide(Pending::Read { caller: caller.clone(), seq }, ctx),
            None => {
                let seq = roster.member(user)?.read;
                self.home.presence.answer(caller, Answer::Read { chat_id, seq });
                Ok(())
            }
        }
    }

    /// A page waits behind everything that is pending, so that callers read their own writes.
    pub(super) fn fetch(&mut self, caller: &Caller, kind: Kind, page: PageRequest, ctx: &mut Context<Self>) -> Decided {
        let bound = self.home.mailbox_capacity();
        let ledger = self.ledger()?;
        ledger.admits(caller.user, kind)?;
        if kind == Kind::Group && ledger.decided.kind != Kind::Group {
            return Err(Refusal::no_such_chat());
        }
        let fetch = Fetch { caller: caller.clone(), kind, page };
        if ledger.pending() == 0 {
            self.run(vec![Errand::Page(fetch)], Vec::new(), ctx);
            return Ok(());
        }
        let after = ledger.entered;
        if self.waiting.len() >= bound {
            return Err(Refusal::busy());
        }
        self.waiting.push_back((after, Waiting::Page(fetch)));
        Ok(())
    }

    pub(super) fn add_member(
        &mut self,
        caller: &Caller,
        member: Option<(UserId, Name)>,
        ctx: &mut Context<Self>,
    ) -> Decided {
        let rules = self.home.rules();
        self.change(caller, ctx, |roster| roster.add(caller.user, member, &rules))
    }

    pub(super) fn kick(&mut self, caller: &Caller, member: Option<UserId>, ctx: &mut Context<Self>) -> Decided {
        self.change(caller, ctx, |roster| roster.kick(caller.user, member))
    }

    pub(super) fn change_admin(&mut self, caller: &Caller, member: Option<UserId>, ctx: &mut Context<Self>) -> Decided {
        self.change(caller, ctx, |roster| roster.change_admin(caller.user, member))
    }

    pub(super) fn leave(&mut self, caller: &Caller, ctx: &mut Context<Self>) -> Decided {
        self.change(caller, ctx, |roster| roster.leave(caller.user))
    }

    pub(super) fn delete(&mut self, caller: &Caller, ctx: &mut Context<Self>) -> Decided {
        self.change(caller, ctx, |roster| roster.delete(caller.user))
    }

    /// Decides a change in a group. Other chats do not change: for these commands they do not exist.
    fn change(
        &mut self,
        caller: &Caller,
        ctx: &mut Context<Self>,
        rule: impl FnOnce(&Roster) -> Result<Change, Refusal>,
    ) -> Decided {
        let ledger = self.ledger()?;
        ledger.decided.member(caller.user)?;
        if ledger.decided.kind != Kind::Group {
            return Err(Refusal::no_such_chat());
        }
        ledger.sound()?;
        let change = rule(&ledger.decided)?;
        self.decide(Pending::Change { caller: caller.clone(), change }, ctx)
    }

    /// Enters a decision. The writer gets it together with what else is decided in this turn.
    fn decide(&mut self, pending: Pending, ctx: &mut Context<Self>) -> Decided {
        let reserve = if matches!(pending, Pending::Change { .. }) { RESERVE } else { 0 };
        let bound = self.home.mailbox_capacity() + reserve;
        let ledger = self.ledger()?;
        if ledger.pending() >= bound {
            return Err(Refusal::busy());
        }
        ledger.enter(pending);
        if !mem::replace(&mut self.called, true) {
            ctx.notify(Hand);
        }
        Ok(())
    }

    /// Hands the writer what it does not have yet, up to this chat's share. What is left follows as that is settled;
    /// with nothing to be settled it is refused, and nobody has seen anything. While the database takes nothing of this
    /// chat nothing is left to stand in line anew, with its time half over: it is refused with what stands there. So is
    /// what was decided after a change that did not come true.
    pub(super) fn hand_over(&mut self, ctx: &mut Context<Self>) {
        self.called = false;
        let Books::Open(ledger) = &mut self.books else { return };
        if ledger.forlorn {
            if !ledger.is_recorded() {
                self.give_up(Unstored::Late, ctx);
            }
            return;
        }
        let Some((since, facts)) = ledger.next_facts(self.id) else { return };
        let count = facts.len();
        match self.home.writer.try_send(Record { facts, chat: ctx.address().recipient(), since }) {
            Ok(()) => {
                ledger.record(count);
                self.abroad += count;
                self.home.stats.recorded.count();
            }
            Err(SendError::Full(_)) if ledger.is_recorded() => {}
            Err(SendError::Full(_)) => self.give_up(Unstored::Busy, ctx),
            Err(SendError::Closed(_)) => self.give_up(Unstored::Late, ctx),
        }
    }

    /// Refuses all that is pending: the writer has none of it.
    fn give_up(&mut self, why: Unstored, ctx: &mut Context<Self>) {
        let Books::Open(ledger) = &self.books else { return };
        let verdicts = vec![Err(why); ledger.pending()];
        self.settle(verdicts, ctx);
    }
}

impl Handler<Hand> for Chat {
    type Result = ();

    fn handle(&mut self, _: Hand, ctx: &mut Self::Context) {
        self.guard("recording", ctx, Self::go_on);
    }
}
