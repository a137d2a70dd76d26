//! The polls of a session: at most one is held.
use std::time::Instant;

use actix::prelude::*;

use super::{AbandonPoll, Poll, Session};
use crate::protocol::{
    Reason,
    engine::{CLOSE, NOOP, Polled, Refusal},
};

impl Handler<Poll> for Session {
    type Result = ();

    fn handle(&mut self, poll: Poll, ctx: &mut Context<Session>) {
        // A client that asks when its time is up must not find the session alive because a timer rings late.
        let now = Instant::now();
        self.keep_time(now, ctx);
        if self.life.is_over() {
            // With several workers a client's goodbye can overtake its poll, too.
            return self.answer_late_poll(poll.answer, ctx);
        }
        let held = match self.connection.polling() {
            Some(polling) => polling.hold_poll(now),
            None => {
                let _ = poll.answer.send(Err(Refusal::BadRequest));
                return;
            }
        };
        match held {
            Ok(()) => self.poll = Some(poll.answer),
            Err(fault) => {
                let _ = poll.answer.send(Err(Refusal::BadRequest));
                if let Some(held) = self.poll.take() {
                    // Whoever polls twice runs twice: one of the two goes for good.
                    let _ = held.send(Ok(vec![CLOSE]));
                }
                self.blame(fault, ctx);
            }
        }
        self.settle(ctx);
    }
}

impl Handler<AbandonPoll> for Session {
    type Result = ();

    fn handle(&mut self, _: AbandonPoll, ctx: &mut Context<Session>) {
        // A poll that comes after the upgrade is refused; whether it waits for that is all the same.
        if self.connection.polling().is_some() {
            self.end(Reason::TransportClose, ctx);
        }
    }
}

impl Session {
    /// Answers the held poll if there is anything to answer.
    pub(super) fn settle_poll(&mut self) {
        let Some(polled) = self.connection.polling().and_then(|polling| polling.take(Instant::now())) else { return };
        let frames = match polled {
            Polled::Packets(frames) => {
                self.budget.discharge(frames.iter().map(super::cost).sum());
                frames
            }
            Polled::Noop => vec![NOOP],
        };
        if let Some(poll) = self.poll.take() {
            // If nobody waits any more, the route has said so itself.
            let _ = poll.send(Ok(frames));
        }
    }
}
