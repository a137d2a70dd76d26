//! What carries a session, and one WebSocket as the session knows it.
use std::{mem, sync::Arc};

use crate::socket::{inflow::Inflow, outbound::Outbound};

/// Which of a session's WebSockets: an upgrade may be tried more than once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line(pub u32);

/// What a session and the pump and feeder of one of its WebSockets share.
#[derive(Clone)]
pub struct Wire {
    pub line: Line,
    pub outbound: Arc<Outbound>,
    pub inflow: Arc<Inflow>,
}

/// What carries a connection.
pub(super) enum Carrier {
    /// Requests, and the WebSocket that is about to take over, if there is one.
    Polling { probe: Option<Wire> },
    /// A WebSocket.
    WebSocket(Wire),
    /// Nothing any more.
    Gone,
}

impl Carrier {
    /// The WebSocket that carries the connection.
    pub(super) fn wire(&self) -> Option<&Wire> {
        match self {
            Carrier::WebSocket(wire) => Some(wire),
            Carrier::Polling { .. } | Carrier::Gone => None,
        }
    }

    /// The WebSocket that is about to.
    pub(super) fn probe(&self) -> Option<&Wire> {
        match self {
            Carrier::Polling { probe } => probe.as_ref(),
            Carrier::WebSocket(_) | Carrier::Gone => None,
        }
    }

    /// A WebSocket opened that may take over.
    pub(super) fn begin_upgrade(&mut self, wire: Wire) {
        *self = Carrier::Polling { probe: Some(wire) };
    }

    /// It takes over.
    pub(super) fn upgrade(&mut self) {
        if let Carrier::Polling { probe: Some(wire) } = mem::replace(self, Carrier::Gone) {
            *self = Carrier::WebSocket(wire);
        }
    }

    /// It does not, and is given back to be ended.
    pub(super) fn abandon_upgrade(&mut self) -> Option<Wire> {
        match self {
            Carrier::Polling { probe } => probe.take(),
            Carrier::WebSocket(_) | Carrier::Gone => None,
        }
    }

    /// Nothing carries the connection any more; what there is of WebSockets is given back to be ended.
    pub(super) fn end(&mut self) -> Option<Wire> {
        match mem::replace(self, Carrier::Gone) {
            Carrier::Polling { probe } => probe,
            Carrier::WebSocket(wire) => Some(wire),
            Carrier::Gone => None,
        }
    }
}
