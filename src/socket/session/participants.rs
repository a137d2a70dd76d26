//! The application's side of a session: clients join namespaces, speak, and leave.
use std::fmt;

use actix::prelude::*;
use futures_util::future::LocalBoxFuture;

use super::{Session, deliver::Questions};
use crate::{
    panics::{Panic, catch, caught},
    protocol::{
        engine::{Frame, Sid},
        socketio::{AckId, Event, Seat, connected, disconnected, refused},
    },
    socket::{Admission, Client, Connect, Deliver, Packet, Port, Reason},
};

/// A client in a namespace, or one that asked to be let in.
pub(super) struct Participant {
    pub seat: Seat,
    /// The Socket.IO sid.
    id: String,
    /// `None` until the application lets it in.
    pub client: Option<Box<dyn Client>>,
    /// What the application said to it before that.
    pub held: Vec<Deliver>,
    pub questions: Questions,
}

impl Session {
    /// Asks the application to let the client in.
    pub(super) fn connect(
        &mut self,
        seat: Seat,
        namespace: &str,
        auth: Option<&str>,
        ctx: &mut Context<Session>,
    ) -> bool {
        let id = Sid::random().to_string();
        let budget = self.budget.clone();
        let pending_ping = self.pending_ping.clone();
        let port =
            Port::seated(id.clone(), self.identity.number, seat, ctx.address().recipient(), budget, pending_ping);
        let Some(talk) = self.socket_io() else { return true };
        talk.participants.push(Participant { seat, id, client: None, held: vec![], questions: Questions::default() });
        let handshake = talk.handshake.clone();
        let connect = Connect { namespace: namespace.into(), auth: auth.map(str::to_owned), handshake, port };
        let application = talk.application.clone();
        let title = Title::of("connect");
        match catch(|| application.connect(connect)) {
            Ok(admission) => self
                .work(seat, title, admission, ctx, move |session, admission, ctx| session.admit(seat, admission, ctx)),
            Err(panic) => self.panicked(seat, &title, &panic, ctx),
        }
        false
    }

    /// Lets a future of the application run. The session outlives it.
    fn work<T: 'static>(
        &mut self,
        seat: Seat,
        title: Title,
        work: LocalBoxFuture<'static, T>,
        ctx: &mut Context<Session>,
        then: impl FnOnce(&mut Session, T, &mut Context<Session>) + 'static,
    ) {
        self.running += 1;
        ctx.spawn(caught(work).into_actor(self).map(move |outcome, session, ctx| {
            session.running -= 1;
            match outcome {
                Ok(outcome) => then(session, outcome, ctx),
                Err(panic) => session.panicked(seat, &title, &panic, ctx),
            }
            session.settle(ctx);
            session.finish(ctx);
            session.settle_rest();
            session.stop_at_rest(ctx);
        }));
    }

    fn admit(&mut self, seat: Seat, admission: Admission, ctx: &mut Context<Session>) {
        if let Some(reason) = self.life.over() {
            return if let Admission::Accepted { mut client, .. } = admission {
                self.tell_left("", &mut client, reason)
            };
        }
        match admission {
            Admission::Accepted { client, opening } => self.welcome(seat, client, opening, ctx),
            Admission::Dismissed { packets } => {
                self.reply(seat, connected, ctx);
                self.say_all(packets, ctx);
                self.dismiss(seat, Reason::NotAdmitted, ctx);
            }
            Admission::Refused { message } => {
                self.reply(seat, |namespace, _| refused(namespace, &message), ctx);
                self.remove_client(seat, Reason::NotAdmitted);
            }
            Admission::Later => self.end(Reason::Unavailable, ctx),
        }
        self.resume(seat, ctx);
    }

    fn welcome(&mut self, seat: Seat, client: Box<dyn Client>, opening: Vec<Packet>, ctx: &mut Context<Session>) {
        let options = &self.mount.server.options;
        let pause = options.connect_pause;
        self.inflow.set_max_payload(options.max_payload);
        self.reply(seat, connected, ctx);
        if let (Some(wire), false) = (self.carrier.wire(), pause.is_zero()) {
            wire.outbound.pause(pause);
        }
        self.say_all(opening, ctx);
        let Some(talk) = self.socket_io() else { return };
        talk.removed_for = None;
        talk.namespaces.admit(seat);
        let Some(participant) = talk.participant(seat) else { return };
        let user = client.user();
        participant.client = Some(client);
        let held = std::mem::take(&mut participant.held);
        self.identity.signed_in(user);
        for deliver in held {
            self.deliver(deliver, ctx);
        }
    }

    /// Answers a CONNECT by what `text` makes of the namespace and the sid.
    fn reply<T: Into<bytestring::ByteString>>(
        &mut self,
        seat: Seat,
        text: impl FnOnce(&str, &str) -> T,
        ctx: &mut Context<Session>,
    ) {
        let Some(talk) = self.socket_io() else { return };
        let Some(namespace) = talk.namespaces.name(seat).cloned() else { return };
        let Some(participant) = talk.participant(seat) else { return };
        let text = text(&namespace, &participant.id).into();
        self.say(Frame::Text(text), ctx);
    }

    fn say_all(&mut self, packets: Vec<Packet>, ctx: &mut Context<Session>) {
        for frame in packets.into_iter().flat_map(Packet::into_frames) {
            self.say(frame, ctx);
        }
    }

    /// The client said something. True if nothing is left to do for it.
    pub(super) fn event(&mut self, seat: Seat, event: Event, ctx: &mut Context<Session>) -> bool {
        let participant = self.socket_io().and_then(|talk| talk.participant(seat));
        let Some(client) = participant.and_then(|participant| participant.client.as_mut()) else { return true };
        let title = Title::of(event.name());
        match catch(|| client.event(event)) {
            Ok(None) => true,
            Ok(Some(work)) => {
                if let Some(talk) = self.socket_io() {
                    talk.namespaces.hold(seat);
                }
                self.work(seat, title, work, ctx, move |session, (), ctx| session.resume(seat, ctx));
                false
            }
            Err(panic) => {
                self.panicked(seat, &title, &panic, ctx);
                true
            }
        }
    }

    /// The client answered a question.
    pub(super) fn answer(&mut self, seat: Seat, id: AckId, answer: Event) {
        if let Some(participant) = self.socket_io().and_then(|talk| talk.participant(seat)) {
            participant.questions.answer(id, answer);
        }
    }

    /// The server takes the client out of the namespace. If that was all that it had, the connection will end for `why`.
    pub(super) fn dismiss(&mut self, seat: Seat, why: Reason, ctx: &mut Context<Session>) {
        self.reply(seat, |namespace, _| disconnected(namespace), ctx);
        self.remove_client(seat, why);
    }

    fn remove_client(&mut self, seat: Seat, why: Reason) {
        self.leave(seat, Reason::ServerDisconnect);
        self.unseat(seat);
        if let Some(talk) = self.socket_io() {
            talk.removed_for = Some(why);
        }
    }

    /// The client is gone from its namespace.
    pub(super) fn leave(&mut self, seat: Seat, reason: Reason) {
        let Some(participant) = self.socket_io().and_then(|talk| talk.remove_participant(seat)) else { return };
        self.forget(participant, reason);
    }

    /// The client is gone from all namespaces.
    pub(super) fn leave_all(&mut self, reason: Reason) {
        let participants = self.socket_io().map(|talk| std::mem::take(&mut talk.participants)).unwrap_or_default();
        for participant in participants {
            self.forget(participant, reason);
        }
    }

    fn forget(&mut self, participant: Participant, reason: Reason) {
        for packet in participant.held.iter().filter_map(Deliver::packet) {
            self.budget.discharge(packet.cost());
        }
        if let Some(mut client) = participant.client {
            self.tell_left(&participant.id, &mut client, reason);
        }
    }

    fn tell_left(&mut self, id: &str, client: &mut Box<dyn Client>, reason: Reason) {
        if let Err(panic) = catch(|| client.left(reason)) {
            self.tell_of(&panic, id, "leaving");
        }
    }

    /// One handler's fault ends one connection.
    fn panicked(&mut self, seat: Seat, title: &Title, panic: &Panic, ctx: &mut Context<Session>) {
        let participant = self.socket_io().and_then(|talk| talk.participant(seat));
        let id = participant.map(|participant| participant.id.clone()).unwrap_or_default();
        self.tell_of(panic, &id, &title.to_string());
        self.end(Reason::Panic, ctx);
    }

    /// The one line of log about a panic.
    fn tell_of(&self, panic: &Panic, id: &str, what: &str) {
        log::error!("a panic in {} at {what}: {panic} (Socket.IO's id is {id})", self.identity);
    }
}

/// The beginning of an event's name, kept in case of a panic. Costs no memory of its own, as each event has one.
#[derive(Clone, Copy)]
struct Title {
    bytes: [u8; 32],
    len: usize,
}

impl Title {
    fn of(name: &str) -> Self {
        let mut title = Self { bytes: [0; 32], len: name.len().min(32) };
        title.bytes[..title.len].copy_from_slice(&name.as_bytes()[..title.len]);
        title
    }
}

impl fmt::Display for Title {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        String::from_utf8_lossy(&self.bytes[..self.len]).escape_debug().fmt(f)
    }
}
