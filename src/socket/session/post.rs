//! The POSTs of a session: one at a time, answered when its packets are taken.
use actix::prelude::*;
use bytestring::ByteString;
use tokio::sync::oneshot;

use super::{AbandonPost, BeginPost, Post, Session};
use crate::protocol::{
    Fault, Reason,
    engine::{Refusal, split},
};

/// The POST that is under way.
pub(super) enum Posting {
    /// Its body is being read.
    Reading,
    /// Its packets wait to be handled.
    Waiting(oneshot::Sender<Result<(), Refusal>>),
}

impl Posting {
    /// Answers, if there is somebody to answer.
    pub(super) fn close(self, answer: Result<(), Refusal>) {
        if let Posting::Waiting(post) = self {
            // A client that hung up has been noticed by the route.
            let _ = post.send(answer);
        }
    }
}

impl Handler<BeginPost> for Session {
    type Result = ();

    fn handle(&mut self, begin: BeginPost, ctx: &mut Context<Session>) {
        // If nobody waits any more, the route says so itself.
        let _ = begin.answer.send(self.begin_post(ctx));
    }
}

impl Handler<Post> for Session {
    type Result = ();

    fn handle(&mut self, post: Post, ctx: &mut Context<Session>) {
        if self.life.is_deaf() || self.connection.polling().is_none() {
            let _ = post.answer.send(Err(Refusal::BadRequest));
            return;
        }
        self.post = Some(Posting::Waiting(post.answer));
        match ByteString::try_from(post.body) {
            Ok(body) => self.apply(&body, ctx),
            Err(_) => self.blame(Fault::BadBody, ctx),
        }
        self.settle(ctx);
    }
}

impl Handler<AbandonPost> for Session {
    type Result = ();

    fn handle(&mut self, abandon: AbandonPost, ctx: &mut Context<Session>) {
        // What comes by polling after the upgrade is refused; whether it waits for that is all the same.
        if self.connection.polling().is_none() {
            return;
        }
        match abandon {
            AbandonPost::HungUp => self.end(Reason::TransportClose, ctx),
            AbandonPost::Binary => self.blame(Fault::BadBody, ctx),
            AbandonPost::TooLarge => self.blame(Fault::TooLarge, ctx),
        }
    }
}

impl Session {
    fn begin_post(&mut self, ctx: &mut Context<Session>) -> Result<usize, Refusal> {
        if self.life.is_deaf() {
            return Err(Refusal::UnknownSid);
        }
        if let Err(fault) = self.connection.polling().ok_or(Refusal::BadRequest)?.begin_post() {
            self.blame(fault, ctx);
            return Err(Refusal::BadRequest);
        }
        self.post = Some(Posting::Reading);
        Ok(self.inflow.max_payload())
    }

    fn apply(&mut self, body: &ByteString, ctx: &mut Context<Session>) {
        for packet in split(body) {
            match packet {
                Ok(packet) => self.take(packet, ctx),
                Err(fault) => self.blame(fault, ctx),
            }
            if self.life.is_deaf() {
                return;
            }
        }
    }

    /// The POST brought something wrong.
    pub(super) fn refuse_post(&mut self) {
        if let Some(post) = self.post.take() {
            post.close(Err(Refusal::BadRequest));
        }
    }

    /// Answers the POST unless too much of what it brought still waits: the client sends no other before that.
    pub(super) fn settle_post(&mut self) {
        // Where the end is near, the POST is answered with it.
        if self.inflow.is_full() || self.life.closing().is_some() || !matches!(self.post, Some(Posting::Waiting(_))) {
            return;
        }
        if let Some(polling) = self.connection.polling() {
            polling.end_post();
        }
        if let Some(post) = self.post.take() {
            post.close(Ok(()));
        }
    }
}
