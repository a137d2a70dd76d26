//! Who sent a command, and the way its answer goes back.
use std::borrow::Cow;

use super::packet;
use crate::{
    domain::{Refusal, UserId},
    events::{Answer, Failure, ServerEvent, Success, failure_event},
    socket::{AckId, MAIN, Packet, Port},
};

/// The socket that made a request, and the request as it must be answered: exactly once.
#[derive(Clone)]
pub struct Caller {
    /// Whose socket.
    pub user: UserId,
    /// The way back.
    pub port: Port,
    /// The name of the event that asked.
    pub event: Cow<'static, str>,
    /// The acknowledgement the client waits for, if it does.
    pub ack: Option<AckId>,
}

impl Caller {
    /// It went well: acknowledges, if the client waits for it.
    pub fn answer(&self, answer: Answer<'_>) {
        if let Some(id) = self.ack {
            self.port.deliver(&Packet::ack(MAIN, id, &Success(answer)));
        }
    }

    /// Sends an event to this socket alone.
    pub fn tell(&self, event: &ServerEvent<'_>) {
        self.port.deliver(&packet(event));
    }

    /// It did not go well: the reason goes into the acknowledgement, or into the event that tells of it.
    pub fn refuse(&self, refusal: &Refusal) {
        log::debug!("refused {} to user {}: {}", self.event, self.user, refusal.code.as_str());
        match self.ack {
            Some(id) => self.port.deliver(&Packet::ack(MAIN, id, &Failure(refusal))),
            None => self.tell(&failure_event(&self.event, refusal)),
        }
    }
}
