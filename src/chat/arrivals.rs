//! What is noted of arrivals goes to the writer from here: now and then, for all chats at once, behind what members wait for.
use std::time::{Duration, Instant};

use actix::prelude::*;

use crate::{
    domain::{Fact, Step},
    presence::Presence,
    writer::{Committed, Record},
};

/// From one time to the next.
const EVERY: Duration = Duration::from_secs(5);

/// So many members are written at once.
const AT_ONCE: usize = 512;

/// Has the writer remember how far messages arrived.
pub struct ArrivalKeeper {
    presence: Presence,
    writer: Recipient<Record>,
}

/// The next of what is noted is to be handed to the writer at once. Answered with how much there was. When the server stops.
#[derive(Message)]
#[rtype(result = "usize")]
pub struct KeepNext;

impl ArrivalKeeper {
    /// Starts it on an arbiter of its own or of others.
    pub fn start(arbiter: &ArbiterHandle, presence: Presence, writer: Recipient<Record>) -> Addr<Self> {
        Self::start_in_arbiter(arbiter, |_| Self { presence, writer })
    }

    /// Hands over the next members, if there are any.
    fn hand_over(&mut self, ctx: &mut Context<Self>) {
        let noted = self.presence.take_arrivals(AT_ONCE);
        if noted.is_empty() {
            return;
        }
        let facts = noted.into_iter().flat_map(|((chat, user), arrival)| {
            let wrote = arrival.wrote.then_some(Fact::Wrote { chat, user });
            let delivered = (arrival.upto.0 > 0).then_some(Fact::Delivered { chat, user, seq: arrival.upto });
            wrote.into_iter().chain(delivered)
        });
        let record =
            Record { facts: facts.collect(), chat: ctx.address().recipient(), since: Instant::now(), known: Step(0) };
        if self.writer.try_send(record).is_err() {
            // It has enough to do with what members wait for.
            self.presence.settle_arrivals(false);
        }
    }
}

impl Actor for ArrivalKeeper {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Self::Context) {
        ctx.run_interval(EVERY, Self::hand_over);
    }
}

impl Handler<Committed> for ArrivalKeeper {
    type Result = ();

    /// What is left follows, unless the database has trouble.
    fn handle(&mut self, Committed(verdicts, _): Committed, ctx: &mut Self::Context) {
        let is_stored = verdicts.iter().all(Result::is_ok);
        self.presence.settle_arrivals(is_stored);
        if is_stored {
            self.hand_over(ctx);
        }
    }
}

impl Handler<KeepNext> for ArrivalKeeper {
    type Result = usize;

    fn handle(&mut self, _: KeepNext, ctx: &mut Self::Context) -> usize {
        let left = self.presence.count_arrivals();
        self.hand_over(ctx);
        left
    }
}
