//! The application's side of a session: clients join namespaces, speak, and leave.
use std::fmt;

use actix::prelude::*;
use futures_util::future::LocalBoxFuture;

use super::{Session, deliver::Questions};
use crate::{
    panics::{Panic, catch, caught},
    protocol::{
        engine::{Frame, Sid},
        socketio::{AckId, Event, Stay, connected, disconnected, refused},
    },
    socket::{Admission, Client, Connect, Deliver, Packet, Port, Reason},
};

/// A client in a namespace, or one that asked to be let in.
pub(super) struct Participant {
    pub stay: Stay,
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
        stay: Stay,
        namespace: &str,
        auth: Option<&str>,
        ctx: &mut Context<Session>,
    ) -> bool {
        let id = Sid::random().to_string();
        let budget = self.budget.clone();
        let pending_ping = self.pending_ping.clone();
        let port =
            Port::of_stay(id.clone(), self.identity.number, stay, ctx.address().recipient(), budget, pending_ping);
        let Some(socket_io) = self.socket_io() else { return true };
        socket_io.participants.push(Participant {
            stay,
            id,
            client: None,
            held: vec![],
            questions: Questions::default(),
        });
        let handshake = socket_io.handshake.clone();
        let connect = Connect { namespace: namespace.into(), auth: auth.map(str::to_owned), handshake, port };
        let application = socket_io.application.clone();
        let title = Title::of("connect");
        match catch(|| application.connect(connect)) {
            Ok(admission) => self
                .work(stay, title, admission, ctx, move |session, admission, ctx| session.admit(stay, admission, ctx)),
            Err(panic) => self.panicked(stay, &title, &panic, ctx),
        }
        false
    }

    /// Lets a future of the application run. The session outlives it.
    fn work<T: 'static>(
        &mut self,
        stay: Stay,
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
                Err(panic) => session.panicked(stay, &title, &panic, ctx),
            }
            session.settle(ctx);
            session.finish(ctx);
            session.settle_rest();
            session.stop_at_rest(ctx);
        }));
    }

    fn admit(&mut self, stay: Stay, admission: Admission, ctx: &mut Context<Session>) {
        if let Some(reason) = self.life.over() {
            return if let Admission::Accepted { mut client, .. } = admission {
                self.tell_left("", &mut client, reason)
            };
        }
        match admission {
            Admission::Accepted { client, opening } => self.welcome(stay, client, opening, ctx),
            Admission::Dismissed { packets } => {
                self.reply(stay, connected, ctx);
                self.say_all(packets, ctx);
                self.dismiss(stay, Reason::NotAdmitted, ctx);
            }
            Admission::Refused { message } => {
                self.reply(stay, |namespace, _| refused(namespace, &message), ctx);
                self.remove_client(stay, Reason::NotAdmitted);
            }
            Admission::Later => self.end(Reason::Unavailable, ctx),
        }
        self.resume(stay, ctx);
    }

    fn welcome(&mut self, stay: Stay, client: Box<dyn Client>, opening: Vec<Packet>, ctx: &mut Context<Session>) {
        let options = &self.mount.server.options;
        let pause = options.connect_pause;
        self.inflow.set_max_payload(options.max_payload);
        self.reply(stay, connected, ctx);
        if let (Some(wire), false) = (self.carrier.wire(), pause.is_zero()) {
            wire.outbound.pause(pause);
        }
        self.say_all(opening, ctx);
        let Some(socket_io) = self.socket_io() else { return };
        socket_io.removed_for = None;
        socket_io.namespaces.admit(stay);
        let Some(participant) = socket_io.participant(stay) else { return };
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
        stay: Stay,
        text: impl FnOnce(&str, &str) -> T,
        ctx: &mut Context<Session>,
    ) {
        let Some(socket_io) = self.socket_io() else { return };
        let Some(namespace) = socket_io.namespaces.name(stay).cloned() else { return };
        let Some(participant) = socket_io.participant(stay) else { return };
        let text = text(&namespace, &participant.id).into();
        self.say(Frame::Text(text), ctx);
    }

    fn say_all(&mut self, packets: Vec<Packet>, ctx: &mut Context<Session>) {
        for frame in packets.into_iter().flat_map(Packet::into_frames) {
            self.say(frame, ctx);
        }
    }

    /// The client said something. True if nothing is left to do for it.
    pub(super) fn event(&mut self, stay: Stay, event: Event, ctx: &mut Context<Session>) -> bool {
        let participant = self.socket_io().and_then(|socket_io| socket_io.participant(stay));
        let Some(client) = participant.and_then(|participant| participant.client.as_mut()) else { return true };
        let title = Title::of(event.name());
        match catch(|| client.event(event)) {
            Ok(None) => true,
            Ok(Some(work)) => {
                if let Some(socket_io) = self.socket_io() {
                    socket_io.namespaces.hold(stay);
                }
                self.work(stay, title, work, ctx, move |session, (), ctx| session.resume(stay, ctx));
                false
            }
            Err(panic) => {
                self.panicked(stay, &title, &panic, ctx);
                true
            }
        }
    }

    /// The client answered a question.
    pub(super) fn answer(&mut self, stay: Stay, id: AckId, answer: Event) {
        if let Some(participant) = self.socket_io().and_then(|socket_io| socket_io.participant(stay)) {
            participant.questions.answer(id, answer);
        }
    }

    /// The server takes the client out of the namespace. If that was all that it had, the connection will end for `why`.
    pub(super) fn dismiss(&mut self, stay: Stay, why: Reason, ctx: &mut Context<Session>) {
        self.reply(stay, |namespace, _| disconnected(namespace), ctx);
        self.remove_client(stay, why);
    }

    fn remove_client(&mut self, stay: Stay, why: Reason) {
        self.leave(stay, Reason::ServerDisconnect);
        self.end_stay(stay);
        if let Some(socket_io) = self.socket_io() {
            socket_io.removed_for = Some(why);
        }
    }

    /// The client is gone from its namespace.
    pub(super) fn leave(&mut self, stay: Stay, reason: Reason) {
        let Some(participant) = self.socket_io().and_then(|socket_io| socket_io.remove_participant(stay)) else {
            return;
        };
        self.forget(participant, reason);
    }

    /// The client is gone from all namespaces.
    pub(super) fn leave_all(&mut self, reason: Reason) {
        let participants =
            self.socket_io().map(|socket_io| std::mem::take(&mut socket_io.participants)).unwrap_or_default();
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
    fn panicked(&mut self, stay: Stay, title: &Title, panic: &Panic, ctx: &mut Context<Session>) {
        let participant = self.socket_io().and_then(|socket_io| socket_io.participant(stay));
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
