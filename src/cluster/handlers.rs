//! What the feed is told and asked, by whom, and what it does then.
use std::time::{Duration, Instant};

use actix::prelude::*;
use tokio::sync::oneshot;

use super::{
    bus::Bus,
    feed::{Asked, Feed},
    messages::{Hint, Left, Neighbours, Overheard, Report, Watch},
    soft::whisper,
};
use crate::{chat::Abreast, writer::Settled};

/// Hints cause a look at most so often.
const LOOKS_APART: Duration = Duration::from_millis(5);

impl Handler<Settled> for Feed {
    type Result = ();

    fn handle(&mut self, settled: Settled, ctx: &mut Self::Context) {
        match settled.number {
            Some(number) => {
                self.last_settled = number;
                self.settled.insert(number, settled);
                self.take_up();
                // What it waits for is there already, or is about to be.
                if self.settled.contains_key(&number) {
                    self.look(ctx);
                }
            }
            None => {
                self.trailing.push_back((self.last_settled, settled));
                self.pass_trailing();
            }
        }
    }
}

impl Handler<Abreast> for Feed {
    type Result = ResponseFuture<()>;

    fn handle(&mut self, _: Abreast, ctx: &mut Self::Context) -> Self::Result {
        let (answer, answered) = oneshot::channel();
        self.abreast.push(Asked { at: Instant::now(), upto: None, _answer: answer });
        self.look(ctx);
        // One that is dropped answers too: nothing more can be known now.
        Box::pin(async move { answered.await.unwrap_or_default() })
    }
}

impl Handler<Hint> for Feed {
    type Result = ();

    fn handle(&mut self, Hint { node, number }: Hint, ctx: &mut Self::Context) {
        if number <= self.order.heard(node) || node == self.line.me {
            return;
        }
        if self.looked.elapsed() >= LOOKS_APART {
            self.look(ctx);
        } else {
            ctx.run_later(LOOKS_APART, move |feed, ctx| {
                if number > feed.order.heard(node) {
                    feed.look(ctx);
                }
            });
        }
    }
}

impl Handler<Watch> for Feed {
    type Result = ();

    fn handle(&mut self, Watch { user, chats, since }: Watch, _: &mut Self::Context) {
        let missed = self.watched.watch(user, &chats, since);
        if !missed.is_empty() {
            self.registry.hear(missed.into_iter().map(|news| (news, true)).collect());
        }
    }
}

impl Handler<Left> for Feed {
    type Result = ();

    fn handle(&mut self, Left(user): Left, _: &mut Self::Context) {
        if !self.presence.is_online(user) {
            self.watched.leave(user);
        }
    }
}

impl Handler<Overheard> for Feed {
    type Result = ();

    fn handle(&mut self, Overheard { node, soft }: Overheard, _: &mut Self::Context) {
        self.far.hear(node, &soft, &self.presence);
        if let Some((chat, whisper)) = whisper(&soft).filter(|(chat, _)| self.watched.has(*chat)) {
            self.registry.whisper(chat, whisper);
        }
    }
}

/// The bus is there.
#[derive(Message)]
#[rtype(result = "()")]
pub(super) struct Ride(pub Bus);

impl Handler<Ride> for Feed {
    type Result = ();

    fn handle(&mut self, Ride(bus): Ride, _: &mut Self::Context) {
        self.bus = Some(bus);
    }
}

impl Handler<Neighbours> for Feed {
    type Result = MessageResult<Neighbours>;

    fn handle(&mut self, _: Neighbours, _: &mut Self::Context) -> Self::Result {
        MessageResult(Report {
            nodes: self.nodes.iter().map(|node| (node.clone(), self.order.heard(node.id))).collect(),
            me: Some(self.line.me),
            waiting: self.order.waiting(),
            watched: self.watched.count(),
            blind_for: self.seen.elapsed(),
        })
    }
}
