//! How a session ends: everybody is told once, and a polling client may still come for the last word.
use std::{collections::VecDeque, time::Instant};

use actix::prelude::*;
use actix_http::ws::CloseCode;
use tokio::sync::oneshot;

use super::{
    Finish, PollAnswer, Session,
    life::{Ended, Life, Step},
};
use crate::{
    protocol::{
        Reason,
        engine::{Frame, MAX_POLLED, NOOP, PING, Refusal, Transport},
    },
    socket::{last_packets::LAST_POLL, outbound::Ending},
};

/// Bytes that are kept for a client's last poll: its place is another's by then, so this is all that bounds them.
const LAST_BYTES: usize = 4096;

impl Session {
    /// The client says that it goes. If it polls, what was said to it before waits in the mailbox, and is still to reach
    /// the poll that it holds.
    pub(super) fn say_goodbye(&mut self, ctx: &mut Context<Session>) {
        if self.connection.transport() == Transport::WebSocket {
            return self.end(Reason::TransportClose, ctx);
        }
        self.life.step(Step::Close(Reason::TransportClose));
        ctx.notify(Finish(Reason::TransportClose));
    }

    /// Whether the client said that it goes. One that only hung up did not.
    fn said_goodbye(&self) -> bool {
        self.life.closing() == Some(Reason::TransportClose)
    }

    /// Ends the session, once.
    pub(super) fn end(&mut self, reason: Reason, ctx: &mut Context<Session>) {
        if self.life.is_over() {
            return;
        }
        self.count_out(reason);
        if reason != Reason::SlowReader {
            self.settle_poll();
        }
        let said_goodbye = self.said_goodbye();
        let last_packets = self.last_packets(reason);
        let until = self.connection.death().min(Instant::now() + LAST_POLL);
        self.life.step(Step::End(Ended { reason, last_packets, until }));
        self.leave_all(reason);
        self.close_wires(reason);
        self.close_requests(said_goodbye);
        self.wait_or_retire(ctx);
    }

    /// The session is counted out, and its place is free for another.
    fn count_out(&mut self, reason: Reason) {
        let reason = self.cause(reason);
        self.mount.server.stats.end(self.connection.transport(), reason);
        self.identity.tell_of_end(reason, self.connection.transport());
        self.slot = None;
    }

    /// What brought the end about. A client that was not let in, or was taken out, only draws the conclusion.
    fn cause(&mut self, reason: Reason) -> Reason {
        match (reason, self.socket_io()) {
            (Reason::TransportClose, Some(socket_io)) if socket_io.participants.is_empty() => {
                socket_io.removed_for.unwrap_or(reason)
            }
            _ => reason,
        }
    }

    /// What a polling client still gets to hear. It is never a close packet: an unknown sid makes every client connect anew,
    /// which that packet does not.
    fn last_packets(&mut self, reason: Reason) -> VecDeque<Frame> {
        let Some(polling) = self.connection.polling() else { return VecDeque::new() };
        let mut waiting = polling.drain(usize::MAX);
        self.budget.discharge(waiting.iter().map(super::cost).sum());
        waiting.retain(|frame| *frame != PING);
        match reason {
            // There is a gap after what waits, or nobody.
            Reason::SlowReader | Reason::PingTimeout | Reason::Superseded => VecDeque::new(),
            // Not even the last answers may be lost.
            Reason::ServerShutdown => waiting.into(),
            _ => {
                let mut words = first_few(waiting);
                if self.said_goodbye() && words.is_empty() {
                    words.push_back(NOOP);
                }
                words
            }
        }
    }

    fn close_wires(&mut self, reason: Reason) {
        let ending = match reason {
            Reason::SlowReader => Ending::Abort,
            Reason::ServerShutdown => Ending::Close(CloseCode::Restart),
            // To some clients the normal code is a wish that they stay away.
            Reason::PingTimeout | Reason::Superseded => Ending::Close(CloseCode::Away),
            Reason::TransportError | Reason::ParseError => Ending::Close(CloseCode::Protocol),
            Reason::Forced | Reason::Unavailable | Reason::Panic => Ending::Close(CloseCode::Error),
            // Whoever left, or joined nothing, need not come back.
            Reason::TransportClose | Reason::ConnectTimeout => Ending::Close(CloseCode::Normal),
            Reason::ClientDisconnect | Reason::ServerDisconnect => Ending::Close(CloseCode::Normal),
            Reason::NotAdmitted | Reason::Dismissed => Ending::Close(CloseCode::Normal),
        };
        if let Some(wire) = self.carrier.end() {
            wire.outbound.end(ending);
        }
    }

    /// Answers the requests that are held.
    fn close_requests(&mut self, said_goodbye: bool) {
        if let Some(post) = self.post.take() {
            post.close(if said_goodbye { Ok(()) } else { Err(Refusal::BadRequest) });
        }
        if let Some(poll) = self.poll.take() {
            // A client that hung up has lost what it did not wait for.
            let _ = poll.send(self.take_last_packets());
        }
    }

    /// A poll came after the end.
    pub(super) fn answer_late_poll(&mut self, answer: oneshot::Sender<PollAnswer>, ctx: &mut Context<Session>) {
        let _ = answer.send(self.take_last_packets());
        self.wait_or_retire(ctx);
    }

    /// As many of the last words as one poll may bring.
    fn take_last_packets(&mut self) -> PollAnswer {
        let Life::Ended(ended) = &mut self.life else { return Err(Refusal::UnknownSid) };
        let most = MAX_POLLED.min(ended.last_packets.len());
        let words: Vec<Frame> = ended.last_packets.drain(..most).collect();
        if words.is_empty() { Err(Refusal::UnknownSid) } else { Ok(words) }
    }

    /// If something is left to say, a stop waits for the polls of those whom it ended itself. For others it is kept fallback:
    /// a session is much more than a few words.
    fn wait_or_retire(&mut self, ctx: &mut Context<Session>) {
        let Life::Ended(ended) = &mut self.life else { return };
        if !ended.last_packets.is_empty() {
            if ended.reason == Reason::ServerShutdown {
                return self.arm(ctx);
            }
            let words = std::mem::take(&mut ended.last_packets);
            self.mount.last_packets.keep(self.sid, words.into(), ended.until);
        }
        self.retire(ctx);
    }

    /// Nobody can reach the session any more. It stops as soon as the application has done what it had begun.
    pub(super) fn retire(&mut self, ctx: &mut Context<Session>) {
        self.life.step(Step::Retire);
        self.mount.sessions.remove(&self.sid);
        self.stop_at_rest(ctx);
    }

    /// Stops a session that is retired, as soon as no future of the application runs for it.
    pub(super) fn stop_at_rest(&mut self, ctx: &mut Context<Session>) {
        if let (Life::Retired(_), 0) = (&self.life, self.running) {
            ctx.stop();
        }
    }
}

/// The first of `frames`, as many as one poll may bring and few enough bytes to be kept for it.
fn first_few(frames: Vec<Frame>) -> VecDeque<Frame> {
    let mut bytes = 0;
    let fits = |frame: &Frame| {
        bytes += frame.len();
        bytes <= LAST_BYTES
    };
    frames.into_iter().take(MAX_POLLED).take_while(fits).collect()
}

impl Handler<Finish> for Session {
    type Result = ();

    fn handle(&mut self, Finish(reason): Finish, ctx: &mut Context<Session>) {
        // A client that goes does not wait for what is not answered yet.
        if self.running == 0 || self.said_goodbye() {
            self.end(reason, ctx);
        }
    }
}

/// A session that did not come to its end by itself was stopped with its worker, or a fault in it made it panic.
impl Drop for Session {
    fn drop(&mut self) {
        if !self.life.is_over() {
            self.count_out(if self.mount.server.shutdown.is_closed() { Reason::ServerShutdown } else { Reason::Panic });
            self.close_wires(Reason::Panic);
            self.mount.sessions.remove(&self.sid);
        }
    }
}
