//! How a session ends: everybody is told once, and a polling client may still come for the last word.
use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

use actix::prelude::*;
use actix_http::ws::CloseCode;
use tokio::sync::oneshot;

use super::{Finish, PollAnswer, Session};
use crate::{
    protocol::{
        Reason,
        engine::{CLOSE, Frame, MAX_POLLED, NOOP, Refusal},
    },
    socket::websocket::Ending,
};

/// A polling client comes back within this time, or never.
const LAST_POLL: Duration = Duration::from_secs(30);

/// What is left of a session that ended.
pub(super) struct Ended {
    pub reason: Reason,
    /// For the next polls.
    pub last_words: VecDeque<Frame>,
    /// When nobody will come for them any more.
    pub until: Instant,
}

impl Session {
    /// Ends the session, once.
    pub(super) fn end(&mut self, reason: Reason, ctx: &mut Context<Session>) {
        if self.ended.is_some() {
            return;
        }
        log::debug!("connection ended: {reason}");
        self.leave_house(reason);
        let last_words = self.last_words(reason);
        let until = self.connection.death().min(Instant::now() + LAST_POLL);
        self.ended = Some(Box::new(Ended { reason, last_words, until }));
        self.leave_all(reason);
        self.close_wires(reason);
        self.close_requests(reason, ctx);
    }

    /// The session is counted out, and its place is free for another.
    fn leave_house(&mut self, reason: Reason) {
        self.mount.house.stats.end(self.connection.transport(), reason);
        self.place = None;
    }

    /// What a polling client gets to hear. Where it shall come back it hears no close packet: an unknown sid makes it
    /// connect anew, which that packet does not make all clients do.
    fn last_words(&mut self, reason: Reason) -> VecDeque<Frame> {
        let Some(polling) = self.connection.polling() else { return VecDeque::new() };
        match reason {
            Reason::TransportClose => VecDeque::from([NOOP]),
            Reason::Forced | Reason::SlowReader => VecDeque::new(),
            // Not even the last answers may be lost.
            Reason::ServerShutdown => polling.drain(usize::MAX).into(),
            // The answer to its POST has told the client, or nobody is there.
            Reason::TransportError | Reason::ParseError | Reason::PingTimeout if self.poll.is_none() => VecDeque::new(),
            _ => polling.drain(MAX_POLLED - 1).into_iter().chain([CLOSE]).collect(),
        }
    }

    fn close_wires(&mut self, reason: Reason) {
        let ending = match reason {
            Reason::SlowReader => Ending::Abort,
            Reason::ServerShutdown => Ending::Close(CloseCode::Restart),
            // To some clients the normal code is a wish that they stay away.
            Reason::PingTimeout => Ending::Close(CloseCode::Away),
            Reason::TransportError | Reason::ParseError => Ending::Close(CloseCode::Protocol),
            Reason::Forced => Ending::Close(CloseCode::Error),
            // Whoever left, or joined nothing, need not come back.
            Reason::TransportClose | Reason::ConnectTimeout => Ending::Close(CloseCode::Normal),
            Reason::ClientDisconnect | Reason::ServerDisconnect => Ending::Close(CloseCode::Normal),
        };
        for wire in self.wire.take().into_iter().chain(self.probe.take()) {
            wire.outbound.end(ending);
        }
    }

    /// Answers the requests that are held. The session stays for one more poll if it has something left to say.
    fn close_requests(&mut self, reason: Reason, ctx: &mut Context<Session>) {
        if let Some(post) = self.post.take() {
            post.close(if reason == Reason::TransportClose { Ok(()) } else { Err(Refusal::BadRequest) });
        }
        if let Some(poll) = self.poll.take() {
            // A client that hung up has lost what it did not wait for.
            let _ = poll.send(self.take_last_words());
        }
        self.wait_or_retire(ctx);
    }

    /// A poll came after the end.
    pub(super) fn answer_late_poll(&mut self, answer: oneshot::Sender<PollAnswer>, ctx: &mut Context<Session>) {
        let _ = answer.send(self.take_last_words());
        self.wait_or_retire(ctx);
    }

    /// As many of the last words as one poll may bring.
    fn take_last_words(&mut self) -> PollAnswer {
        let Some(ended) = &mut self.ended else { return Err(Refusal::UnknownSid) };
        let most = MAX_POLLED.min(ended.last_words.len());
        let words: Vec<Frame> = ended.last_words.drain(..most).collect();
        if words.is_empty() { Err(Refusal::UnknownSid) } else { Ok(words) }
    }

    fn wait_or_retire(&mut self, ctx: &mut Context<Session>) {
        if self.ended.as_ref().is_some_and(|ended| !ended.last_words.is_empty()) {
            self.arm(ctx);
        } else {
            self.retire(ctx);
        }
    }

    /// Nobody can reach the session any more. It stops as soon as the application has done what it had begun.
    pub(super) fn retire(&mut self, ctx: &mut Context<Session>) {
        self.mount.sessions.remove(&self.sid);
        self.retired = true;
        if self.running == 0 {
            ctx.stop();
        }
    }
}

impl Handler<Finish> for Session {
    type Result = ();

    fn handle(&mut self, Finish(reason): Finish, ctx: &mut Context<Session>) {
        if self.running == 0 {
            self.end(reason, ctx);
        }
    }
}

/// A session that did not come to its end by itself was stopped with its worker, or a fault in it made it panic.
impl Drop for Session {
    fn drop(&mut self) {
        if self.ended.is_none() {
            self.leave_house(Reason::Forced);
            self.close_wires(Reason::Forced);
            self.mount.sessions.remove(&self.sid);
        }
    }
}
