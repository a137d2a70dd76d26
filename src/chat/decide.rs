//! From a command to a record: the rules are asked, then what they decided is handed to the writer.
use std::mem;

use actix::prelude::*;

use super::{
    actor::{Books, Chat, Waiting},
    command::{AddMember, ChangeAdmin, Delete, Fetch, Hand, Kick, Leave, MarkRead, Post},
    errand::Errand,
    ledger::Pending,
};
use crate::{
    domain::{Change, Kind, MessageId, Posted, Refusal, Roster, Timestamp},
    events::Answer,
    presence::Caller,
    writer::{Record, Unstored},
};

type Decided = Result<(), Refusal>;

/// Places among the pending decisions that only changes may take: the admin of a flooded group can still kick the flooder.
const RESERVE: usize = 16;

impl Chat {
    pub(super) fn post(&mut self, post: Post, ctx: &mut Context<Self>) -> Decided {
        self.home.stats.received.count();
        self.ledger()?.admits(post.caller.user, post.kind)?;
        let posted = Posted {
            chat: self.id,
            id: MessageId::new(),
            sender: post.caller.user,
            content: post.content,
            client_id: post.client_id,
            sent_at: Timestamp::now(),
        };
        self.decide(Pending::Post { caller: post.caller, posted }, ctx)
    }

    pub(super) fn mark_read(&mut self, mark: MarkRead, ctx: &mut Context<Self>) -> Decided {
        let (chat, user) = (self.id, mark.caller.user);
        let ledger = self.ledger()?;
        ledger.admits(user, mark.kind)?;
        // What is pending may fail yet: only a pointer that is stored is answered at once.
        let roster = if ledger.told.member(user).is_ok() { &ledger.told } else { &ledger.decided };
        match roster.read(user, mark.upto, ledger.newest)? {
            Some(seq) => self.decide(Pending::Read { caller: mark.caller, seq }, ctx),
            None => {
                let seq = roster.member(user)?.read;
                self.home.presence.answer(&mark.caller, Answer::Read { chat_id: chat, seq });
                Ok(())
            }
        }
    }

    /// A page waits behind everything that is pending, so that callers read their own writes.
    pub(super) fn fetch(&mut self, fetch: Fetch, ctx: &mut Context<Self>) -> Decided {
        let bound = self.home.mailbox_capacity();
        let ledger = self.ledger()?;
        ledger.admits(fetch.caller.user, fetch.kind)?;
        if fetch.kind == Kind::Group && ledger.decided.kind != Kind::Group {
            return Err(Refusal::no_such_chat());
        }
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

    pub(super) fn add_member(&mut self, add: AddMember, ctx: &mut Context<Self>) -> Decided {
        let (rules, by) = (self.home.rules(), add.caller.user);
        self.change(add.caller, ctx, |roster| roster.add(by, add.member, &rules))
    }

    pub(super) fn kick(&mut self, kick: Kick, ctx: &mut Context<Self>) -> Decided {
        let by = kick.caller.user;
        self.change(kick.caller, ctx, |roster| roster.kick(by, kick.member))
    }

    pub(super) fn change_admin(&mut self, change: ChangeAdmin, ctx: &mut Context<Self>) -> Decided {
        let by = change.caller.user;
        self.change(change.caller, ctx, |roster| roster.change_admin(by, change.member))
    }

    pub(super) fn leave(&mut self, leave: Leave, ctx: &mut Context<Self>) -> Decided {
        let by = leave.caller.user;
        self.change(leave.caller, ctx, |roster| roster.leave(by))
    }

    pub(super) fn delete(&mut self, delete: Delete, ctx: &mut Context<Self>) -> Decided {
        let by = delete.caller.user;
        self.change(delete.caller, ctx, |roster| roster.delete(by))
    }

    /// Decides a change in a group. Other chats do not change: for these commands they do not exist.
    fn change(
        &mut self,
        caller: Caller,
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
        self.decide(Pending::Change { caller, change }, ctx)
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
