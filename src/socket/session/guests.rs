//! The application's side of a session: clients join namespaces, speak, and leave.
use std::{
    any::Any,
    panic::{AssertUnwindSafe, catch_unwind},
};

use actix::prelude::*;
use futures_util::{FutureExt, future::LocalBoxFuture};

use super::{Session, deliver::Questions};
use crate::{
    protocol::{
        engine::{Frame, Sid},
        socketio::{AckId, Event, Seat, connected, disconnected, refused},
    },
    socket::{Admission, Client, Connect, Deliver, Packet, Port, Reason},
};

/// A client in a namespace, or one that asked to be let in.
pub(super) struct Guest {
    pub seat: Seat,
    /// The Socket.IO sid.
    id: String,
    /// `None` until the application lets it in.
    pub client: Option<Box<dyn Client>>,
    /// What the application said to it before that.
    pub held: Vec<Deliver>,
    pub questions: Questions,
}

/// What a future of the application came to, if it did not panic.
type Outcome<T> = Result<T, Box<dyn Any + Send>>;

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
        let (budget, pulse) = (self.budget.clone(), self.pulse.clone());
        let port = Port::seated(id.clone(), seat, ctx.address().recipient(), budget, pulse);
        let Some(talk) = self.socket_io() else { return true };
        talk.guests.push(Guest { seat, id, client: None, held: vec![], questions: Questions::default() });
        let handshake = talk.handshake.clone();
        let connect = Connect { namespace: namespace.into(), auth: auth.map(str::to_owned), handshake, port };
        let application = talk.application.clone();
        match catch_unwind(AssertUnwindSafe(|| application.connect(connect))) {
            Ok(admission) => {
                self.work(admission, ctx, move |session, admission, ctx| session.admit(seat, admission, ctx))
            }
            Err(_) => self.panicked(ctx),
        }
        false
    }

    /// Lets a future of the application run. The session outlives it.
    fn work<T: 'static>(
        &mut self,
        work: LocalBoxFuture<'static, T>,
        ctx: &mut Context<Session>,
        then: impl FnOnce(&mut Session, T, &mut Context<Session>) + 'static,
    ) {
        self.running += 1;
        let work = AssertUnwindSafe(work).catch_unwind().into_actor(self);
        ctx.spawn(work.map(move |outcome: Outcome<T>, session, ctx| {
            session.running -= 1;
            match outcome {
                Ok(outcome) => then(session, outcome, ctx),
                Err(_) => session.panicked(ctx),
            }
            session.settle(ctx);
            session.finish(ctx);
            session.settle_hush();
            if session.retired {
                session.retire(ctx);
            }
        }));
    }

    fn admit(&mut self, seat: Seat, admission: Admission, ctx: &mut Context<Session>) {
        if let Some(ended) = &self.ended {
            let reason = ended.reason;
            return if let Admission::Accepted { mut client, .. } = admission {
                take_leave(&mut client, reason)
            };
        }
        match admission {
            Admission::Accepted { client, opening } => self.welcome(seat, client, opening, ctx),
            Admission::Dismissed { farewell } => {
                self.reply(seat, connected, ctx);
                self.say_all(farewell, ctx);
                self.dismiss(seat, ctx);
            }
            Admission::Refused { message } => {
                self.reply(seat, |namespace, _| refused(namespace, &message), ctx);
                self.leave(seat, Reason::ServerDisconnect);
                self.unseat(seat);
            }
            Admission::Later => self.end(Reason::Forced, ctx),
        }
        self.resume(seat, ctx);
    }

    fn welcome(&mut self, seat: Seat, client: Box<dyn Client>, opening: Vec<Packet>, ctx: &mut Context<Session>) {
        let options = &self.mount.house.options;
        let pause = options.connect_pause;
        self.inflow.set_max_payload(options.max_payload);
        self.reply(seat, connected, ctx);
        if let (Some(wire), false) = (&self.wire, pause.is_zero()) {
            wire.outbound.pause(pause);
        }
        self.say_all(opening, ctx);
        let Some(talk) = self.socket_io() else { return };
        talk.namespaces.admit(seat);
        let Some(guest) = talk.guest(seat) else { return };
        guest.client = Some(client);
        for deliver in std::mem::take(&mut guest.held) {
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
        let Some(guest) = talk.guest(seat) else { return };
        let text = text(&namespace, &guest.id).into();
        self.say(Frame::Text(text), ctx);
    }

    fn say_all(&mut self, packets: Vec<Packet>, ctx: &mut Context<Session>) {
        for frame in packets.iter().flat_map(Packet::frames) {
            self.say(frame, ctx);
        }
    }

    /// The client said something. True if nothing is left to do for it.
    pub(super) fn event(&mut self, seat: Seat, event: Event, ctx: &mut Context<Session>) -> bool {
        let guest = self.socket_io().and_then(|talk| talk.guest(seat));
        let Some(client) = guest.and_then(|guest| guest.client.as_mut()) else { return true };
        match catch_unwind(AssertUnwindSafe(|| client.event(event))) {
            Ok(None) => true,
            Ok(Some(work)) => {
                if let Some(talk) = self.socket_io() {
                    talk.namespaces.hold(seat);
                }
                self.work(work, ctx, move |session, (), ctx| session.resume(seat, ctx));
                false
            }
            Err(_) => {
                self.panicked(ctx);
                true
            }
        }
    }

    /// The client answered a question.
    pub(super) fn answer(&mut self, seat: Seat, id: AckId, answer: Event) {
        if let Some(guest) = self.socket_io().and_then(|talk| talk.guest(seat)) {
            guest.questions.answer(id, answer);
        }
    }

    /// The server takes the client out of the namespace.
    pub(super) fn dismiss(&mut self, seat: Seat, ctx: &mut Context<Session>) {
        self.reply(seat, |namespace, _| disconnected(namespace), ctx);
        self.leave(seat, Reason::ServerDisconnect);
        self.unseat(seat);
    }

    /// The client is gone from its namespace.
    pub(super) fn leave(&mut self, seat: Seat, reason: Reason) {
        let Some(guest) = self.socket_io().and_then(|talk| talk.remove_guest(seat)) else { return };
        self.bid_farewell(guest, reason);
    }

    /// The client is gone from all namespaces.
    pub(super) fn leave_all(&mut self, reason: Reason) {
        let guests = self.socket_io().map(|talk| std::mem::take(&mut talk.guests)).unwrap_or_default();
        for guest in guests {
            self.bid_farewell(guest, reason);
        }
    }

    fn bid_farewell(&mut self, guest: Guest, reason: Reason) {
        for packet in guest.held.iter().filter_map(Deliver::packet) {
            self.budget.discharge(packet.cost());
        }
        if let Some(mut client) = guest.client {
            take_leave(&mut client, reason);
        }
    }

    /// One handler's fault ends one connection. What the panic said has been printed by the panic hook.
    fn panicked(&mut self, ctx: &mut Context<Session>) {
        log::error!("a handler panicked; its connection is closed");
        self.end(Reason::Forced, ctx);
    }
}

fn take_leave(client: &mut Box<dyn Client>, reason: Reason) {
    if catch_unwind(AssertUnwindSafe(|| client.left(reason))).is_err() {
        log::error!("a handler panicked as its client left");
    }
}
