//! How a request is answered: to the socket that made it, while that has its place here. One that is gone hears nothing.
use super::{Caller, Presence, packet};
use crate::{
    domain::Refusal,
    events::{Answer, Failure, ServerEvent, Success, code_name, failure_event},
    socket::{MAIN, Packet},
};

impl Presence {
    /// It went well: acknowledges, if the client waits for it.
    pub fn answer(&self, caller: &Caller, answer: Answer<'_>) {
        if let Some(id) = caller.ack {
            self.deliver(caller, &Packet::ack(MAIN, id, &Success(answer)));
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
    pub fn tell_caller(&self, caller: &Caller, event: &ServerEvent<'_>) {
        self.deliver(caller, &packet(event));
    }

    fn deliver(&self, caller: &Caller, packet: &Packet) {
        let Some(sockets) = self.0.online.get(&caller.user) else { return };
        if let Some(socket) = sockets.iter().find(|socket| socket.connection == caller.connection) {
            socket.port.deliver(packet);
        }
    }
}
