//! How a session begins.
use std::{sync::Arc, time::Instant};

use actix::prelude::*;

use super::{Session, Wire, cost, namespaces::Talk};
use crate::{
    protocol::engine::{Connection, Frame, Sid, Transport, opening},
    socket::{
        Bounds, Budget, Handshake,
        endpoint::Service,
        house::{Enrolled, Mount, Place},
        inflow::Inflow,
        pulse::Pulse,
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
    pub fn open(mount: &Arc<Mount>, place: Place, handshake: Handshake, transport: Transport) -> Opened {
        let sid = Sid::random();
        let (options, bounds) = (&mount.house.options, mount.house.bounds());
        let (interval, timeout) = (options.ping_interval, options.ping_timeout);
        let mut session = Session::new(mount, sid, place, handshake, transport, bounds);
        let opening = opening(sid, transport, interval, timeout, options.max_payload);
        let (opening, wire) = match transport {
            Transport::Polling => (Some(opening), None),
            Transport::WebSocket => (None, Some(session.begin_on_websocket(opening))),
        };
        let session = Session::create(|ctx| {
            ctx.set_mailbox_capacity(bounds.mailbox_capacity);
            let (inflow, budget) = (session.inflow.clone(), session.budget.clone());
            mount.sessions.insert(sid, Enrolled { session: ctx.address(), inflow, budget });
            session
        });
        Opened { session, opening, wire }
    }

    fn new(
        mount: &Arc<Mount>,
        sid: Sid,
        place: Place,
        handshake: Handshake,
        transport: Transport,
        bounds: Bounds,
    ) -> Session {
        let now = Instant::now();
        let house = &mount.house;
        let options = &house.options;
        house.stats.begin(transport);
        Session {
            mount: mount.clone(),
            sid,
            place: Some(place),
            connection: Connection::new(transport, house.timing(), now),
            talk: Talk::new(&mount.service, handshake, options.connect_timeout, now),
            inflow: Arc::new(Inflow::new(bounds.mailbox_capacity, max_payload(mount), house.stats.clone())),
            budget: Arc::new(Budget::new(bounds.outbound_bytes)),
            pulse: Arc::new(Pulse::begin(now)),
            wire: None,
            probe: None,
            lines: 0,
            poll: None,
            post: None,
            alarm: None,
            running: 0,
            hushed: None,
            doomed: None,
            ended: None,
            retired: false,
            _stay: house.stays.begin(),
        }
    }

    fn begin_on_websocket(&mut self, opening: Frame) -> Wire {
        let wire = self.new_wire();
        self.budget.charge(cost(&opening));
        wire.outbound.push(opening);
        self.wire = Some(wire.clone());
        wire
    }
}

/// What a client may send at first. Engine.IO alone knows no joining, so there is nothing to wait for.
fn max_payload(mount: &Mount) -> usize {
    let options = &mount.house.options;
    match (&mount.service, options.max_payload_before_connect) {
        (Service::SocketIo(_), Some(before)) => before.min(options.max_payload),
        _ => options.max_payload,
    }
}
