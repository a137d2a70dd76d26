//! What the application has for the client.
use actix::prelude::*;
use tokio::sync::oneshot;

use super::Session;
use crate::{
    protocol::socketio::{AckId, Event, Stay},
    socket::{Deliver, Mail, Packet, Question, Reason},
};

/// The questions of one namespace that the client has not answered.
#[derive(Default)]
pub(super) struct Questions {
    asked: u64,
    open: Vec<(AckId, oneshot::Sender<Event>)>,
}

impl Questions {
    /// Gives a question its id. Those that nobody waits for any more are forgotten on the way.
    fn ask(&mut self, answer: oneshot::Sender<Event>) -> AckId {
        self.open.retain(|(_, answer)| !answer.is_closed());
        let id = AckId(self.asked);
        self.asked += 1;
        self.open.push((id, answer));
        id
    }

    /// Passes an answer on. One that nothing asked for, or the second to a question, is ignored.
    pub(super) fn answer(&mut self, id: AckId, answer: Event) {
        if let Some(at) = self.open.iter().position(|(asked, _)| *asked == id) {
            // Whoever asked may have lost patience just now.
            let _ = self.open.swap_remove(at).1.send(answer);
        }
    }
}

impl Handler<Mail> for Session {
    type Result = ();

    fn handle(&mut self, mail: Mail, ctx: &mut Context<Session>) {
        for deliver in mail.fetch() {
            if !self.life.is_over() {
                self.deliver(deliver, ctx);
            }
        }
        self.settle(ctx);
    }
}

impl Handler<Deliver> for Session {
    type Result = ();

    fn handle(&mut self, deliver: Deliver, ctx: &mut Context<Session>) {
        if !self.life.is_over() {
            self.deliver(deliver, ctx);
            self.settle(ctx);
        }
    }
}

impl Session {
    /// Delivers to a client that is in, and keeps what is for one that is being let in.
    pub(super) fn deliver(&mut self, deliver: Deliver, ctx: &mut Context<Session>) {
        let stay = match &deliver {
            Deliver::Close(reason) => return self.end(*reason, ctx),
            Deliver::Packet(_, stay)
            | Deliver::Dismiss(_, stay)
            | Deliver::Disconnect(stay)
            | Deliver::Ask(_, stay) => *stay,
        };
        match self.socket_io().and_then(|socket_io| socket_io.participant(stay)) {
            Some(participant) if participant.client.is_none() => participant.held.push(deliver),
            Some(_) => self.pass(deliver, stay, ctx),
            None => self.budget.discharge(deliver.packet().map_or(0, Packet::cost)),
        }
    }

    fn pass(&mut self, deliver: Deliver, stay: Stay, ctx: &mut Context<Session>) {
        match deliver {
            Deliver::Packet(packet, _) => self.write_all(packet),
            Deliver::Dismiss(packet, _) => {
                self.write_all(packet);
                self.dismiss(stay, Reason::Dismissed, ctx);
            }
            Deliver::Disconnect(_) => self.dismiss(stay, Reason::Dismissed, ctx),
            Deliver::Ask(question, _) => self.ask(*question, stay, ctx),
            Deliver::Close(reason) => self.end(reason, ctx),
        }
    }

    fn write_all(&mut self, packet: Packet) {
        for frame in packet.into_frames() {
            self.write(frame);
        }
    }

    fn ask(&mut self, question: Question, stay: Stay, ctx: &mut Context<Session>) {
        let Some(socket_io) = self.socket_io() else { return };
        let Some(namespace) = socket_io.namespaces.name(stay).cloned() else { return };
        let Some(participant) = socket_io.participant(stay) else { return };
        let id = participant.questions.ask(question.answer);
        for frame in Packet::question(&namespace, id, &question.args, &question.attachments).into_frames() {
            self.say(frame, ctx);
        }
    }
}
