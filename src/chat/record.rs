//! From a decision to a record: what members asked and the rules allow is handed to the writer, turn by turn.
use std::mem;

use actix::prelude::*;

use super::{
    actor::{Chat, Decided, LedgerState},
    ledger::Decision,
};
use crate::{
    domain::Refusal,
    presence::Caller,
    writer::{Record, Unstored},
};

/// To the chat by itself: the writer is to get what was decided in this turn.
#[derive(Message)]
#[rtype(result = "()")]
struct HandOver;

/// Places among the pending decisions that only changes may take: the admin of a flooded group can still kick the flooder.
const RESERVE: usize = 16;

impl Chat {
    /// Enters a decision. The writer gets it together with what else is decided in this turn.
    pub(super) fn decide(&mut self, caller: Caller, decision: Decision, ctx: &mut Context<Self>) -> Decided {
        let reserve = if decision.is_change() { RESERVE } else { 0 };
        let bound = self.shared.mailbox_capacity() + reserve;
        let ledger = self.ledger()?;
        if ledger.pending() >= bound {
            return Err(Refusal::busy());
        }
        ledger.enter(caller, decision);
        if !mem::replace(&mut self.hand_over_queued, true) {
            ctx.notify(HandOver);
        }
        Ok(())
    }

    /// Hands the writer what it does not have yet, up to this chat's share. What is left follows as that is settled;
    /// with nothing to be settled it is refused, and nobody has seen anything. While the database takes nothing of this
    /// chat nothing is left to stand in line anew, with its time half over: it is refused with what stands there. So is
    /// what was decided after a change that did not come true.
    pub(super) fn hand_over(&mut self, ctx: &mut Context<Self>) {
        self.hand_over_queued = false;
        let LedgerState::Loaded(ledger) = &mut self.state else { return };
        if ledger.hopeless {
            if !ledger.is_recorded() {
                self.give_up(Unstored::Late, ctx);
            }
            return;
        }
        let Some((since, facts)) = ledger.next_facts(self.id) else { return };
        let count = facts.len();
        let known = ledger.known();
        match self.shared.writer.try_send(Record { facts, chat: ctx.address().recipient(), since, known }) {
            Ok(()) => {
                ledger.record(count);
                self.in_flight += count;
                self.shared.stats.recorded.count();
            }
            Err(SendError::Full(_)) if ledger.is_recorded() => {}
            Err(SendError::Full(_)) => self.give_up(Unstored::Busy, ctx),
            Err(SendError::Closed(_)) => self.give_up(Unstored::Late, ctx),
        }
    }

    /// Refuses all that is pending: the writer has none of it.
    fn give_up(&mut self, why: Unstored, ctx: &mut Context<Self>) {
        let LedgerState::Loaded(ledger) = &self.state else { return };
        let verdicts = vec![Err(why); ledger.pending()];
        self.settle(verdicts, ctx);
    }
}

impl Handler<HandOver> for Chat {
    type Result = ();

    fn handle(&mut self, _: HandOver, ctx: &mut Self::Context) {
        self.guard("recording", ctx, Self::go_on);
    }
}
