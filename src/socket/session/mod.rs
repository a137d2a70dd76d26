//! The actor of one connection: it drives the protocol and outlives the transport.
//!
//! Frames come from a feeder or from polling requests, packets from the application by
//! [`Deliver`](super::Deliver). What goes out goes to an [`Outbound`](super::websocket::Outbound) or waits for a poll.

mod alarm;
mod birth;
mod deliver;
mod ending;
mod identity;
mod life;
mod messages;
mod namespaces;
mod participants;
mod poll;
mod post;
mod quiesce;
mod websocket;
mod wire;

use std::{sync::Arc, time::Instant};

use actix::prelude::*;
use tokio::sync::oneshot;
use tokio_util::task::task_tracker::TaskTrackerToken;

use self::{
    alarm::Alarm,
    identity::Identity,
    life::{Life, Step},
    messages::{Finish, Left},
    namespaces::ServiceState,
    post::Posting,
    wire::Carrier,
};
pub use self::{
    messages::{
        AbandonPoll, AbandonPost, BeginPost, FromWebSocket, Poll, PollAnswer, Post, Quiesce, Upgrade, WebSocketGone,
    },
    wire::{Line, Wire},
};
use super::{
    Budget, Message, budget::Charge, inflow::Inflow, mount, packet::framed, pending_ping::PendingPing,
    server_state::Slot,
};
use crate::protocol::{
    Fault, Reason, Verdict,
    engine::{Connection, Frame, Heard, Packet, Sid},
};

/// An endpoint with its sessions.
pub type Mount = mount::Mount<Addr<Session>>;

/// One connection.
pub struct Session {
    mount: Arc<Mount>,
    sid: Sid,
    identity: Identity,
    slot: Option<Slot>,
    connection: Connection,
    service: ServiceState,
    inflow: Arc<Inflow>,
    budget: Arc<Budget>,
    pending_ping: Arc<PendingPing>,
    carrier: Carrier,
    lines: u32,
    poll: Option<oneshot::Sender<PollAnswer>>,
    post: Option<Posting>,
    alarm: Option<Alarm>,
    /// Futures of the application that run for this session.
    running: usize,
    /// Who waits until none of them runs; dropped then.
    awaiting_rest: Vec<oneshot::Sender<()>>,
    life: Life,
    _running: TaskTrackerToken,
}

impl Session {
    /// Takes a packet of the client. It counts as inflow until it is handled, however long that takes.
    fn take(&mut self, packet: Packet, ctx: &mut Context<Session>) {
        self.inflow.enter();
        if matches!(packet, Packet::Pong) {
            self.pending_ping.answered();
        }
        let heard = self.connection.receive(packet, Instant::now());
        match heard.and_then(|heard| self.hear(heard, ctx)) {
            Ok(true) => self.inflow.leave(1),
            Ok(false) => {}
            Err(fault) => {
                self.inflow.leave(1);
                self.blame(fault, ctx);
            }
        }
    }

    /// True once nothing is left to do for what was heard.
    fn hear(&mut self, heard: Heard, ctx: &mut Context<Session>) -> Result<bool, Fault> {
        match heard {
            Heard::Nothing => Ok(true),
            Heard::Text(_) | Heard::Binary(_) if !self.life.is_open() => Ok(true),
            Heard::Text(text) => self.message(Message::Text(text), ctx),
            Heard::Binary(bytes) => self.message(Message::Binary(bytes), ctx),
            Heard::Close => {
                self.say_goodbye(ctx);
                Ok(true)
            }
        }
    }

    /// The client did something wrong: the table says what it costs.
    fn blame(&mut self, fault: Fault, ctx: &mut Context<Session>) {
        log::debug!("client fault: {fault} ({})", self.identity);
        match fault.verdict() {
            Verdict::Ignore => {}
            Verdict::Close(reason) => {
                self.life.step(Step::Close(reason));
                self.refuse_post();
                self.finish(ctx);
            }
        }
    }

    /// Ends a session that is closing after what came before the fault: the application may still be at work on that, and
    /// what it has said waits in the mailbox.
    fn finish(&mut self, ctx: &mut Context<Session>) {
        if let (Some(reason), 0) = (self.life.closing(), self.running) {
            ctx.notify(Finish(reason));
        }
    }

    /// Sends a frame of the session's own.
    fn say(&mut self, frame: Frame, ctx: &mut Context<Session>) {
        if self.charge(&frame, ctx) {
            self.write(frame);
        }
    }

    /// Whether the byte budget bears `frame`. If not, the client does not read.
    fn charge(&mut self, frame: &Frame, ctx: &mut Context<Session>) -> bool {
        let charge = self.budget.charge(cost(frame));
        if charge == Charge::Overflows {
            self.end(Reason::SlowReader, ctx);
        }
        charge == Charge::Fits
    }

    /// Sends a frame that is charged already.
    fn write(&mut self, frame: Frame) {
        if let (Some(frame), Some(wire)) = (self.connection.send(frame), self.carrier.wire()) {
            wire.outbound.push(frame);
        }
    }

    /// After whatever happened: answers the requests that can be answered now, and sets the alarm.
    fn settle(&mut self, ctx: &mut Context<Session>) {
        if !self.life.is_over() {
            self.settle_poll();
            self.settle_post();
            self.arm(ctx);
        }
    }
}

impl Actor for Session {
    type Context = Context<Session>;

    fn started(&mut self, ctx: &mut Context<Session>) {
        // Whoever shuts the server ends all sessions that are in the table by then; this one may be later.
        if self.mount.server.shutdown.is_closed() {
            return self.end(Reason::ServerShutdown, ctx);
        }
        self.arm(ctx);
    }
}

/// What a frame costs of the byte budget.
fn cost(frame: &Frame) -> usize {
    framed(frame.len())
}
