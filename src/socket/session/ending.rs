//! How a session ends: everybody is told once, and a polling client may still come for the last word.
use std::time::{Duration, Instant};

use actix::prelude::*;
use actix_http::ws::CloseCode;

use super::{Finish, Session};
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
    /// For the next poll.
    pub last_words: Vec<Frame>,
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
        let stats = &self.mount.house.stats;
        stats.leave(self.connection.transport());
        stats.end(reason);
        self.place = None;
    }

    /// What a polling client gets to hear. Where it shall come back it hears nothing: an unknown sid makes it connect
    /// anew, which the close packet does not make all clients do.
    fn last_words(&mut self, reason: Reason) -> Vec<Frame> {
        let Some(polling) = self.connection.polling() else { return vec![] };
        match reason {
            Reason::TransportClose => vec![NOOP],
            Reason::Forced | Reason::ServerShutdown | Reason::SlowReader => vec![],
            _ => {
                let mut words = polling.drain(MAX_POLLED - 1);
                words.push(CLOSE);
                words
            }
        }
    }

    fn close_wires(&mut self, reason: Reason) {
        let ending = match reason {
            Reason::SlowReader => Ending::Abort,
            Reason::ServerShutdown => Ending::Close(CloseCode::Away),
            _ => Ending::Close(CloseCode::Normal),
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
        let polled = self.poll.take();
        if let Some(poll) = polled {
            let _ = poll.send(self.take_last_words());
            return self.retire(ctx);
        }
        if self.ended.as_ref().is_some_and(|ended| !ended.last_words.is_empty()) {
            self.arm(ctx);
        } else {
            self.retire(ctx);
        }
    }

    /// The last words, for the first who asks.
    pub(super) fn take_last_words(&mut self) -> Result<Vec<Frame>, Refusal> {
        let words = self.ended.as_mut().map(|ended| std::mem::take(&mut ended.last_words)).unwrap_or_default();
        if words.is_empty() { Err(Refusal::UnknownSid) } else { Ok(words) }
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
