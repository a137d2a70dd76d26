//! How a request is answered: to the socket that made it, while that has its place here. One that is gone hears nothing.
use serde::Serialize;

use super::{Caller, Presence, packet};
use crate::{
    domain::Refusal,
    events::{Answer, Failure, Granted, Success, Tell, code_name, failure_event},
    socket::{MAIN, Packet},
};

impl Presence {
    /// It went well: acknowledges, if the client waits for it. Says whether the caller's user has other sockets, which may
    /// want to hear of it too: one look into the table is enough for both. The caller's own may be gone by now.
    pub fn answer(&self, caller: &Caller, answer: Answer<'_>) -> bool {
        let packet = caller.ack.map(|id| Packet::ack(MAIN, id, &Success(answer)));
        let Some(sockets) = self.0.online.get(&caller.user) else { return false };
        let mut has_others = false;
        for socket in sockets.iter() {
            match &packet {
                _ if socket.connection != caller.connection => has_others = true,
                Some(packet) => socket.port.deliver(packet),
                None => {}
            }
        }
        has_others
    }

    /// It went well, and this is what comes of it: acknowledges, if the client waits for it.
    pub fn grant(&self, caller: &Caller, fields: &impl Serialize) {
        if let Some(id) = caller.ack {
            self.deliver(caller, &Packet::ack(MAIN, id, fields));
        }
    }

    /// The answer to a question: in the acknowledgement, or in an event of its own if the client waits for none.
    pub fn grant_or_tell(&self, caller: &Caller, event: &impl Tell) {
        match caller.ack {
            Some(_) => self.grant(caller, &Granted::with(event)),
            None => self.tell_caller(caller, event),
        }
    }

    /// It did not go well: the reason goes into the acknowledgement, or into the event that tells of it.
    pub fn refuse(&self, caller: &Caller, refusal: &Refusal) {
        log::debug!("refused {} to user {}: {}", caller.event, caller.user, code_name(refusal.code));
        match caller.ack {
            Some(id) => self.deliver(caller, &Packet::ack(MAIN, id, &Failure(refusal))),
            None => self.tell_caller(caller, &failure_event(&caller.event, refusal)),
        }
    }

    /// Sends an event to the caller's socket alone.
    pub fn tell_caller(&self, caller: &Caller, event: &impl Tell) {
        self.deliver(caller, &packet(event));
    }

    fn deliver(&self, caller: &Caller, packet: &Packet) {
        self.tell_socket(caller.user, caller.connection, packet);
    }
}
