//! The way to one socket, for whoever has something to tell it. The message type it carries belongs to the session.
use std::{
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use actix::prelude::*;
use bytes::Bytes;
use bytestring::ByteString;
use tokio::sync::oneshot;

use super::{
    Event, Packet, Reason, Stay,
    budget::{Budget, Charge},
    pending_ping::PendingPing,
};
use crate::measure::Count;

/// Connections that belong to no server.
static UNSERVED: Count = Count::new();

/// What reaches a session from above.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub enum Deliver {
    /// Any part of the application says something to the client.
    Packet(Packet, Stay),
    /// The application wants the client out of the namespace: last words, then DISCONNECT.
    Dismiss(Packet, Stay),
    /// The application wants the client out of the namespace, without a word.
    Disconnect(Stay),
    /// The application asks the client and waits for the answer.
    Ask(Box<Question>, Stay),
    /// The connection must end, without a DISCONNECT, so that the client comes back.
    Close(Reason),
}

impl Deliver {
    /// The packet that is delivered, for tests that stand in for a session.
    pub fn packet(&self) -> Option<&Packet> {
        match self {
            Deliver::Packet(packet, _) | Deliver::Dismiss(packet, _) => Some(packet),
            Deliver::Disconnect(_) | Deliver::Ask(..) | Deliver::Close(_) => None,
        }
    }
}

/// An event that asks for an answer. The session gives it its ack id.
#[derive(Debug)]
pub struct Question {
    /// The JSON array of the event.
    pub args: ByteString,
    /// What its placeholders point to.
    pub attachments: Vec<Bytes>,
    /// Where the answer goes; dropped if there will be none.
    pub answer: oneshot::Sender<Event>,
}

/// The client did not answer in time, or left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no answer")]
pub struct NoAnswer;

/// The way to one client in one namespace. Cheap to clone; never blocks, never reorders.
#[derive(Clone)]
pub struct Port(Arc<Way>);

struct Way {
    id: String,
    number: u64,
    stay: Stay,
    session: Recipient<Mail>,
    budget: Arc<Budget>,
    pending_ping: Arc<PendingPing>,
    /// What the session has not fetched, in order. While there is something, a [`Mail`] is on its way.
    waiting: Mutex<Vec<Deliver>>,
}

/// To a session: something waits for it on this way. Whatever comes before the session looks joins it, so that a burst is
/// one message, however many packets it has.
#[derive(Message)]
#[rtype(result = "()")]
pub struct Mail(Option<Arc<Way>>);

impl Mail {
    /// All that waits now. What comes from now on has a message of its own.
    pub fn fetch(mut self) -> Vec<Deliver> {
        self.0.take().map(|way| mem::take(&mut *way.waiting())).unwrap_or_default()
    }
}

/// A session that is gone fetches nothing.
impl Drop for Mail {
    fn drop(&mut self) {
        if let Some(way) = self.0.take() {
            way.waiting().clear();
        }
    }
}

impl Way {
    /// Nothing that runs under the lock can leave it half done.
    fn waiting(&self) -> MutexGuard<'_, Vec<Deliver>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Port {
    /// A way to `session` for the client with the Socket.IO sid `id`, on a connection of no server's. Several ports of one
    /// socket share one budget.
    pub fn new(id: impl Into<String>, session: Recipient<Mail>, budget: Arc<Budget>) -> Port {
        // Servers number theirs from below.
        let number = u64::MAX - UNSERVED.count();
        Port::of_stay(id.into(), number, Stay::default(), session, budget, Arc::new(PendingPing::none(Instant::now())))
    }

    pub(super) fn of_stay(
        id: String,
        number: u64,
        stay: Stay,
        session: Recipient<Mail>,
        budget: Arc<Budget>,
        pending_ping: Arc<PendingPing>,
    ) -> Port {
        Port(Arc::new(Way { id, number, stay, session, budget, pending_ping, waiting: Mutex::default() }))
    }

    /// The Socket.IO sid.
    pub fn id(&self) -> &str {
        &self.0.id
    }

    /// The number by which the log names the connection.
    pub fn number(&self) -> u64 {
        self.0.number
    }

    /// Which of the connection's stays in a namespace this leads to.
    pub fn stay(&self) -> Stay {
        self.0.stay
    }

    /// Sends `packet` to the client, if it is still there. Over the byte budget the connection is closed, once, and
    /// this and all later packets are dropped.
    pub fn deliver(&self, packet: &Packet) {
        if self.admits(packet) {
            self.send(Deliver::Packet(packet.clone(), self.0.stay));
        }
    }

    /// Sends `packet`, then takes the client out of the namespace.
    pub fn dismiss(&self, packet: &Packet) {
        if self.admits(packet) {
            self.send(Deliver::Dismiss(packet.clone(), self.0.stay));
        }
    }

    /// Takes the client out of the namespace.
    pub fn disconnect(&self) {
        self.send(Deliver::Disconnect(self.0.stay));
    }

    /// Ends the whole connection without a word, so that the client comes back.
    pub fn close(&self) {
        self.send(Deliver::Close(Reason::Forced));
    }

    /// Since when the client owes an answer to a ping.
    pub fn unanswered(&self) -> Option<Instant> {
        self.0.pending_ping.unanswered()
    }

    /// Ends the whole connection, as if the time for that answer were over: its place is needed for another.
    pub fn give_up(&self) {
        self.send(Deliver::Close(Reason::Superseded));
    }

    /// Sends an event of raw JSON `args` (the name is the first) and waits for the client's answer.
    ///
    /// # Errors
    /// [`NoAnswer`] after `patience`, or at once if the client is gone.
    pub async fn ask(&self, args: ByteString, attachments: Vec<Bytes>, patience: Duration) -> Result<Event, NoAnswer> {
        let (answer, answered) = oneshot::channel();
        self.send(Deliver::Ask(Box::new(Question { args, attachments, answer }), self.0.stay));
        let answered = actix_rt::time::timeout(patience, answered).await;
        answered.ok().and_then(Result::ok).ok_or(NoAnswer)
    }

    fn send(&self, deliver: Deliver) {
        let first = {
            let mut waiting = self.0.waiting();
            waiting.push(deliver);
            waiting.len() == 1
        };
        if first {
            self.0.session.do_send(Mail(Some(self.0.clone())));
        }
    }

    fn admits(&self, packet: &Packet) -> bool {
        let charge = self.0.budget.charge(packet.cost());
        if charge == Charge::Overflows {
            self.send(Deliver::Close(Reason::SlowReader));
        }
        charge == Charge::Fits
    }
}
