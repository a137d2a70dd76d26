//! What the registry tells a chat besides the commands of members: to settle, to say whether it may go.
use std::time::Instant;

use actix::prelude::*;
use tokio::sync::oneshot;

use super::actor::{Chat, LedgerState, Waiting};
use crate::domain::ChatId;

/// Answered once everything decided before it is settled and told. Asked by the registry when the server stops.
#[derive(Message, Debug)]
#[rtype(result = "()")]
pub struct Settle;

/// Follows some of the commands through the mailbox, so that it is known how long they wait. From the registry.
#[derive(Message)]
#[rtype(result = "()")]
pub struct Stamp(pub Instant);

/// The registry asks whether the chat may be let go. Answered with `Idle` if nothing is under way.
#[derive(Message)]
#[rtype(result = "()")]
pub struct Passivate {
    /// How many commands the registry had routed here when it asked.
    pub routed: u64,
    /// Where the answer goes.
    pub registry: Recipient<Idle>,
}

/// The chat has nothing under way.
#[derive(Message, Debug, Clone, Copy, PartialEq, Eq)]
#[rtype(result = "()")]
pub struct Idle {
    /// Which chat.
    pub chat: ChatId,
    /// The `routed` of the question: if more was routed since, the chat is not idle any more.
    pub routed: u64,
}

impl Handler<Settle> for Chat {
    type Result = ResponseFuture<()>;

    fn handle(&mut self, _: Settle, _: &mut Self::Context) -> Self::Result {
        let (settled, told) = oneshot::channel();
        if let LedgerState::Loaded(ledger) = &self.state
            && ledger.pending() > 0
        {
            self.waiting.push_back((ledger.entered, Waiting::Settled(settled)));
        }
        // A sender that is dropped, here or with the chat, answers too: nothing is left to wait for.
        Box::pin(async move { told.await.unwrap_or_default() })
    }
}

impl Handler<Stamp> for Chat {
    type Result = ();

    fn handle(&mut self, Stamp(sent): Stamp, _: &mut Self::Context) {
        self.shared.stats.times.taken(Some(sent));
    }
}

impl Handler<Passivate> for Chat {
    type Result = ();

    fn handle(&mut self, question: Passivate, _: &mut Self::Context) {
        let busy = matches!(&self.state, LedgerState::Loaded(ledger) if ledger.pending() > 0);
        if !busy
            && self.coming.is_empty()
            && !self.hints.has_queued()
            && self.in_flight == 0
            && self.unconfirmed.is_none()
        {
            question.registry.do_send(Idle { chat: self.id, routed: question.routed });
        }
    }
}
