//! From a command to a record: the rules are asked, then the writer; only then does anything count as decided.
use std::time::Instant;

use actix::prelude::*;

use super::{
    actor::{Chat, Waiting},
    command::{AddMember, ChangeAdmin, Delete, Fetch, Kick, Leave, MarkRead, Post},
    errand::Errand,
    ledger::Pending,
    stats::Stats,
};
use crate::{
    domain::{Change, Fact, Kind, MessageId, Posted, Refusal, Roster, Timestamp},
    events::Answer,
    presence::Caller,
    writer::Record,
};

type Decided = Result<(), Refused>;

/// Why a command was not carried out, and who is to blame.
pub(super) struct Refused {
    pub(super) refusal: Refusal,
    by_writer: bool,
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self { refusal, by_writer: false }
    }
}

impl Refused {
    fn by_writer(refusal: Refusal) -> Self {
        Self { refusal, by_writer: true }
    }

    pub(super) fn count(&self, stats: &Stats) {
        let counts = if self.by_writer { &stats.refused_by_writer } else { &stats.refused };
        counts[self.refusal.code as usize].count();
    }
}

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
        self.record(Fact::Posted(posted.clone()), Pending::Post { caller: post.caller, posted }, ctx)
    }

    pub(super) fn mark_read(&mut self, mark: MarkRead, ctx: &mut Context<Self>) -> Decided {
        let (chat, user) = (self.id, mark.caller.user);
        let ledger = self.ledger()?;
        ledger.admits(user, mark.kind)?;
        // What is pending may fail yet: only a pointer that is stored is answered at once.
        let roster = if ledger.told.member(user).is_ok() { &ledger.told } else { &ledger.decided };
        match roster.read(user, mark.upto, ledger.newest)? {
            Some(seq) => self.record(Fact::Read { chat, user, seq }, Pending::Read { caller: mark.caller, seq }, ctx),
            None => {
                let seq = roster.member(user)?.read;
                mark.caller.answer(Answer::Read { chat_id: chat, seq });
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
            return Err(Refusal::no_such_chat().into());
        }
        if ledger.pending.is_empty() {
            self.run(vec![Errand::Page(fetch)], ctx);
            return Ok(());
        }
        let after = ledger.recorded;
        if self.waiting.len() >= bound {
            return Err(Refusal::busy().into());
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
        let chat = self.id;
        let ledger = self.ledger()?;
        ledger.decided.member(caller.user)?;
        if ledger.decided.kind != Kind::Group {
            return Err(Refusal::no_such_chat().into());
        }
        ledger.sound()?;
        let change = rule(&ledger.decided)?;
        self.record(Fact::Changed { chat, change: change.clone() }, Pending::Change { caller, change }, ctx)
    }

    /// Hands a decision to the writer. If its mailbox is full nobody has seen anything.
    fn record(&mut self, fact: Fact, pending: Pending, ctx: &mut Context<Self>) -> Decided {
        let reserve = if matches!(pending, Pending::Change { .. }) { RESERVE } else { 0 };
        if self.ledger()?.pending.len() >= self.home.mailbox_capacity() + reserve {
            return Err(Refusal::busy().into());
        }
        let record = Record { fact, chat: ctx.address().recipient(), since: Instant::now() };
        self.home.writer.try_send(record).map_err(|refused| match refused {
            SendError::Full(_) => Refused::by_writer(Refusal::busy()),
            SendError::Closed(_) => Refused::by_writer(Refusal::unavailable()),
        })?;
        self.home.stats.recorded.count();
        self.ledger()?.enter(pending);
        Ok(())
    }
}
