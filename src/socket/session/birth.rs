//! How a session begins.
use std::{sync::Arc, time::Instant};

use actix::prelude::*;
use futures_util::FutureExt;

use super::{Mount, Session, Wire, cost, identity::Identity, life::Life, namespaces::ServiceState, wire::Carrier};
use crate::{
    panics::{Panic, caught},
    protocol::engine::{Connection, Frame, Sid, Transport, opening},
    socket::{
        Bounds, Budget, Handshake, endpoint::Service, inflow::Inflow, mount::Enrolled, pending_ping::PendingPing,
        server_state::Slot,
    },
};

/// A session that was just opened.
pub struct Opened {
    /// The session.
    pub session: Addr<Session>,
    /// The packet that opens the connection, if it polls.
    pub opening: Option<Frame>,
    /// The WebSocket, if there is one; the opening waits in it.
    pub wire: Option<Wire>,
}

impl Session {
    /// Opens a session on the worker that this runs on.
    pub fn open(mount: &Arc<Mount>, slot: Slot, handshake: Handshake, transport: Transport) -> Opened {
        let sid = Sid::random();
        let options = &mount.server.options;
        let bounds = mount.server.bounds();
        let interval = options.ping_interval;
        let timeout = options.ping_timeout;
        let mut session = Session::new(mount, sid, slot, handshake, transport, bounds);
        let identity = session.identity.clone();
        let opening = opening(sid, transport, interval, timeout, options.max_payload);
        let (opening, wire) = match transport {
            Transport::Polling => (Some(opening), None),
            Transport::WebSocket => (None, Some(session.begin_on_websocket(opening))),
        };
        let mut ctx = Context::new();
        ctx.set_mailbox_capacity(bounds.mailbox_capacity);
        let address = ctx.address();
        let inflow = session.inflow.clone();
        let budget = session.budget.clone();
        mount.sessions.insert(sid, Enrolled { session: address.clone(), inflow, budget });
        let life = caught(ctx.into_future(session));
        actix_rt::spawn(life.map(move |end| end.unwrap_or_else(|panic| tell_of(&panic, &identity))));
        Opened { session: address, opening, wire }
    }

    fn new(
        mount: &Arc<Mount>,
        sid: Sid,
        slot: Slot,
        handshake: Handshake,
        transport: Transport,
        bounds: Bounds,
    ) -> Session {
        let now = Instant::now();
        let server = &mount.server;
        let options = &server.options;
        let number = server.stats.begin(transport);
        Session {
            mount: mount.clone(),
            sid,
            identity: Identity::new(number, handshake.peer, now),
            slot: Some(slot),
            connection: Connection::new(transport, server.timing(), now),
            service: ServiceState::new(&mount.service, handshake, options.connect_timeout, now),
            inflow: Arc::new(Inflow::new(bounds.mailbox_capacity, max_payload(mount), server.stats.clone())),
            budget: Arc::new(Budget::new(bounds.outbound_bytes)),
            pending_ping: Arc::new(PendingPing::none(now)),
            carrier: Carrier::Polling { probe: None },
            lines: 0,
            poll: None,
            post: None,
            alarm: None,
            running: 0,
            awaiting_rest: vec![],
            life: Life::Open,
            _running: server.running.token(),
        }
    }

    fn begin_on_websocket(&mut self, opening: Frame) -> Wire {
        let wire = self.new_wire();
        self.budget.charge(cost(&opening));
        wire.outbound.push(opening);
        self.carrier = Carrier::WebSocket(wire.clone());
        wire
    }
}

/// A panic that is nobody's but the session's own. What the session held goes with it.
fn tell_of(panic: &Panic, identity: &Identity) {
    log::error!("a panic ends {identity}: {panic}");
}

/// What a client may send at first. Engine.IO alone knows no joining, so there is nothing to wait for.
fn max_payload(mount: &Mount) -> usize {
    let options = &mount.server.options;
    match (&mount.service, options.max_payload_before_connect) {
        (Service::SocketIo(_), Some(before)) => before.min(options.max_payload),
        _ => options.max_payload,
    }
}
